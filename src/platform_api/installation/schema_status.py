"""The schema of the database compared with that of this version of the program."""

from platform_api.database.migrations.schema import check_revision, current_revision, head_revision
from platform_api.database.opening import engine_of
from platform_api.foundation.refusals import Refusal
from platform_api.installation.settings import Settings


class NeedsUpgrade(Refusal):
    """The database is empty, or has the schema of an earlier version."""

    def __init__(self, name: str, found: str | None, wanted: str | None) -> None:
        has = "has no schema yet" if found is None else f"has schema {found}"
        super().__init__(f"{name} {has}; this version needs {wanted}. Run platform-api database upgrade.")


def check(settings: Settings) -> str:
    """A sentence for the person at the command line, if the database has the schema of this version.

    Raises:
        NeedsUpgrade: it has that of an earlier version, or none.
        NewerSchema, ForeignDatabase, UnusableDatabase: this version cannot use it.
    """
    engine = engine_of(settings.database)
    found, wanted = current_revision(engine), head_revision()
    check_revision(engine, found, wanted)
    if found != wanted:
        raise NeedsUpgrade(engine.name, found, wanted)
    return f"{engine.name} has schema {found}, that of this version."


__all__ = ["NeedsUpgrade", "check"]
