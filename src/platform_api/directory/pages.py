"""Pages of connections and requests: which rows are wanted."""

from collections.abc import Sequence
from dataclasses import dataclass

from servicehost.contract.scalars import Guid


@dataclass(frozen=True, slots=True)
class RequestPage:
    """Which requests are wanted.

    Attributes:
        types: codes of contact types of the other contact; empty for all.
        include_ignored: whether those with the private mark are listed.
        after: the request after which the page begins.
        size: rows of the page.
    """

    types: Sequence[str]
    include_ignored: bool
    after: Guid | None
    size: int


@dataclass(frozen=True, slots=True)
class ConnectionPage:
    """Which connections are wanted.

    Attributes:
        include_removed: whether removed ones are listed.
        after: the connection after which the page begins.
        size: rows of the page.
        offset: rows before the page.
    """

    include_removed: bool
    after: Guid | None
    size: int
    offset: int


__all__ = ["ConnectionPage", "RequestPage"]
