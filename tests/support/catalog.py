"""The platform without a server, for tests of output generated from all operations."""

import asyncio
import tempfile
from collections.abc import AsyncIterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import asynccontextmanager
from functools import cache
from pathlib import Path

from platform_api import wiring
from platform_api.foundation.parts import Parts
from platform_api.installation.opening import open_parts
from platform_api.installation.settings import DatabaseSettings, Keys, ServerSettings, Settings
from platform_api.roles import RoleBook
from platform_api.wiring import Platform
from servicehost.contract.catalog import Catalog

PUBLIC_URL = "https://api.example.com"


@asynccontextmanager
async def built(settings: Settings) -> AsyncIterator[tuple[Parts, Platform]]:
    """Build a platform with the standard roles; yield its parts and the platform."""
    async with open_parts(settings) as parts:
        yield parts, wiring.build(parts, settings, RoleBook())


@cache
def the_platform(public_url: str = PUBLIC_URL) -> Platform:
    """Return a platform with the default settings, not running. Its handlers no longer have a database."""
    with ThreadPoolExecutor(1) as elsewhere, tempfile.TemporaryDirectory() as folder:
        return elsewhere.submit(asyncio.run, _platform(Path(folder), public_url)).result()


def the_catalog(public_url: str = PUBLIC_URL) -> Catalog:
    """Return all operations of the platform, including unpublished ones."""
    return the_platform(public_url).catalog


async def _platform(folder: Path, public_url: str) -> Platform:
    settings = Settings(
        server=ServerSettings(public_url=public_url),
        database=DatabaseSettings(path=folder / "platform.sqlite3"),
        keys=Keys(path=folder / "keys"),
    )
    async with built(settings) as (_, platform):
        return platform


__all__ = ["PUBLIC_URL", "built", "the_catalog", "the_platform"]
