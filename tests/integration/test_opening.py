"""Tests of the one place that opens and closes an installation."""

import asyncio
import gc
import socket
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from tests.support.asgi import send
from tests.support.installation import free_port
from tests.support.stores import Store, database_settings

from platform_api.app import create_app
from platform_api.installation import first_start
from platform_api.installation.settings import Keys, Logging, Settings, replaced
from platform_api.wiring import open_platform
from servicehost.server import Server, ServerLimits


def settings_in(folder: Path) -> Settings:
    """Settings of an installation in a folder."""
    return Settings(
        database=database_settings(folder / "data.sqlite3"),
        keys=Keys(path=folder / "keys"),
        logging=Logging(access=False),
    )


def tasks_and_threads() -> tuple[set[str], set[str]]:
    """Names of what runs besides the test."""
    tasks = {str(task.get_coro()) for task in asyncio.all_tasks() if task is not asyncio.current_task()}
    return tasks, {thread.name for thread in threading.enumerate() if not thread.name.startswith("asyncio")}


@pytest.fixture(autouse=True)
def _collector() -> Iterator[None]:
    """Leave the garbage collector as it was: an installation makes it run rarely."""
    before = gc.get_threshold()
    yield
    gc.set_threshold(*before)
    gc.unfreeze()


async def test_everything_that_is_opened_is_closed(tmp_path: Path, store: Store) -> None:
    """Between opening and closing the host answers and background work runs; afterwards no task and no thread is left."""
    settings = settings_in(tmp_path)
    first_start.migrate_database(settings)
    before = tasks_and_threads()

    async with open_platform(settings) as host:
        answered = (await send(host, "GET", "/")).status
        during = tasks_and_threads()

    assert 200 == answered
    assert len(during[0]) > len(before[0])
    assert len(during[1]) > len(before[1]) or store is Store.POSTGRESQL  # which needs no thread
    assert before == tasks_and_threads()


async def test_what_was_opened_is_closed_when_the_next_cannot_be(tmp_path: Path) -> None:
    """Without a schema the roles cannot be read; keys, passwords and database are closed again."""
    before = tasks_and_threads()

    with pytest.raises(Exception, match="roles"):
        async with open_platform(settings_in(tmp_path)):
            pass

    assert before == tasks_and_threads()


async def test_another_server_gets_the_management_listener_with_the_application(tmp_path: Path) -> None:
    """The listener is there while the application is open, and tells that it is ready."""
    port = free_port()
    settings = replaced(settings_in(tmp_path), "management", listen=f"127.0.0.1:{port}")
    first_start.migrate_database(settings)
    with socket.create_server(("127.0.0.1", 0)) as listening:
        listening.settimeout(0)
        server = Server(create_app(settings), [listening], ServerLimits())
        await server.start()
        during = await ready_at(port)
        await server.stop()

    assert during.startswith(b"HTTP/1.1 200 ")
    with pytest.raises(ConnectionRefusedError):
        await ready_at(port)


async def ready_at(port: int) -> bytes:
    """The response of the management listener to the question whether the server is ready."""
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    writer.write(b"GET /health/ready HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n")
    answer = await reader.read()
    writer.close()
    return answer
