"""The values of the journal."""

from dataclasses import dataclass
from datetime import datetime

import msgspec

from servicehost.contract.scalars import Guid

MOST_CONTACTS = 2
"""Number of contacts that one entry can concern."""


class Entry(msgspec.Struct, frozen=True, gc=False):
    """One act, as the package that does it records it. A struct, because every act makes one.

    Attributes:
        subject_kind: kind of the subject (`request`, `connection`, `contact`...).
        subject_id: its id.
        act: code of the act; each package has its own enumeration.
        person: contact of the person who did it; None for the clock and for strangers.
        acted_for: the contact that the person acted for; mostly the person itself.
        before: code of the subject's state before the act; None for a new subject.
        after: code of its state afterwards.
        contacts: the contacts that it concerns, at most two: both ends of a request or a connection, a record and its
            keeper, a person and an organisation. Each of them finds it in its feed.

    Raises:
        ValueError: there are more than two contacts.
    """

    subject_kind: str
    subject_id: Guid
    act: str
    person: Guid | None = None
    acted_for: Guid | None = None
    before: str | None = None
    after: str | None = None
    contacts: tuple[Guid, ...] = ()

    def __post_init__(self) -> None:
        if len(self.contacts) > MOST_CONTACTS:
            raise ValueError(f"an entry concerns at most {MOST_CONTACTS} contacts; append one entry for each pair")


@dataclass(frozen=True, slots=True)
class Recorded:
    """An entry as the journal keeps it.

    Attributes:
        entry: the entry.
        at: the time of its transaction.
        position: its place in the order in which readers see entries; None until the sequencer has run.
    """

    entry: Entry
    at: datetime
    position: int | None


__all__ = ["Entry", "Recorded"]
