"""Private files and folders, readable by their owner only."""

import os
import stat
from pathlib import Path
from typing import Final

FILE_MODE: Final = 0o600
"""The mode of a private file."""

FOLDER_MODE: Final = 0o700
"""The mode of a private folder."""

_OTHERS: Final = stat.S_IRWXG | stat.S_IRWXO
_OTHERS_WRITE: Final = stat.S_IWGRP | stat.S_IWOTH
_ROOT: Final = 0


class NotPrivate(Exception):
    """A file or folder is not private; the message names it and says what to do."""


def make_folder(path: Path) -> None:
    """Create a private folder and its missing parents, private too. Existing folders are unchanged."""
    if path.is_dir():
        return
    make_folder(path.parent)
    path.mkdir(mode=FOLDER_MODE, exist_ok=True)


def check_folder(path: Path) -> None:
    """Check that only the owner of a folder can add or replace files in it.

    Raises:
        NotPrivate: other users can, too.
    """
    status = path.stat()
    _check_owner(path, status)
    if status.st_mode & _OTHERS_WRITE:
        raise NotPrivate(f"Others may write to {path}. Run chmod 700 on it, and check that the files in it are yours.")


def read(path: Path) -> bytes:
    """The content of a private file. The open file is checked, so a symbolic link cannot lead to another one.

    Raises:
        NotPrivate: other users can read it, it belongs to another user, or it is not a regular file.
        OSError: it cannot be read.
    """
    # Without O_NONBLOCK, opening a named pipe would block.
    with os.fdopen(os.open(path, os.O_RDONLY | os.O_NONBLOCK | os.O_CLOEXEC), "rb") as file:
        status = os.fstat(file.fileno())
        if not stat.S_ISREG(status.st_mode):
            raise NotPrivate(f"{path} is not a regular file. Remove it.")
        _check_owner(path, status)
        if status.st_mode & _OTHERS:
            raise NotPrivate(f"Others may read {path}. Run chmod 600 on it, and replace it if they have.")
        return file.read()


def is_exposed(path: Path) -> bool:
    """Whether other users can read or write a file; False if it does not exist."""
    try:
        return bool(path.stat().st_mode & _OTHERS)
    except FileNotFoundError:
        return False


def create(path: Path, content: bytes) -> None:
    """Write a new private file, and wait until it is on the disk.

    Raises:
        FileExistsError: the file exists.
    """
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, FILE_MODE)
    with os.fdopen(descriptor, "wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())


def _check_owner(path: Path, status: os.stat_result) -> None:
    """Check the owner. Root may read the files of a service; a service must not trust the files of another user."""
    if os.geteuid() not in (_ROOT, status.st_uid) and status.st_uid != _ROOT:
        raise NotPrivate(
            f"{path} belongs to another user. Run chown on it, so that it belongs to the user who runs the server."
        )


__all__ = ["FILE_MODE", "FOLDER_MODE", "NotPrivate", "check_folder", "create", "is_exposed", "make_folder", "read"]
