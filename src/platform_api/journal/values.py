"""The values of the journal."""

from dataclasses import dataclass
from datetime import datetime

from servicehost.contract.scalars import Guid


@dataclass(frozen=True, slots=True)
class Entry:
    """One act, as whoever does it writes it down.

    Attributes:
        subject_kind: what it happened to (`request`, `connection`, `contact`...).
        subject_id: which of them.
        act: the code of what was done; an enumeration of the capability that does it.
        person: contact of the person who did it; None for the clock and for strangers.
        acted_for: the contact that the person acted for; mostly the person itself.
        before: the subject's state before, as its code; None if there was none.
        after: its state after.
    """

    subject_kind: str
    subject_id: Guid
    act: str
    person: Guid | None = None
    acted_for: Guid | None = None
    before: str | None = None
    after: str | None = None


@dataclass(frozen=True, slots=True)
class Recorded:
    """An entry as the journal keeps it.

    Attributes:
        entry: what was written down.
        at: the time of its transaction.
        position: its place in the order in which readers see entries; None until the sequencer gave it one.
    """

    entry: Entry
    at: datetime
    position: int | None


__all__ = ["Entry", "Recorded"]
