"""Opening an installation: the shared parts that the server and the command line are built from."""

from collections.abc import AsyncIterator
from contextlib import AbstractAsyncContextManager, asynccontextmanager, closing
from typing import Final

from platform_api.database.opening import engine_of
from platform_api.database.transaction import Database
from platform_api.foundation.parts import Parts
from platform_api.installation.keys import KeyFolder, lasting_secret
from platform_api.installation.settings import Settings
from servicehost.contract.catalog import Service
from servicehost.contract.messages import DATACONTRACT_NAMESPACE
from servicehost.security.passwords import Passwords

SERVICE_NAME: Final = "Platform API"
CLR_NAMESPACE: Final = "Eros.Subtle.Canvara.WebAPIModel.ServiceModel"
"""The .NET namespace of the contract's messages, which clients have in their code."""

XML_NAMESPACE: Final = DATACONTRACT_NAMESPACE + CLR_NAMESPACE


@asynccontextmanager
async def open_parts(settings: Settings) -> AsyncIterator[Parts]:
    """The shared parts, open until the end of the `async with`.

    Raises:
        UnusableKey: a file is unreadable, or other users can read it.
        UnusableDatabase: the database cannot be opened.
    """
    keys = open_keys(settings)
    with closing(make_passwords(settings)) as passwords:
        async with open_database(settings) as database:
            yield Parts(make_service(settings), database, keys, passwords, lasting_secret(keys.path))


def open_database(settings: Settings) -> AbstractAsyncContextManager[Database]:
    """The database, open until the end of the `async with`.

    Raises:
        UnusableDatabase: it cannot be opened.
    """
    return engine_of(settings.database).open()


def open_keys(settings: Settings) -> KeyFolder:
    """The signing keys, created if there are none.

    Raises:
        UnusableKey: a file is unreadable, or other users can read it.
    """
    return KeyFolder.open(settings.keys.path)


def make_passwords(settings: Settings) -> Passwords:
    """Hasher and verifier of passwords; the caller closes it."""
    return Passwords(settings.sign_in.cost, workers=settings.sign_in.argon2_concurrency)


def make_service(settings: Settings) -> Service:
    """Name, addresses and namespaces of the API."""
    return Service(SERVICE_NAME, settings.server.url, XML_NAMESPACE, CLR_NAMESPACE, front="/")


__all__ = [
    "CLR_NAMESPACE",
    "SERVICE_NAME",
    "XML_NAMESPACE",
    "make_passwords",
    "make_service",
    "open_database",
    "open_keys",
    "open_parts",
]
