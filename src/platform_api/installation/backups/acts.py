"""The acts of `platform-api backup`: create, verify, restore."""

import asyncio
import tempfile
from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path

from sqlalchemy import Connection

from platform_api import mail
from platform_api.database.backups import Backups, Progress, contents_of
from platform_api.database.migrations.schema import NewerSchema, head_revision, upgrade
from platform_api.foundation.refusals import Refusal
from platform_api.installation import private_files
from platform_api.installation.backups import archive, keys, store
from platform_api.installation.backups.archive import BackupExists, UnusableBackup
from platform_api.installation.backups.manifest import Manifest, differing_tables

Steps = Callable[[str], AbstractContextManager[Progress]]
"""Begins a step with a title; the step ends with the `with` block."""


class WrongKind(Refusal):
    """A backup is of another kind of database."""

    def __init__(self, manifest: Manifest, backups: Backups) -> None:
        super().__init__(
            f"The backup is of a {manifest.kind} database, and {backups.engine.name} is a {backups.kind} database."
            " Restore it to its own kind, and then move it by platform-api database copy."
        )


@dataclass(frozen=True)
class Restored:
    """The result of a restore.

    Attributes:
        manifest: description of the backup.
        held: number of letters that are held.
    """

    manifest: Manifest
    held: int


@dataclass(frozen=True)
class BackupActs:
    """Backups of one installation.

    Attributes:
        backups: those of its database.
        keys: folder of its keys.
        steps: shows the progress.
    """

    backups: Backups
    keys: Path
    steps: Steps

    def create(self, target: Path) -> Manifest:
        """Write a backup while the server runs.

        Raises:
            BackupExists: there is a file of this name.
            NoKeys: the keys are missing.
            NoDatabase: there is no database.
        """
        if target.exists():
            raise BackupExists(target)
        key_ids, secret = keys.required_key_facts(self.keys)
        began = datetime.now(UTC)
        private_files.make_folder(target.absolute().parent)
        with tempfile.TemporaryDirectory(dir=target.absolute().parent, prefix=".backup-") as folder:
            copy = Path(folder) / "database"
            private_files.create(copy, b"")
            with self.steps("Copying the database") as progress:
                contents = self.backups.save(copy, progress)
            manifest = Manifest(
                created_at=began,
                version=version("platform-api"),
                kind=self.backups.kind,
                revision=contents.revision,
                rows=contents.rows,
                keys=key_ids,
                lasting_secret=secret,
                size=copy.stat().st_size,
                sha256=archive.digest_of(copy),
            )
            with self.steps("Writing the backup") as progress:
                archive.write(target, copy, manifest, progress)
        return manifest

    def verify(self, file: Path, *, without_keys: bool = False) -> Manifest:
        """Restore a backup to a temporary place and check it.

        Raises:
            UnusableBackup: it is damaged, or breaks an invariant.
            MissingKeys: the keys that it was made with are missing.
        """
        manifest = self._usable(file, without_keys=without_keys)
        with self.backups.scratch() as scratch:
            self._restore(scratch, file, manifest, lambda connection: _check_rows(file, manifest, connection))
            with self.steps("Checking") as progress:
                progress(0, 2)
                faults = scratch.faults()
                progress(1, 2)
                faults += asyncio.run(_broken(scratch))
                progress(2, 2)
        if faults:
            raise UnusableBackup(
                f"{file} can be restored, but has faults: {'; '.join(faults[:10])}. Use another backup."
            )
        return manifest

    def restore(self, file: Path, *, without_keys: bool = False) -> Restored:
        """Create the database from a backup, with its waiting letters held.

        Raises:
            NotEmpty: there is a database.
            UnusableBackup: the backup is damaged.
            MissingKeys: the keys that it was made with are missing.
        """
        manifest = self._usable(file, without_keys=without_keys)
        held: list[int] = []

        def finish(connection: Connection) -> None:
            _check_rows(file, manifest, connection)
            held.append(mail.hold(connection))

        self._restore(self.backups, file, manifest, finish)
        return Restored(manifest, held[-1])

    def _usable(self, file: Path, *, without_keys: bool) -> Manifest:
        """The manifest of a backup for which everything that it requires is present."""
        manifest = archive.read_manifest(file)
        if manifest.kind != self.backups.kind:
            raise WrongKind(manifest, self.backups)
        head = head_revision()
        if head is None or manifest.revision > head:
            raise UnusableBackup(str(NewerSchema(manifest.revision, head)))
        if not without_keys:
            keys.check_keys(self.keys, manifest)
        return manifest

    def _restore(self, place: Backups, file: Path, manifest: Manifest, finish: Callable[[Connection], None]) -> None:
        """Restore to a place, which becomes usable when `finish` has returned."""
        with self.steps("Restoring the database") as progress:
            place.restore(lambda target: archive.unpack(file, manifest, target, progress), finish)


def _check_rows(file: Path, manifest: Manifest, connection: Connection) -> None:
    """Check the rows of a restored database, then bring its schema up to date."""
    contents = contents_of(connection)
    wrong = list(differing_tables(manifest.rows, contents.rows))
    if wrong or contents.revision != manifest.revision:
        raise UnusableBackup(f"{file} differs from its manifest: {'; '.join(wrong[:10])}. Use another backup.")
    upgrade(connection)


async def _broken(backups: Backups) -> list[str]:
    async with backups.engine.open() as database:
        found = await database.read_long(store.broken_invariants)
    return [f"it does not hold that {name} ({rows} exceptions)" for name, rows in found.items()]


__all__ = ["BackupActs", "Restored", "Steps", "WrongKind"]
