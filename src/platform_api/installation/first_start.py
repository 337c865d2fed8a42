"""Preparation of a start: folders, schema, keys, standard roles, the sample operator.

Every start runs all steps. A step changes nothing that exists already, so an interrupted start is completed by the next
one.
"""

import asyncio
from contextlib import closing

import structlog

from platform_api import roles
from platform_api.database.migrations.schema import migrate
from platform_api.database.opening import engine_of
from platform_api.foundation.refusals import Refusal
from platform_api.installation import private_files
from platform_api.installation.key_checks import agree, checks_of
from platform_api.installation.keys import has_keys
from platform_api.installation.opening import make_passwords, open_database
from platform_api.installation.operators import Operators, OperatorStanding
from platform_api.installation.settings import Settings
from servicehost.contract.errors import ServiceError

_log = structlog.get_logger(__name__)


class CannotStart(Refusal):
    """The keys or the database cannot be used; the message says why."""


def prepare(settings: Settings) -> OperatorStanding:
    """Create what is missing; returns the operators.

    Raises:
        CannotStart: the keys or the database cannot be used.
    """
    try:
        if has_keys(settings.keys.path):
            checks_of(settings.keys.path)
        migrate_database(settings)
        _warn_of_exposure(settings)
        return asyncio.run(_fill(settings))
    except (Refusal, ServiceError, OSError) as error:
        raise CannotStart(str(error)) from error


def migrate_database(settings: Settings) -> bool:
    """Bring the database to this version's schema; returns whether there was anything to do.

    Raises:
        NewerSchema: a later version of the program has been here.
        ForeignDatabase: another program uses the database.
        UnusableDatabase: the database cannot be opened.
    """
    engine = engine_of(settings.database)
    for file in engine.files:
        private_files.make_folder(file.parent)
    return migrate(engine)


def _warn_of_exposure(settings: Settings) -> None:
    """Warn if other users can read the database: a restored copy has the mode of the copy."""
    exposed = [str(file) for file in engine_of(settings.database).files if private_files.is_exposed(file)]
    if exposed:
        _log.warning("other users can read the database; run chmod 600 on its files", files=exposed)


async def _fill(settings: Settings) -> OperatorStanding:
    with closing(make_passwords(settings)) as passwords:
        async with open_database(settings) as database:
            await agree(database, settings.keys.path)
            await database.write(roles.seed)
            operators = Operators(database, passwords)
            return await operators.standing(await operators.make_sample())


__all__ = ["CannotStart", "migrate_database", "prepare"]
