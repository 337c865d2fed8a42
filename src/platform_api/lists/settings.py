"""Settings of lists."""

from collections.abc import Iterator
from typing import Annotated

from platform_api.foundation.settings import Positive, Section, about


class PageLimits(Section, frozen=True, kw_only=True):
    """How long lists and their pages may be.

    Attributes:
        deepest: rows before a page that is asked for by its number, at most.
    """

    default_page: Annotated[Positive, about("lists.page_size", "Rows of a page when the request does not say.")] = 50
    largest_page: Annotated[Positive, about("lists.page_size_limit", "Rows of a page at most.")] = 500
    whole_list: Annotated[Positive, about("lists.unpaged_limit", "Rows of an answer without pages at most.")] = 10_000
    deepest: int = 100_000

    def contradictions(self) -> Iterator[str]:
        """The usual page must be possible."""
        if self.default_page > self.largest_page:
            yield "lists.page_size is more than lists.page_size_limit; lower the one or raise the other."


__all__ = ["PageLimits"]
