"""Values of lists: the window of rows that is requested, and their order."""

from dataclasses import dataclass
from typing import Final, NamedTuple

from servicehost.contract.scalars import Guid

LAST_ID: Final = Guid("ffffffff-ffff-ffff-ffff-ffffffffffff")
"""The greatest id: the cursor of the first page of a list in descending order of ids."""


class Sort(NamedTuple):
    """The order of a list.

    Attributes:
        field: index of the field that it is sorted by; 0 is the list's own order.
        descending: whether the greatest value comes first.
    """

    field: int = 0
    descending: bool = False


OWN_ORDER: Final = Sort()
"""The order of a list whose request names no other; it may well be newest first."""


@dataclass(frozen=True, slots=True)
class Window:
    """The rows of a list that are requested.

    Attributes:
        size: rows at most.
        after: the id of the row after which they begin; None for the beginning of the list.
        offset: rows to skip before them.
        whole: all rows are requested; a list that goes on after `size` rows is refused.
        sort: the order of the list; only one that the list offers.
    """

    size: int
    after: Guid | None = None
    offset: int = 0
    whole: bool = False
    sort: Sort = OWN_ORDER

    @property
    def limit(self) -> int:
        """Rows to read: one more than requested, which tells whether the list goes on."""
        return self.size + 1

    @property
    def is_first(self) -> bool:
        """Whether it begins with the list."""
        return self.after is None and self.offset == 0


__all__ = ["LAST_ID", "OWN_ORDER", "Sort", "Window"]
