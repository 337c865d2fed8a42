"""A server around a minimal application, run as a separate process.

Its arguments are settings, such as `server.port=0`. It prints its address once it accepts requests and `asked` for a
request to `/slow`, which it answers only after SIGUSR1. `/broken` as its first argument makes it fail to start.
"""

import asyncio
import signal
import sys
from collections.abc import Callable, MutableMapping
from typing import Any

from platform_api.installation import logs
from platform_api.installation.settings import Settings, load
from platform_api.program import server


def say(text: str) -> None:
    """Print a line for the test."""
    sys.stdout.write(text + "\n")
    sys.stdout.flush()


class Minimal:
    """Responds with the path; to `/slow` only when permitted."""

    def __init__(self, _settings: Settings, *, broken: bool) -> None:
        self.broken = broken
        self.may_answer = asyncio.Event()

    async def __call__(
        self, scope: MutableMapping[str, Any], receive: Callable[..., Any], send: Callable[..., Any]
    ) -> None:
        """Handle one request or the lifespan."""
        if scope["type"] == "lifespan":
            await self.live(receive, send)
            return
        if scope["path"] == "/slow":
            say("asked")
            await self.may_answer.wait()
        await send({"type": "http.response.start", "status": 200, "headers": []})
        await send({"type": "http.response.body", "body": scope["path"].encode()})

    async def live(self, receive: Callable[..., Any], send: Callable[..., Any]) -> None:
        """Handle the lifespan, and report the shutdown."""
        await receive()
        if self.broken:
            await send({"type": "lifespan.startup.failed", "message": "no database"})
            return
        asyncio.get_running_loop().add_signal_handler(signal.SIGUSR1, self.may_answer.set)
        await send({"type": "lifespan.startup.complete"})
        await receive()
        say("closed")
        await send({"type": "lifespan.shutdown.complete"})


def main() -> None:
    """Serve according to the arguments."""
    arguments = sys.argv[1:]
    broken = "/broken" in arguments
    settings = load({}, dict(argument.split("=") for argument in arguments if "=" in argument)).settings
    logs.configure(style="json")
    with server.claimed_port(settings) as claimed:
        server.run(
            claimed, lambda settings, _monitor: Minimal(settings, broken=broken), lambda: say(claimed.server.url)
        )


if __name__ == "__main__":
    main()
