"""The commands `backup` and `letters`: settings in, the text to print out."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from platform_api import mail
from platform_api.database.copying import copy as copy_rows
from platform_api.database.opening import backups_of, engine_at, engine_of, loading_of
from platform_api.foundation.refusals import Refusal
from platform_api.installation.backups.acts import BackupActs
from platform_api.installation.operators import carry_out
from platform_api.installation.settings import Settings
from platform_api.program.progress import shown
from platform_api.wiring import metadata


def create(settings: Settings, file: Path) -> str:
    """Write a backup."""
    with _files_usable():
        manifest = _acts(settings).create(file)
    return (
        f"{file} contains {sum(manifest.rows.values())} rows of schema {manifest.revision}."
        f" Copy {settings.keys.path} to another place too: a backup is of little use without the keys."
    )


def verify(settings: Settings, file: Path, *, without_keys: bool) -> str:
    """Check a backup."""
    with _files_usable():
        manifest = _acts(settings).verify(file, without_keys=without_keys)
    return (
        f"{file} of {manifest.created_at:%Y-%m-%d %H:%M:%S} UTC can be restored:"
        f" {sum(manifest.rows.values())} rows of schema {manifest.revision}, no faults."
    )


def restore(settings: Settings, file: Path, *, without_keys: bool) -> str:
    """Restore a backup."""
    with _files_usable():
        restored = _acts(settings).restore(file, without_keys=without_keys)
    told = f"The database is as it was on {restored.manifest.created_at:%Y-%m-%d %H:%M:%S} UTC."
    if restored.held:
        told += (
            f" {restored.held} letters are held, because they may have been sent since:"
            " run `platform-api letters send` or `platform-api letters drop`."
        )
    return f"{told} Passwords and sessions are as they were then, too."


def copy(source: str, target: str) -> str:
    """Copy a database."""
    loading = loading_of(engine_at(target))
    with _files_usable():
        rows = copy_rows(engine_at(source), loading, metadata, shown)
    return (
        f"{loading.engine.name} has all {sum(rows.values())} rows of {len(rows)} tables, and equals its source."
        " Do not start a server on the source again: its letters would be sent twice."
    )


def hold(settings: Settings) -> str:
    """Hold the waiting letters of an installation whose server does not run."""
    return f"{engine_of(settings.database).alone(mail.hold)} letters are held."


def count(settings: Settings) -> str:
    """Count the held letters."""
    return f"{carry_out(settings, lambda acts: acts.database.read(mail.count_held))} letters are held."


def send(settings: Settings) -> str:
    """Send the held letters."""
    return f"{carry_out(settings, lambda acts: acts.database.write(mail.release_held))} letters are sent soon."


def drop(settings: Settings) -> str:
    """Drop the held letters."""
    return f"{carry_out(settings, lambda acts: acts.database.write(mail.drop_held))} letters were dropped."


@contextmanager
def _files_usable() -> Iterator[None]:
    """Turn errors of the file system, such as a full disk, into a refusal that names the file."""
    try:
        yield
    except OSError as error:
        place = f"{error.filename} cannot be used: " if error.filename else ""
        raise Refusal(f"{place}{error.strerror or error}. Nothing was changed. Correct that, and try again.") from error


def _acts(settings: Settings) -> BackupActs:
    return BackupActs(backups_of(engine_of(settings.database)), settings.keys.path, shown)


__all__ = ["copy", "count", "create", "drop", "hold", "restore", "send", "verify"]
