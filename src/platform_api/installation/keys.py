"""The signing keys of an installation: a folder with one file for each key, the same on all of its nodes.

A key is announced before it signs, so that every node has it by then; it verifies until it is pruned. Rotate with
`platform-api keys rotate`, then copy the folder to the other nodes before the new key's time has come.

A running server goes on with the keys that it has read when the folder can no longer be read, and says so in the log.
"""

import base64
import binascii
import contextlib
import os
import secrets
import time
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import structlog

from platform_api.foundation.refusals import Refusal
from platform_api.foundation.waiting import NO_WAIT, wait_until
from platform_api.installation import private_files
from platform_api.installation.private_files import NotPrivate
from servicehost.security.keys import SECRET_LENGTH, KeyRing, SigningKey

_log = structlog.get_logger(__name__)

ANNOUNCED = timedelta(minutes=5)
"""How long a new key waits before it signs, at most."""

COMPLAINT_EVERY = 60.0
"""Seconds between two log entries about a folder that cannot be read."""

KEPT = timedelta(days=60)
"""How long a key verifies after another took its place: longer than anything signed with it lives."""

KEY_ID_LENGTH = 4
"""Bytes of a key's id; written as hexadecimal digits."""

LASTING_SECRET = "lasting-secret"  # noqa: S105 - the name of a file
"""Name of the file of `lasting_secret`."""

_SUFFIX = ".key"
_SETTLED = 1_000_000_000


class UnusableKey(Refusal):
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
    """The key ring in a folder: called, it gives the ring as it is now, also after another process rotated it.

    Args:
        path: the folder.
        clock: tells which keys' time has come.
        stopwatch: seconds; spaces the log entries about a folder that cannot be read.
    """

    def __init__(
        self, path: Path, clock: Callable[[], datetime] = utc_now, stopwatch: Callable[[], float] = time.monotonic
    ) -> None:
        self.path = path
        self._clock = clock
        self._stopwatch = stopwatch
        self._read_at: int | None = None
        self._keys: tuple[StoredKey, ...] = ()
        self._next_complaint = 0.0

    @classmethod
    def open(cls, path: Path, clock: Callable[[], datetime] = utc_now) -> "KeyFolder":
        """The folder at `path`, made with a first key if there is none.

        Raises:
            UnusableKey: a file is unreadable, or somebody else may read it or write to the folder.
        """
        private_files.make_folder(path)
        folder = cls(path, clock)
        if not _files(path):
            write(path, StoredKey.new(clock()))
        folder._refresh()
        return folder

    def __call__(self) -> KeyRing:
        """The ring as it is now; as it was last read, while the folder cannot be read.

        Raises:
            UnusableKey: it has never been read, and cannot be.
        """
        try:
            self._refresh()
        except (OSError, UnusableKey) as error:
            if not self._keys:
                raise
            self._complain(error)
        return ring(self._keys, self._clock())

    def _refresh(self) -> None:
        changed_at = self.path.stat().st_mtime_ns
        if changed_at != self._read_at:
            self._keys = read(self.path)
            # A folder that changed this very moment may change again without showing it.
            self._read_at = changed_at if abs(time.time_ns() - changed_at) > _SETTLED else None

    def _complain(self, error: Exception) -> None:
        """Every call would be too often: there are several for each request."""
        self._read_at = None
        if self._stopwatch() >= self._next_complaint:
            self._next_complaint = self._stopwatch() + COMPLAINT_EVERY
            _log.error("signing keys not read; those read before are used", folder=str(self.path), error=str(error))

    def rotate(self, announced: timedelta = ANNOUNCED, kept: timedelta = KEPT) -> StoredKey:
        """Add a key that begins to sign after `announced`, and prune those that stopped signing `kept` ago.

        A key from a time that has not come, made while the clock was wrong, is dated now: it must not outrank the new
        one.

        Returns:
            The new key. With `announced` and `kept` of nothing, everything that was signed before is void at once.
        """
        now = self._clock()
        new = StoredKey.new(now + min(announced, ANNOUNCED))
        dated = tuple(self._dated(key, now) for key in read(self.path))
        for old in superseded(dated, now, kept, by=new):
            (self.path / f"{old.id}{_SUFFIX}").unlink()
        write(self.path, new)
        return new

    def _dated(self, key: StoredKey, now: datetime) -> StoredKey:
        if key.since <= now or _is_waiting(key, now):
            return key
        dated = replace(key, since=now)
        write(self.path, dated)
        return dated


def lasting_secret(path: Path) -> bytes:
    """The secret of keyed hashes that must be found again for ever, made if there is none; rotation leaves it alone.

    Raises:
        UnusableKey: its file is damaged, or others than its owner may read it.
    """
    file = path / LASTING_SECRET
    if not file.exists():
        partial = path / f"{LASTING_SECRET}.{secrets.token_hex(KEY_ID_LENGTH)}"
        private_files.create(partial, secrets.token_bytes(SECRET_LENGTH))
        with contextlib.suppress(FileExistsError):
            os.link(partial, file)
        partial.unlink()
    secret = _content(file)
    if len(secret) != SECRET_LENGTH:
        raise UnusableKey(
            f"{file} does not hold {SECRET_LENGTH} bytes. Restore it from a copy; without one, remove it: addresses that "
            "get no mail any more are then forgotten."
        )
    return secret


def ring(keys: tuple[StoredKey, ...], now: datetime) -> KeyRing:
    """The ring of these keys: the newest whose time has come signs, all of them verify.

    A key never waits longer than it can have been announced, whatever its file says.
    """
    signing = [key for key in keys if not _is_waiting(key, now)] or keys[-1:]
    waiting = [key for key in keys if key not in signing]
    return KeyRing(tuple(SigningKey(key.id, key.secret) for key in (*signing, *waiting)))


def _is_waiting(key: StoredKey, now: datetime) -> bool:
    return wait_until(key.since, ANNOUNCED, now) > NO_WAIT


def superseded(keys: tuple[StoredKey, ...], now: datetime, kept: timedelta, *, by: StoredKey) -> list[StoredKey]:
    """The keys that another one replaced at least `kept` ago, once there is the key `by`."""
    newest_first = (by, *keys)
    return [key for newer, key in zip(newest_first, keys, strict=False) if newer.since + kept <= now]


def read(path: Path) -> tuple[StoredKey, ...]:
    """The keys of a folder, the newest first.

    Raises:
        UnusableKey: there is none, one is unreadable, or somebody else may read one or write to the folder.
    """
    try:
        private_files.check_folder(path)
    except NotPrivate as error:
        raise UnusableKey(str(error)) from error
    found = [_read(file) for file in _files(path)]
    if not found:
        raise UnusableKey(f"There is no key in {path}. Restore the folder, or remove it to begin with a new key.")
    return tuple(sorted(found, key=lambda key: (key.since, key.id), reverse=True))


def write(path: Path, key: StoredKey) -> None:
    """Keep a key in a folder, readable by its owner only; other processes see it whole or not at all."""
    text = f"since: {key.since.isoformat()}\nsecret: {base64.b64encode(key.secret).decode()}\n"
    partial = path / f"{key.id}.partial"
    private_files.create(partial, text.encode("ascii"))
    partial.rename(path / f"{key.id}{_SUFFIX}")


def _files(path: Path) -> list[Path]:
    return sorted(path.glob(f"*{_SUFFIX}"))


def _read(file: Path) -> StoredKey:
    content = _content(file)
    with contextlib.suppress(KeyError, ValueError, binascii.Error):
        lines = dict(line.split(": ", 1) for line in content.decode("ascii").splitlines() if ": " in line)
        secret = base64.b64decode(lines["secret"], validate=True)
        since = datetime.fromisoformat(lines["since"])
        if len(secret) == SECRET_LENGTH and since.tzinfo is not None and len(bytes.fromhex(file.stem)) == KEY_ID_LENGTH:
            return StoredKey(file.stem, secret, since)
    raise UnusableKey(f"{file} is no key. Restore it from a copy, or remove it: what it signed is then void.")


def _content(file: Path) -> bytes:
    """Content of a private file.

    Raises:
        UnusableKey: it is not private, or cannot be read.
    """
    try:
        return private_files.read(file)
    except NotPrivate as error:
        raise UnusableKey(str(error)) from error
    except OSError as error:
        raise UnusableKey(f"{file} cannot be read: {error.strerror}. Restore it from a copy.") from error


__all__ = [
    "ANNOUNCED",
    "COMPLAINT_EVERY",
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
