"""The journal: one entry for each act, written in the transaction of the act.

Entries hold ids and codes and no names, so that a contact can be erased. Readers follow `Recorded.position`.
"""

from platform_api.journal.contacts import erase, merge
from platform_api.journal.store import append, entries_after, entries_concerning, entries_for
from platform_api.journal.values import Entry, Recorded

__all__ = [
    "Entry",
    "Recorded",
    "append",
    "entries_after",
    "entries_concerning",
    "entries_for",
    "erase",
    "merge",
]
