"""The signing keys of an installation: a folder with one file for each key, the same on all of its nodes.

A key is announced before it signs, so that every node has it by then; it verifies until it is pruned. Rotate with
`platform-api keys rotate`, then copy the folder to the other nodes before the new key's time has come.
"""

import base64
import binascii
import contextlib
import os
import secrets
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path

from servicehost.security.keys import SECRET_LENGTH, KeyRing, SigningKey

ANNOUNCED = timedelta(minutes=5)
"""How long a new key waits before it signs."""

KEPT = timedelta(days=60)
"""How long a key verifies after another took its place: longer than anything signed with it lives."""

KEY_ID_LENGTH = 4
"""Bytes of a key's id; written as hexadecimal digits."""

LASTING_SECRET = "lasting-secret"  # noqa: S105 - the name of a file
"""Name of the file of `lasting_secret`."""

_SUFFIX = ".key"
_SETTLED = 1_000_000_000
_FOR_OWNER_ONLY = 0o600
_OTHERS = 0o077


class UnusableKey(RuntimeError):
    """The folder of the keys cannot be used; says which file and what to do."""


@dataclass(frozen=True)
class StoredKey:
    """A key as its file holds it: `since` is when it begins to sign."""

    id: str
    secret: bytes = field(repr=False)
    since: datetime

    @classmethod
    def new(cls, since: datetime) -> "StoredKey":
        """A random key that begins to sign then."""
        return cls(secrets.token_hex(KEY_ID_LENGTH), secrets.token_bytes(SECRET_LENGTH), since)


def utc_now() -> datetime:
    """The time now."""
    return datetime.now(UTC)


class KeyFolder:
    """The key ring in a folder: called, it gives the ring as it is now, also after another process rotated it."""

    def __init__(self, path: Path, clock: Callable[[], datetime] = utc_now) -> None:
        self.path = path
        self._clock = clock
        self._read_at: int | None = None
        self._keys: tuple[StoredKey, ...] = ()

    @classmethod
    def open(cls, path: Path, clock: Callable[[], datetime] = utc_now) -> "KeyFolder":
        """The folder at `path`, made with a first key if there is none.

        Raises:
            UnusableKey: a file is unreadable, or others than its owner may read it.
        """
        path.mkdir(mode=0o700, parents=True, exist_ok=True)
        folder = cls(path, clock)
        if not _files(path):
            write(path, StoredKey.new(clock()))
        folder()
        return folder

    def __call__(self) -> KeyRing:
        """The ring as it is now.

        Raises:
            UnusableKey: there is no key, one is unreadable, or others than its owner may read it.
        """
        changed_at = self.path.stat().st_mtime_ns
        if changed_at != self._read_at:
            self._keys = read(self.path)
            # A folder that changed this very moment may change again without showing it.
            self._read_at = changed_at if changed_at < time.time_ns() - _SETTLED else None
        return ring(self._keys, self._clock())

    def rotate(self, announced: timedelta = ANNOUNCED, kept: timedelta = KEPT) -> StoredKey:
        """Add a key that begins to sign after `announced`, and prune those that stopped signing `kept` ago.

        Returns:
            The new key. With `announced` and `kept` of nothing, everything that was signed before is void at once.
        """
        now = self._clock()
        new = StoredKey.new(now + announced)
        for old in superseded(read(self.path), now, kept, by=new):
            (self.path / f"{old.id}{_SUFFIX}").unlink()
        write(self.path, new)
        return new


def lasting_secret(path: Path) -> bytes:
    """The secret of keyed hashes that must be found again for ever, made if there is none; rotation leaves it alone."""
    file = path / LASTING_SECRET
    if not file.exists():
        partial = path / f"{LASTING_SECRET}.{secrets.token_hex(KEY_ID_LENGTH)}"
        with os.fdopen(os.open(partial, os.O_WRONLY | os.O_CREAT | os.O_EXCL, _FOR_OWNER_ONLY), "wb") as made:
            made.write(secrets.token_bytes(SECRET_LENGTH))
            made.flush()
            os.fsync(made.fileno())
        with contextlib.suppress(FileExistsError):
            os.link(partial, file)
        partial.unlink()
    return file.read_bytes()


def ring(keys: tuple[StoredKey, ...], now: datetime) -> KeyRing:
    """The ring of these keys: the newest whose time has come signs, all of them verify."""
    signing = [key for key in keys if key.since <= now] or keys[-1:]
    waiting = [key for key in keys if key not in signing]
    return KeyRing(tuple(SigningKey(key.id, key.secret) for key in (*signing, *waiting)))


def superseded(keys: tuple[StoredKey, ...], now: datetime, kept: timedelta, *, by: StoredKey) -> list[StoredKey]:
    """The keys that another one replaced at least `kept` ago, once there is the key `by`."""
    newest_first = (by, *keys)
    return [key for newer, key in zip(newest_first, keys, strict=False) if newer.since + kept <= now]


def read(path: Path) -> tuple[StoredKey, ...]:
    """The keys of a folder, the newest first.

    Raises:
        UnusableKey: there is none, one is unreadable, or others than its owner may read it.
    """
    found = [_read(file) for file in _files(path)]
    if not found:
        raise UnusableKey(f"There is no key in {path}. Restore the folder, or remove it to begin with a new key.")
    return tuple(sorted(found, key=lambda key: (key.since, key.id), reverse=True))


def write(path: Path, key: StoredKey) -> None:
    """Keep a key in a folder, readable by its owner only; other processes see it whole or not at all."""
    text = f"since: {key.since.isoformat()}\nsecret: {base64.b64encode(key.secret).decode()}\n"
    partial = path / f"{key.id}.partial"
    descriptor = os.open(partial, os.O_WRONLY | os.O_CREAT | os.O_EXCL, _FOR_OWNER_ONLY)
    with os.fdopen(descriptor, "w", encoding="ascii") as file:
        file.write(text)
        file.flush()
        os.fsync(file.fileno())
    partial.rename(path / f"{key.id}{_SUFFIX}")


def _files(path: Path) -> list[Path]:
    return sorted(path.glob(f"*{_SUFFIX}"))


def _read(file: Path) -> StoredKey:
    if file.stat().st_mode & _OTHERS:
        raise UnusableKey(f"Others may read {file}. Run chmod 600 on it, and rotate the keys if somebody did.")
    lines = dict(line.split(": ", 1) for line in file.read_text("ascii").splitlines() if ": " in line)
    with contextlib.suppress(KeyError, ValueError, binascii.Error):
        secret = base64.b64decode(lines["secret"], validate=True)
        since = datetime.fromisoformat(lines["since"])
        if len(secret) == SECRET_LENGTH and since.tzinfo is not None and len(bytes.fromhex(file.stem)) == KEY_ID_LENGTH:
            return StoredKey(file.stem, secret, since)
    raise UnusableKey(f"{file} is no key. Restore it from a copy, or remove it: what it signed is then void.")


__all__ = [
    "ANNOUNCED",
    "KEPT",
    "KEY_ID_LENGTH",
    "LASTING_SECRET",
    "KeyFolder",
    "StoredKey",
    "UnusableKey",
    "lasting_secret",
    "read",
    "ring",
    "superseded",
    "utc_now",
    "write",
]
