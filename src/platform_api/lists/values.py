"""Values of lists: limits, and the window of rows that is requested."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Annotated

from platform_api.foundation.settings import Positive, Section, about
from servicehost.contract.scalars import Guid


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


@dataclass(frozen=True, slots=True)
class Window:
    """The rows of a list that are requested.

    Attributes:
        size: rows at most.
        after: the id of the row after which they begin; None for the beginning of the list.
        offset: rows to skip before them.
        whole: all rows are requested; a list that goes on after `size` rows is refused.
    """

    size: int
    after: Guid | None = None
    offset: int = 0
    whole: bool = False

    @property
    def limit(self) -> int:
        """Rows to read: one more than requested, which tells whether the list goes on."""
        return self.size + 1

    @property
    def is_first(self) -> bool:
        """Whether it begins with the list."""
        return self.after is None and self.offset == 0


__all__ = ["PageLimits", "Window"]
