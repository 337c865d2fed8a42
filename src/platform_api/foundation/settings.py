"""Declaration of settings: a frozen struct in the package that uses the values."""

from collections.abc import Iterator
from typing import Annotated

import msgspec
from msgspec import Meta


class Section(msgspec.Struct, frozen=True, kw_only=True):
    """Settings of one package, each with its default, which is declared nowhere else.

    A member with a description (`about`) can be set in a file, in the environment and on the command line. A member
    without one is a constant that tests replace.
    """

    def contradictions(self) -> Iterator[str]:
        """A sentence for each pair of values that contradict each other, with what to change."""
        yield from ()


def about(key: str, description: str, *, secret: bool = False) -> Meta:
    """Declares a setting.

    Args:
        key: the name in files and flags: a table and a name in it, such as `mail.host`.
        description: a sentence for the list of settings.
        secret: whether its value is masked wherever settings are shown.
    """
    return Meta(description=description, extra={"key": key, "secret": secret})


Limit = Annotated[int, Meta(ge=0)] | None
"""A limit; None, written `unlimited`, means no limit."""

Positive = Annotated[int, Meta(ge=1)]
Text = Annotated[str, Meta(min_length=1)]
Port = Annotated[int, Meta(ge=0, le=65535)]
Origin = Annotated[str, Meta(pattern=r"^https?://[^/\s]+$", title="an origin such as https://example.com")]

__all__ = ["Limit", "Origin", "Port", "Positive", "Section", "Text", "about"]
