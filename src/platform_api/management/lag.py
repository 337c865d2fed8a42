"""Lag of the event loop: the time for which it was busy when a timer was due."""

import asyncio
from collections.abc import AsyncIterator, Iterable
from contextlib import asynccontextmanager, suppress
from typing import Final

from platform_api.foundation.metrics import Buckets, Family, histogram

EVERY: Final = 0.5
"""Seconds between two timers."""

_SECONDS: Final = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5)


class LoopLag:
    """Measures how late timers of the running event loop are."""

    def __init__(self) -> None:
        self._buckets = Buckets(_SECONDS)

    @asynccontextmanager
    async def measured(self) -> AsyncIterator[None]:
        """Measure until the end of the `async with`."""
        task = asyncio.create_task(self._measure())
        try:
            yield
        finally:
            task.cancel()
            with suppress(asyncio.CancelledError):
                await task

    def metrics(self) -> Iterable[Family]:
        """The lags so far."""
        yield histogram(
            "platform_api_event_loop_lag_seconds",
            "Delay of a timer that is due twice a second.",
            (),
            {(): self._buckets},
        )

    async def _measure(self) -> None:
        loop = asyncio.get_running_loop()
        while True:
            due = loop.time() + EVERY
            await asyncio.sleep(EVERY)
            self._buckets.observe(max(0.0, loop.time() - due))


__all__ = ["EVERY", "LoopLag"]
