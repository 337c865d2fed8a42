"""Tests of the folder of signing keys."""

import os
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from structlog.testing import capture_logs

from platform_api.installation.keys import LASTING_SECRET, KeyFolder, UnusableKey, lasting_secret, read

START = datetime(2026, 1, 31, tzinfo=UTC)
DAY = timedelta(days=1)


class Calendar:
    """A clock that a test sets."""

    def __init__(self) -> None:
        self.now = START

    def __call__(self) -> datetime:
        """The time that is set."""
        return self.now


def folder(path: Path, calendar: Calendar | None = None) -> KeyFolder:
    """The key folder at a path."""
    return KeyFolder.open(path / "keys", calendar or Calendar())


def test_the_first_start_makes_a_key(tmp_path: Path) -> None:
    """A key is created without any preparation."""
    assert 32 == len(folder(tmp_path)().current.secret)


def test_a_later_start_finds_the_same_key(tmp_path: Path) -> None:
    """Signatures are valid after a restart."""
    assert folder(tmp_path)() == folder(tmp_path)()


def test_only_the_owner_may_read_a_key(tmp_path: Path) -> None:
    """Other users cannot read the folder and its files."""
    keys = folder(tmp_path)
    assert [0o700, 0o600] == [file.stat().st_mode & 0o777 for file in (keys.path, *keys.path.iterdir())]


def test_a_key_that_others_may_read_is_refused(tmp_path: Path) -> None:
    """A key that other users can read is reported and not used."""
    (file,) = folder(tmp_path).path.iterdir()
    file.chmod(0o640)
    with pytest.raises(UnusableKey, match="chmod 600"):
        folder(tmp_path)


@pytest.mark.parametrize("text", ["", "nonsense", "since: 2026-01-31T00:00:00+00:00\nsecret: c2hvcnQ=\n"])
def test_a_broken_file_is_named(tmp_path: Path, text: str) -> None:
    """A malformed key file stops the start; the error names it."""
    (file,) = folder(tmp_path).path.iterdir()
    file.write_text(text)
    with pytest.raises(UnusableKey, match=file.name):
        folder(tmp_path)


def test_a_new_key_does_not_sign_before_its_time(tmp_path: Path) -> None:
    """A new key is on every node before it signs."""
    keys = folder(tmp_path)
    before = keys().current
    new = keys.rotate()
    assert before == keys().current
    assert keys().find(new.id) is not None


def test_a_new_key_signs_once_its_time_has_come(tmp_path: Path) -> None:
    """A rotation takes effect without a restart."""
    calendar = Calendar()
    keys = folder(tmp_path, calendar)
    new = keys.rotate(announced=timedelta(minutes=5))
    calendar.now += timedelta(minutes=5)
    assert new.id == keys().current.id


def test_another_process_sees_the_rotation(tmp_path: Path) -> None:
    """A server uses the key that the command line has added."""
    server = folder(tmp_path)
    server()
    new = folder(tmp_path).rotate()
    assert server().find(new.id) is not None


def test_the_key_before_verifies_for_long(tmp_path: Path) -> None:
    """Signatures of the previous key stay valid until they expire."""
    calendar = Calendar()
    keys = folder(tmp_path, calendar)
    first = keys().current
    keys.rotate()
    calendar.now += 30 * DAY
    keys.rotate()
    assert keys().find(first.id) is not None


def test_keys_are_pruned_long_after_they_were_replaced(tmp_path: Path) -> None:
    """A key is pruned sixty days after it stopped signing, and not before."""
    calendar = Calendar()
    keys = folder(tmp_path, calendar)
    first = keys().current
    second = keys.rotate()
    calendar.now += 61 * DAY
    keys.rotate()
    assert (None, True) == (keys().find(first.id), keys().find(second.id) is not None)


def test_all_signatures_can_be_invalidated_at_once(tmp_path: Path) -> None:
    """A rotation without waits invalidates all earlier signatures."""
    keys = folder(tmp_path)
    new = keys.rotate(announced=timedelta(0), kept=timedelta(0))
    assert [new] == list(read(keys.path))
    assert new.id == keys().current.id


@pytest.mark.parametrize("ahead", [timedelta(minutes=7), timedelta(hours=11), 365 * DAY])
def test_a_key_of_a_clock_that_was_ahead_signs(tmp_path: Path, ahead: timedelta) -> None:
    """No key waits longer than the longest wait."""
    calendar = Calendar()
    keys = folder(tmp_path, calendar)
    calendar.now += ahead
    new = keys.rotate()
    calendar.now -= ahead
    assert new.id == keys().current.id


@pytest.mark.parametrize("ahead", [timedelta(hours=11), 365 * DAY])
def test_a_rotation_outranks_a_key_of_a_clock_that_was_ahead(tmp_path: Path, ahead: timedelta) -> None:
    """A rotation replaces a key that is dated in the future, which is pruned in time."""
    calendar = Calendar()
    keys = folder(tmp_path, calendar)
    calendar.now += ahead
    stolen = keys.rotate()
    calendar.now -= ahead
    new = keys.rotate()
    calendar.now += timedelta(minutes=5)
    assert new.id == keys().current.id
    calendar.now += 61 * DAY
    keys.rotate()
    assert None is keys().find(stolen.id)


def test_a_folder_that_changed_in_the_future_is_not_read_again_and_again(tmp_path: Path) -> None:
    """A folder with a time stamp in the future is read once, not in each call."""
    keys = folder(tmp_path)
    later = time.time() + 3600
    os.utime(keys.path, (later, later))
    keys()
    for file in keys.path.iterdir():
        file.write_text("never looked at")
    os.utime(keys.path, (later, later))
    with capture_logs() as logs:
        keys()
    assert [] == logs


@pytest.mark.parametrize("fault", ["gone", "empty", "damaged", "exposed"])
def test_a_server_continues_with_the_keys_that_it_has_read(tmp_path: Path, fault: str) -> None:
    """Signatures verify while the folder is unreadable, and the error is logged at intervals."""
    now = [0.0]
    keys = KeyFolder(folder(tmp_path).path, Calendar(), lambda: now[0])
    before = keys()
    spoil(keys.path, fault)
    with capture_logs() as logs:
        assert [before] * 3 == [keys() for _ in range(3)]
        now[0] += 60
        keys()
    assert ["signing keys not read; those read before are used"] * 2 == [entry["event"] for entry in logs]
    assert {"error"} == {entry["log_level"] for entry in logs}


def test_a_folder_that_is_readable_again_is_read(tmp_path: Path) -> None:
    """A folder that becomes readable again is read."""
    keys = folder(tmp_path)
    keys.path.rename(tmp_path / "away")
    with capture_logs():
        keys()
    (tmp_path / "away").rename(keys.path)
    new = KeyFolder(keys.path, Calendar()).rotate()
    assert keys().find(new.id) is not None


def test_a_folder_that_was_never_read_is_an_error(tmp_path: Path) -> None:
    """An unreadable folder is an error if no keys were read before."""
    with pytest.raises(FileNotFoundError):
        KeyFolder(tmp_path / "keys")()


def test_a_folder_that_others_may_write_to_is_refused(tmp_path: Path) -> None:
    """Other users with write access could add a key and sign in as any user."""
    folder(tmp_path).path.chmod(0o777)
    with pytest.raises(UnusableKey, match="chmod 700"):
        folder(tmp_path)


def test_the_lasting_secret_is_private_and_stays(tmp_path: Path) -> None:
    """The first call creates the secret, later calls return it."""
    secret = lasting_secret(tmp_path)
    assert (secret, 32, 0o600) == (
        lasting_secret(tmp_path),
        len(secret),
        (tmp_path / LASTING_SECRET).stat().st_mode & 0o777,
    )


@pytest.mark.parametrize("content", [b"", b"short", b"x" * 33])
def test_a_lasting_secret_of_another_length_is_refused(tmp_path: Path, content: bytes) -> None:
    """With an empty file, anyone could compute the hashes of addresses."""
    lasting_secret(tmp_path)
    (tmp_path / LASTING_SECRET).write_bytes(content)
    with pytest.raises(UnusableKey, match=r"lasting-secret does not hold 32 bytes. Restore it"):
        lasting_secret(tmp_path)


def test_a_lasting_secret_that_others_may_read_is_refused(tmp_path: Path) -> None:
    """With the secret, other users could search the hashes of addresses."""
    lasting_secret(tmp_path)
    (tmp_path / LASTING_SECRET).chmod(0o644)
    with pytest.raises(UnusableKey, match="chmod 600"):
        lasting_secret(tmp_path)


def spoil(path: Path, fault: str) -> None:
    """Make the key folder of a running server unreadable in some way."""
    (file,) = path.iterdir()
    match fault:
        case "gone":
            path.rename(path.with_name("elsewhere"))
        case "empty":
            file.unlink()
        case "damaged":
            file.write_text("nonsense")
            os.utime(path, (0, 0))
        case "exposed":
            file.chmod(0o644)
            os.utime(path, (0, 0))
