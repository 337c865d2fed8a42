"""Tests of files that only their owner can read."""

import os
import stat
from pathlib import Path

import pytest

from platform_api.installation import private_files
from platform_api.installation.private_files import NotPrivate


def mode(path: Path) -> int:
    """The permissions of a file."""
    return stat.S_IMODE(path.stat().st_mode)


def a_file(folder: Path) -> Path:
    """A private file."""
    private_files.create(folder / "secret", b"content")
    return folder / "secret"


@pytest.fixture
def generous_umask() -> object:
    """A umask that removes no permissions."""
    before = os.umask(0)
    yield
    os.umask(before)


@pytest.mark.usefixtures("generous_umask")
def test_created_files_are_private(tmp_path: Path) -> None:
    """Created files, folders and parent folders are private whatever the umask."""
    private_files.make_folder(tmp_path / "var" / "keys")
    assert [0o700, 0o700, 0o600] == [
        mode(path) for path in (tmp_path / "var", tmp_path / "var" / "keys", a_file(tmp_path))
    ]


def test_a_private_file_is_read(tmp_path: Path) -> None:
    """A private file is read as it was written."""
    assert b"content" == private_files.read(a_file(tmp_path))


@pytest.mark.parametrize("others", [0o640, 0o604, 0o620, 0o602, 0o644])
def test_a_file_that_others_may_read_or_write_is_refused(tmp_path: Path, others: int) -> None:
    """The error says what to do."""
    file = a_file(tmp_path)
    file.chmod(others)
    with pytest.raises(NotPrivate, match=f"Others may read {file}. Run chmod 600"):
        private_files.read(file)
    assert private_files.is_exposed(file)


def test_a_link_is_as_private_as_what_it_names(tmp_path: Path) -> None:
    """A symbolic link to a private file is accepted: secrets in containers are mounted so."""
    file = a_file(tmp_path)
    link = tmp_path / "link"
    link.symlink_to(file)
    assert b"content" == private_files.read(link)
    file.chmod(0o644)
    with pytest.raises(NotPrivate, match="Others may read"):
        private_files.read(link)


def test_a_named_pipe_is_refused(tmp_path: Path) -> None:
    """A named pipe is refused; opening it does not block."""
    os.mkfifo(tmp_path / "pipe", 0o600)
    with pytest.raises(NotPrivate, match="not a regular file"):
        private_files.read(tmp_path / "pipe")


@pytest.mark.parametrize("others", [0o770, 0o707, 0o722])
def test_a_folder_that_others_may_write_to_is_refused(tmp_path: Path, others: int) -> None:
    """Other users with write access could add a file."""
    tmp_path.chmod(others)
    with pytest.raises(NotPrivate, match=r"Others may write to .* Run chmod 700"):
        private_files.check_folder(tmp_path)


def test_a_folder_that_others_may_list_is_not_refused(tmp_path: Path) -> None:
    """A folder that other users can list is accepted, since the files in it are private."""
    tmp_path.chmod(0o755)
    private_files.check_folder(tmp_path)


def test_what_belongs_to_another_user_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The owner of a file could read and change it. Root may use the files of a service."""
    file = a_file(tmp_path)
    os.chown(file, 12345, -1) if os.geteuid() == 0 else None
    owner = file.stat().st_uid
    monkeypatch.setattr(os, "geteuid", lambda: owner + 1)
    with pytest.raises(NotPrivate, match="belongs to another user"):
        private_files.read(file)
    monkeypatch.setattr(os, "geteuid", lambda: 0)
    assert b"content" == private_files.read(file)


def test_a_file_that_is_missing_is_not_exposed(tmp_path: Path) -> None:
    """A missing file is not exposed."""
    assert not private_files.is_exposed(tmp_path / "nothing")
