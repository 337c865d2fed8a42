"""ASGI lifespan: the application starts before the first request and stops after the last one."""

import asyncio
from typing import Any

import structlog

from servicehost.server.incoming import Event
from servicehost.server.shared import Application

_log = structlog.get_logger("servicehost.server")


class NotStarted(Exception):
    """The application did not start; the message says why."""


class Lifespan:
    """Starts and stops an application with the lifespan events of ASGI."""

    def __init__(self, application: Application, state: dict[str, Any]) -> None:
        self._application = application
        self._state = state
        self._events: asyncio.Queue[Event] = asyncio.Queue()
        self._answers: asyncio.Queue[Event] = asyncio.Queue()
        self._task: asyncio.Task[None] | None = None

    async def start(self) -> None:
        """Start the application.

        Raises:
            NotStarted: the application reports a failure or raises an error.
        """
        self._task = asyncio.create_task(self._run())
        answer = await self._send("startup")
        if answer["type"] == "lifespan.startup.failed":
            raise NotStarted(answer.get("message", ""))

    async def stop(self) -> None:
        """Stop the application."""
        if self._task is not None and not self._task.done():
            answer = await self._send("shutdown")
            if answer["type"] == "lifespan.shutdown.failed":
                _log.error("the application did not stop cleanly", reason=answer.get("message", ""))
            await self._task

    async def _send(self, what: str) -> Event:
        await self._events.put({"type": f"lifespan.{what}"})
        return await self._answers.get()

    async def _run(self) -> None:
        scope = {"type": "lifespan", "asgi": {"version": "3.0", "spec_version": "2.0"}, "state": self._state}
        try:
            await self._application(scope, self._events.get, self._answers.put)
        except Exception as error:  # noqa: BLE001 - reported to the caller of `start`
            _log.exception("the application's lifespan failed")
            await self._answers.put({"type": "lifespan.startup.failed", "message": str(error)})
        else:
            await self._answers.put({"type": "lifespan.shutdown.complete"})


__all__ = ["Lifespan", "NotStarted"]
