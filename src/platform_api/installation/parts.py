"""The parts that the server and the command line both need, built from the settings."""

from contextlib import AbstractAsyncContextManager

from platform_api.database.sqlite import SqliteDatabase
from platform_api.installation.keys import KeyFolder
from platform_api.installation.settings import Settings
from servicehost.security.passwords import HashCost, Passwords


def open_database(settings: Settings) -> AbstractAsyncContextManager[SqliteDatabase]:
    """The database, until the end of the `async with`."""
    return SqliteDatabase.open(settings.database.path)


def open_keys(settings: Settings) -> KeyFolder:
    """The signing keys, made if there are none.

    Raises:
        UnusableKey: a file is unreadable, or others than its owner may read it.
    """
    return KeyFolder.open(settings.keys.path)


def make_passwords(settings: Settings) -> Passwords:
    """What hashes and verifies passwords; to be closed."""
    sign_in = settings.sign_in
    cost = HashCost(
        memory_kib=sign_in.argon2_memory_kib, rounds=sign_in.argon2_time_cost, lanes=sign_in.argon2_parallelism
    )
    return Passwords(cost, workers=sign_in.argon2_concurrency)


__all__ = ["make_passwords", "open_database", "open_keys"]
