"""Mail: letters are queued in the transaction that causes them, and sent by a worker, at least once.

A *letter* is a queued mail that the platform sends, a *mail* is the rendered message. A package queues letters
with `enqueue` and takes them back with `drop`; its `letters.py` gives a `LetterKind` for each kind, whose `load` reads
the facts and whose `render` composes the `Mail`.
"""

from platform_api.mail.envelope import Sender, UnsafeMail
from platform_api.mail.kinds import LetterKind, LetterKinds, by_name
from platform_api.mail.mail import Button, LetterContext, Mail, TokenMaker
from platform_api.mail.queue import delivery_of, drop, enqueue, erase, merge
from platform_api.mail.store import count_held, drop_held, hold, release_held
from platform_api.mail.text import clean_name, name_or_somebody
from platform_api.mail.values import DeliveryState, DeliveryView, Drop, DropReason, Letter, LetterKey, Wait, Withhold

__all__ = [
    "Button",
    "DeliveryState",
    "DeliveryView",
    "Drop",
    "DropReason",
    "Letter",
    "LetterContext",
    "LetterKey",
    "LetterKind",
    "LetterKinds",
    "Mail",
    "Sender",
    "TokenMaker",
    "UnsafeMail",
    "Wait",
    "Withhold",
    "by_name",
    "clean_name",
    "count_held",
    "delivery_of",
    "drop",
    "drop_held",
    "enqueue",
    "erase",
    "hold",
    "merge",
    "name_or_somebody",
    "release_held",
]
