"""Declaration of settings: a frozen struct in the package that uses the values, one for each group of them."""

from collections.abc import Iterator
from typing import Annotated

import msgspec
from msgspec import Meta


class Section(msgspec.Struct, frozen=True, kw_only=True):
    """Settings that one package uses together; each has a default, and it stands here only.

    A member that is described by `about` can be set in a file, the environment and on the command line. A member
    without a description is a constant that tests replace.
    """

    def contradictions(self) -> Iterator[str]:
        """A sentence for each pair of values that contradict each other, with what to change."""
        yield from ()


def about(key: str, description: str, *, secret: bool = False) -> Meta:
    """Declares a setting.

    Args:
        key: its name in files and flags, `mail.host`: a table and a name in it.
        description: a sentence for the list of settings.
        secret: whether its value is masked wherever settings are shown.
    """
    return Meta(description=description, extra={"key": key, "secret": secret})


Limit = Annotated[int, Meta(ge=0)] | None
"""A number that bounds; None, written `unlimited`, bounds nothing."""

Positive = Annotated[int, Meta(ge=1)]
Text = Annotated[str, Meta(min_length=1)]
Port = Annotated[int, Meta(ge=0, le=65535)]
Origin = Annotated[str, Meta(pattern=r"^https?://[^/\s]+$", title="an origin such as https://example.com")]

__all__ = ["Limit", "Origin", "Port", "Positive", "Section", "Text", "about"]
