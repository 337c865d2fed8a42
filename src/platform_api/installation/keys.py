"""Signing keys of an installation: a folder with one file for each key, the same on all nodes.

A new key waits before it signs, so that every node has it by then; it verifies until it is pruned. After
`platform-api keys rotate`, copy the folder to the other nodes before the new key begins to sign.

If the folder can no longer be read, a running server continues with the keys that it has, and logs an error.
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
"""Longest wait of a new key before it signs."""

LOGGED_EVERY = 60.0
"""Seconds between two log entries about an unreadable folder."""

KEPT = timedelta(days=60)
"""How long a key verifies after it was replaced: longer than the life of anything that it signed."""

KEY_ID_LENGTH = 4
"""Length of a key id in bytes; it is written in hexadecimal digits."""

LASTING_SECRET = "lasting-secret"  # noqa: S105 - the name of a file
"""File name of `lasting_secret`."""

_SUFFIX = ".key"
_SETTLED = 1_000_000_000


class UnusableKey(Refusal):
    """The folder of the keys cannot be used; the message names the file and what to do."""


@dataclass(frozen=True)
class StoredKey:
    """A key in its file; `since` is the time from which it signs."""

    id: str
    secret: bytes = field(repr=False)
    since: datetime

    @classmethod
    def new(cls, since: datetime) -> "StoredKey":
        """A random key that signs from `since`."""
        return cls(secrets.token_hex(KEY_ID_LENGTH), secrets.token_bytes(SECRET_LENGTH), since)


def utc_now() -> datetime:
    """The current time."""
    return datetime.now(UTC)


class KeyFolder:
    """The key ring in a folder. A call returns the current ring, even after another process has rotated it.

    Args:
        path: the folder.
        clock: the current time, which decides which keys sign.
        stopwatch: monotonic seconds, for the interval of log entries about an unreadable folder.
    """

    def __init__(
        self, path: Path, clock: Callable[[], datetime] = utc_now, stopwatch: Callable[[], float] = time.monotonic
    ) -> None:
        self.path = path
        self._clock = clock
        self._stopwatch = stopwatch
        self._read_at: int | None = None
        self._keys: tuple[StoredKey, ...] = ()
        self._next_entry = 0.0

    @classmethod
    def open(cls, path: Path, clock: Callable[[], datetime] = utc_now) -> "KeyFolder":
        """The folder at `path`, created with a first key if it has none.

        Raises:
            UnusableKey: a file is unreadable, or other users can read it or write to the folder.
        """
        private_files.make_folder(path)
        folder = cls(path, clock)
        if not _files(path):
            write(path, StoredKey.new(clock()))
        folder._refresh()
        return folder

    def __call__(self) -> KeyRing:
        """The current ring; while the folder is unreadable, the ring that was read last.

        Raises:
            UnusableKey: the folder is unreadable and has never been read.
        """
        try:
            self._refresh()
        except (OSError, UnusableKey) as error:
            if not self._keys:
                raise
            self._log_error(error)
        return ring(self._keys, self._clock())

    def _refresh(self) -> None:
        changed_at = self.path.stat().st_mtime_ns
        if changed_at != self._read_at:
            self._keys = read(self.path)
            # A folder that has just changed may change again within the resolution of its time stamp.
            self._read_at = changed_at if abs(time.time_ns() - changed_at) > _SETTLED else None

    def _log_error(self, error: Exception) -> None:
        """Log the error, at most once in an interval: the ring is read several times in each request."""
        self._read_at = None
        if self._stopwatch() >= self._next_entry:
            self._next_entry = self._stopwatch() + LOGGED_EVERY
            _log.error("signing keys not read; those read before are used", folder=str(self.path), error=str(error))

    def rotate(self, announced: timedelta = ANNOUNCED, kept: timedelta = KEPT) -> StoredKey:
        """Add a key that begins to sign after `announced`, and prune those that stopped signing `kept` ago.

        A key dated in the future by a wrong clock is dated now, so that it does not outrank the new key.

        Returns:
            The new key. If `announced` and `kept` are zero, everything signed before becomes invalid at once.
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


def has_keys(path: Path) -> bool:
    """Whether a folder has a signing key or the lasting secret."""
    return bool(_files(path)) or (path / LASTING_SECRET).exists()


def lasting_secret(path: Path) -> bytes:
    """The secret of keyed hashes that must stay the same for good, created if missing; rotation does not change it.

    Raises:
        UnusableKey: its file is damaged, or other users can read it.
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
            f"{file} does not hold {SECRET_LENGTH} bytes. Restore it from a copy. Without a copy, remove it; "
            "the list of addresses that receive no mail then becomes void."
        )
    return secret


def ring(keys: tuple[StoredKey, ...], now: datetime) -> KeyRing:
    """The ring of these keys: the newest one that no longer waits signs, all of them verify.

    No key waits longer than `ANNOUNCED`, whatever its file says.
    """
    signing = [key for key in keys if not _is_waiting(key, now)] or keys[-1:]
    waiting = [key for key in keys if key not in signing]
    return KeyRing(tuple(SigningKey(key.id, key.secret) for key in (*signing, *waiting)))


def _is_waiting(key: StoredKey, now: datetime) -> bool:
    return wait_until(key.since, ANNOUNCED, now) > NO_WAIT


def superseded(keys: tuple[StoredKey, ...], now: datetime, kept: timedelta, *, by: StoredKey) -> list[StoredKey]:
    """The keys that were replaced at least `kept` ago, if `by` is the newest key."""
    newest_first = (by, *keys)
    return [key for newer, key in zip(newest_first, keys, strict=False) if newer.since + kept <= now]


def read(path: Path) -> tuple[StoredKey, ...]:
    """The keys of a folder, the newest first.

    Raises:
        UnusableKey: there is none, one is unreadable, or other users can read one or write to the folder.
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
    """Write a key to a folder, readable by its owner only. Other processes never see a part of it."""
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
    raise UnusableKey(
        f"{file} is not a key file. Restore it from a copy, or remove it; everything that it signed then becomes invalid."
    )


def _content(file: Path) -> bytes:
    """The content of a private file.

    Raises:
        UnusableKey: the file is not private or cannot be read.
    """
    try:
        return private_files.read(file)
    except NotPrivate as error:
        raise UnusableKey(str(error)) from error
    except OSError as error:
        raise UnusableKey(f"{file} cannot be read: {error.strerror}. Restore it from a copy.") from error


__all__ = [
    "ANNOUNCED",
    "KEPT",
    "KEY_ID_LENGTH",
    "LASTING_SECRET",
    "LOGGED_EVERY",
    "KeyFolder",
    "StoredKey",
    "UnusableKey",
    "has_keys",
    "lasting_secret",
    "read",
    "ring",
    "superseded",
    "utc_now",
    "write",
]
