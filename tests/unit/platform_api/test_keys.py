"""The folder of signing keys."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from platform_api.keys import KeyFolder, UnusableKey, read

START = datetime(2026, 1, 31, tzinfo=UTC)
DAY = timedelta(days=1)


class Calendar:
    """A clock that a test turns."""

    def __init__(self) -> None:
        self.now = START

    def __call__(self) -> datetime:
        """The time that it shows."""
        return self.now


def folder(path: Path, calendar: Calendar | None = None) -> KeyFolder:
    """The keys under a path."""
    return KeyFolder.open(path / "keys", calendar or Calendar())


def test_the_first_start_makes_a_key(tmp_path: Path) -> None:
    """Nothing has to be prepared by hand."""
    assert 32 == len(folder(tmp_path)().current.secret)


def test_a_later_start_finds_the_same_key(tmp_path: Path) -> None:
    """What was signed before a restart holds after it."""
    assert folder(tmp_path)() == folder(tmp_path)()


def test_only_the_owner_may_read_a_key(tmp_path: Path) -> None:
    """The folder and its files are closed to others."""
    keys = folder(tmp_path)
    assert [0o700, 0o600] == [file.stat().st_mode & 0o777 for file in (keys.path, *keys.path.iterdir())]


def test_a_key_that_others_may_read_is_refused(tmp_path: Path) -> None:
    """An exposed key is named instead of used."""
    (file,) = folder(tmp_path).path.iterdir()
    file.chmod(0o640)
    with pytest.raises(UnusableKey, match="chmod 600"):
        folder(tmp_path)


@pytest.mark.parametrize("text", ["", "nonsense", "since: 2026-01-31T00:00:00+00:00\nsecret: c2hvcnQ=\n"])
def test_a_broken_file_is_named(tmp_path: Path, text: str) -> None:
    """A file that is no key stops the start, with its name."""
    (file,) = folder(tmp_path).path.iterdir()
    file.write_text(text)
    with pytest.raises(UnusableKey, match=file.name):
        folder(tmp_path)


def test_a_new_key_does_not_sign_before_its_time(tmp_path: Path) -> None:
    """Every node has the new key before it is needed."""
    keys = folder(tmp_path)
    before = keys().current
    new = keys.rotate()
    assert before == keys().current
    assert keys().find(new.id) is not None


def test_a_new_key_signs_once_its_time_has_come(tmp_path: Path) -> None:
    """Rotation needs no restart."""
    calendar = Calendar()
    keys = folder(tmp_path, calendar)
    new = keys.rotate(announced=timedelta(minutes=5))
    calendar.now += timedelta(minutes=5)
    assert new.id == keys().current.id


def test_another_process_sees_the_rotation(tmp_path: Path) -> None:
    """The server follows what the command line did."""
    server = folder(tmp_path)
    server()
    new = folder(tmp_path).rotate()
    assert server().find(new.id) is not None


def test_the_key_before_verifies_for_long(tmp_path: Path) -> None:
    """What the key before signed stays good until it has run out by itself."""
    calendar = Calendar()
    keys = folder(tmp_path, calendar)
    first = keys().current
    keys.rotate()
    calendar.now += 30 * DAY
    keys.rotate()
    assert keys().find(first.id) is not None


def test_keys_are_pruned_long_after_they_were_replaced(tmp_path: Path) -> None:
    """A key is given up sixty days after it stopped signing, never before."""
    calendar = Calendar()
    keys = folder(tmp_path, calendar)
    first = keys().current
    second = keys.rotate()
    calendar.now += 61 * DAY
    keys.rotate()
    assert (None, True) == (keys().find(first.id), keys().find(second.id) is not None)


def test_everything_can_be_voided_at_once(tmp_path: Path) -> None:
    """After a theft nothing that was signed before holds."""
    keys = folder(tmp_path)
    new = keys.rotate(announced=timedelta(0), kept=timedelta(0))
    assert [new] == list(read(keys.path))
    assert new.id == keys().current.id
