"""The file of a backup: a ZIP archive with the copy of the database and the manifest, readable by its owner only."""

import hashlib
import os
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO, Final

import msgspec

from platform_api.database.backups import Progress
from platform_api.foundation.refusals import Refusal
from platform_api.installation import private_files
from platform_api.installation.backups.manifest import FORMAT, Manifest

_DATABASE: Final = "database"
_MANIFEST: Final = "manifest.json"
_CHUNK: Final = 1 << 20
_ENOUGH: Final = 16 << 20
"""Bytes of the largest manifest that is read."""


class UnusableBackup(Refusal):
    """A file is not a backup, is damaged, or is a backup that this version cannot read."""


class BackupExists(Refusal):
    """There is a file where a backup is to be written."""

    def __init__(self, file: Path) -> None:
        super().__init__(f"{file} exists. Name another file, or move it away.")


def digest_of(file: Path) -> str:
    """Return the SHA-256 digest of a file in hexadecimal digits."""
    with file.open("rb") as content:
        return hashlib.file_digest(content, "sha256").hexdigest()


def write(target: Path, copy: Path, manifest: Manifest, progress: Progress) -> None:
    """Write the file of a backup. It appears under its name only when it is complete and on the disk.

    Raises:
        BackupExists: there is a file of this name.
    """
    partial = target.with_name(f".{target.name}.partial")
    partial.unlink(missing_ok=True)
    private_files.create(partial, b"")
    try:
        with partial.open("r+b") as file:
            with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
                _add(archive, copy, manifest, progress)
            file.flush()
            os.fsync(file.fileno())
        os.link(partial, target)
    except FileExistsError as error:
        raise BackupExists(target) from error
    finally:
        partial.unlink(missing_ok=True)


def _add(archive: zipfile.ZipFile, copy: Path, manifest: Manifest, progress: Progress) -> None:
    with copy.open("rb") as source, archive.open(_DATABASE, "w", force_zip64=True) as target:
        _copy(source, target, manifest.size, progress)
    archive.writestr(_MANIFEST, msgspec.json.format(msgspec.json.encode(manifest)))


def read_manifest(file: Path) -> Manifest:
    """Return the manifest of a backup.

    Raises:
        UnusableBackup: the file is not a backup that this version can read.
    """
    with _opened(file) as archive:
        if archive.getinfo(_MANIFEST).file_size > _ENOUGH:
            raise UnusableBackup(f"{file} is not a backup of the Platform API: its manifest is too large.")
        manifest = msgspec.json.decode(archive.read(_MANIFEST), type=Manifest)
    if manifest.format != FORMAT:
        raise UnusableBackup(
            f"{file} has format {manifest.format}; this version of the program reads format {FORMAT}."
            f" Use version {manifest.version} of the program."
        )
    return manifest


def unpack(file: Path, manifest: Manifest, target: Path, progress: Progress) -> None:
    """Write the copy of the database in a backup to `target`, and compare its digest.

    Raises:
        UnusableBackup: the copy differs from the one that was written.
    """
    with _opened(file) as archive, archive.open(_DATABASE) as source, target.open("wb") as copy:
        _copy(source, copy, manifest.size, progress)
    if target.stat().st_size != manifest.size or digest_of(target) != manifest.sha256:
        raise UnusableBackup(f"{file} is damaged: its contents differ from its manifest. Use another backup.")


def _copy(source: IO[bytes], target: IO[bytes], size: int, progress: Progress) -> None:
    done = 0
    while chunk := source.read(_CHUNK):
        target.write(chunk)
        done += len(chunk)
        if done > size:
            raise UnusableBackup("The backup is damaged: it is larger than its manifest says. Use another backup.")
        progress(done, size)


@contextmanager
def _opened(file: Path) -> Iterator[zipfile.ZipFile]:
    try:
        with zipfile.ZipFile(file) as archive:
            yield archive
    except FileNotFoundError as error:
        raise UnusableBackup(f"There is no file {file}. Name the file that `backup create` wrote.") from error
    except (zipfile.BadZipFile, zlib.error, KeyError, EOFError, msgspec.MsgspecError, NotImplementedError) as error:
        raise UnusableBackup(f"{file} is damaged, or not a backup of the Platform API. Use another file.") from error


__all__ = ["BackupExists", "UnusableBackup", "digest_of", "read_manifest", "unpack", "write"]
