"""Files and folders that nobody but their owner may read."""

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
    """A file or folder is not as private as it must be; says which, and what to do."""


def make_folder(path: Path) -> None:
    """Make a private folder, and the folders above it that are missing, private as well; existing ones stay."""
    if path.is_dir():
        return
    make_folder(path.parent)
    path.mkdir(mode=FOLDER_MODE, exist_ok=True)


def check_folder(path: Path) -> None:
    """Let a folder pass in which nobody but its owner can put or replace a file.

    Raises:
        NotPrivate: somebody else can.
    """
    status = path.stat()
    _check_owner(path, status)
    if status.st_mode & _OTHERS_WRITE:
        raise NotPrivate(f"Others may write to {path}. Run chmod 700 on it, and check that the files in it are yours.")


def read(path: Path) -> bytes:
    """The content of a private file. What is checked is what is read, also behind a symbolic link.

    Raises:
        NotPrivate: others may read it, or it belongs to somebody else, or it is no file.
        OSError: it cannot be read.
    """
    # Without O_NONBLOCK a named pipe would be waited for.
    with os.fdopen(os.open(path, os.O_RDONLY | os.O_NONBLOCK | os.O_CLOEXEC), "rb") as file:
        status = os.fstat(file.fileno())
        if not stat.S_ISREG(status.st_mode):
            raise NotPrivate(f"{path} is not a regular file. Remove it.")
        _check_owner(path, status)
        if status.st_mode & _OTHERS:
            raise NotPrivate(f"Others may read {path}. Run chmod 600 on it, and replace it if somebody did.")
        return file.read()


def is_exposed(path: Path) -> bool:
    """Whether others than its owner may read or write a file; not, if there is none."""
    try:
        return bool(path.stat().st_mode & _OTHERS)
    except FileNotFoundError:
        return False


def create(path: Path, content: bytes) -> None:
    """Write a new private file, on the disk when this returns.

    Raises:
        FileExistsError: there is one.
    """
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, FILE_MODE)
    with os.fdopen(descriptor, "wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())


def _check_owner(path: Path, status: os.stat_result) -> None:
    """Root may read what belongs to a service; a service must not trust what belongs to another user."""
    if os.geteuid() not in (_ROOT, status.st_uid) and status.st_uid != _ROOT:
        raise NotPrivate(f"{path} belongs to another user. Run chown on it, so that it belongs to who runs the server.")


__all__ = ["FILE_MODE", "FOLDER_MODE", "NotPrivate", "check_folder", "create", "is_exposed", "make_folder", "read"]
