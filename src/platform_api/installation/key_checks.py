"""Comparison of the keys of this node with those of the database.

The database has a check of each key, from which the key cannot be found. A node with other keys would reject the links
and tokens of the others, so it does not start.
"""

import hashlib
import hmac
from collections.abc import Mapping
from pathlib import Path

from platform_api.database.transaction import Database, Transaction
from platform_api.foundation.refusals import Refusal
from platform_api.installation import keys, store

_PURPOSE = b"platform-api key check"


class OtherKeys(Refusal):
    """The keys of this node are not those of the database."""

    def __init__(self, path: Path, *, missing: bool) -> None:
        fact = f"There are no keys in {path}" if missing else f"The keys in {path} are not those of the database"
        super().__init__(
            f"{fact}. Copy the folder from another node or from a backup. If the former keys are lost, run platform-api"
            " keys adopt: mailed links stop working, and all users have to sign in again."
        )


async def agree(database: Database, path: Path) -> None:
    """Check the keys in a folder; a first start creates them, and lets the database know them.

    Raises:
        OtherKeys: the database knows other keys. Nothing was created.
        UnusableKey: a file is unreadable, or other users can read it.
    """
    known = await database.read(store.all_checks)
    if known and not keys.has_keys(path):
        raise OtherKeys(path, missing=True)
    own = checks_of(path)

    async def unit(tx: Transaction) -> None:
        if differ(own, await store.all_checks(tx)):
            raise OtherKeys(path, missing=False)
        await store.add_checks(tx, own)

    await database.write(unit)


async def adopt(database: Database, path: Path) -> None:
    """Make the keys in a folder those of the database, creating them if there are none.

    Raises:
        UnusableKey: a file is unreadable, or other users can read it.
    """
    own = checks_of(path)

    async def unit(tx: Transaction) -> None:
        await store.remove_checks(tx)
        await store.add_checks(tx, own)

    await database.write(unit)


def checks_of(path: Path) -> dict[str, str]:
    """Return the check of each key in a folder by its name, creating a first key and the lasting secret if missing."""
    ring = keys.KeyFolder.open(path)()
    secrets = {key.id: key.secret for key in ring.keys} | {keys.LASTING_SECRET: keys.lasting_secret(path)}
    return {name: hmac.new(secret, _PURPOSE, hashlib.sha256).hexdigest() for name, secret in secrets.items()}


def differ(own: Mapping[str, str], known: Mapping[str, str]) -> bool:
    """Whether a key has another value in the database. A key that only one of them has was added or removed by a rotation."""
    return any(known.get(name, value) != value for name, value in own.items())


__all__ = ["OtherKeys", "adopt", "agree", "checks_of", "differ"]
