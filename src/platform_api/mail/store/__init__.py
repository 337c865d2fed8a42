"""SQL of the mail package: letters, suppressed addresses, the built-in mailbox."""

from platform_api.mail.store.held import count_held, drop_held, hold, release_held
from platform_api.mail.store.letters import (
    LETTERS,
    add,
    drop,
    erase_addresses,
    of_subjects,
    purge_addresses,
    replace_waiting,
    repoint,
)
from platform_api.mail.store.mailbox import (
    add_message,
    count_messages,
    empty_mailbox,
    get_message,
    purge_mailbox,
    summaries,
)
from platform_api.mail.store.suppressions import is_suppressed, suppress
from platform_api.mail.store.waiting import unfinished_letters

__all__ = [
    "LETTERS",
    "add",
    "add_message",
    "count_held",
    "count_messages",
    "drop",
    "drop_held",
    "empty_mailbox",
    "erase_addresses",
    "get_message",
    "hold",
    "is_suppressed",
    "of_subjects",
    "purge_addresses",
    "purge_mailbox",
    "release_held",
    "replace_waiting",
    "repoint",
    "summaries",
    "suppress",
    "unfinished_letters",
]
