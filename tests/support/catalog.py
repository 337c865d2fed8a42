"""The catalog of the platform as it is served, without a server: for tests of what is made from all operations."""

import asyncio
import tempfile
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from functools import cache
from pathlib import Path

from platform_api import app
from platform_api.installation.keys import KeyFolder
from platform_api.installation.parts import make_passwords, open_database
from platform_api.installation.settings import DatabaseSettings, Keys, Server, Settings
from platform_api.roles.book import RoleBook
from platform_api.web.services import WebService
from servicehost.contract.catalog import Catalog

PUBLIC_URL = "https://api.example.com"


@cache
def the_catalog(public_url: str = PUBLIC_URL) -> Catalog:
    """Every operation of the platform, unpublished ones too. Their handlers have no database behind them any more."""
    with ThreadPoolExecutor(1) as elsewhere, tempfile.TemporaryDirectory() as folder:
        return elsewhere.submit(asyncio.run, _catalog(Path(folder), public_url)).result()


async def _catalog(folder: Path, public_url: str) -> Catalog:
    settings = Settings(
        server=Server(public_url=public_url),
        database=DatabaseSettings(path=folder / "platform.sqlite3"),
        keys=Keys(path=folder / "keys"),
    )
    keys = KeyFolder.open(settings.keys.path)
    with closing(make_passwords(settings)) as passwords:
        async with open_database(settings) as database:
            parts = app.Parts(settings, database, keys, passwords, RoleBook())
            sign_in, accounts, answering = app._sign_in(parts), app._accounts(parts), app.make_answering(parts)
            service = app.make_service(settings)
            web = WebService(service, app._links(parts), answering, accounts)
            operations = app.operations(parts, sign_in, accounts, answering)
            return Catalog(service, {**operations, **web.handlers()})


__all__ = ["PUBLIC_URL", "the_catalog"]
