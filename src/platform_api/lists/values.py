"""Values of lists: the window of rows that is requested."""

from dataclasses import dataclass

from servicehost.contract.scalars import Guid


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


__all__ = ["Window"]
