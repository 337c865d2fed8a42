"""Tests of the events that an application sends, independent of the HTTP version."""

import asyncio
from typing import Any

import pytest

from servicehost.server.clients import unlimited_client
from servicehost.server.cycle import RequestCycle
from servicehost.server.incoming import ClientDisconnected, Event
from servicehost.server.limits import ServerLimits
from servicehost.server.plain import Refused
from servicehost.server.shared import Receive, Scope, Send, Shared

START: dict[str, Any] = {"type": "http.response.start", "status": 200, "headers": []}
BODY: dict[str, Any] = {"type": "http.response.body", "body": b"a"}
MORE: dict[str, Any] = {**BODY, "more_body": True}


class Cycle(RequestCycle):
    """A request whose client may disconnect."""

    left = False

    @property
    def gone(self) -> bool:
        """Whether the client has disconnected."""
        return self.left

    def after_reading(self) -> None:
        """Do nothing."""

    def answer_for_application(self, refused: Refused | None) -> None:
        """Do nothing."""

    async def send(self, event: Event) -> None:
        """Do nothing."""


async def application(scope: Scope, receive: Receive, send: Send) -> None:
    """An application that is never called."""


def shared() -> Shared:
    """The shared state of a server that is not running."""
    loop = asyncio.new_event_loop()
    loop.close()
    return Shared(application, ServerLimits(), loop)


def cycle(*events: dict[str, Any], answered: bool = False, left: bool = False) -> Cycle:
    """A request for which the application has sent these events."""
    made = Cycle(shared(), unlimited_client(), {"type": "http"})
    for event in events:
        made.part_to_write(event)
    made.answered, made.left = answered, left
    return made


def test_the_start_is_kept_until_there_is_a_body() -> None:
    """The start event is kept until the first body part, on which the head depends."""
    begun = cycle()
    assert begun.part_to_write(START) is None
    assert START == begun.start


@pytest.mark.parametrize(
    ("event", "expected"),
    [(BODY, (b"a", False)), (MORE, (b"a", True)), ({"type": "http.response.body"}, (b"", False))],
)
def test_parts_of_the_body(event: dict[str, Any], expected: tuple[bytes, bool]) -> None:
    """Each body part states whether more follows."""
    assert expected == cycle(START).part_to_write(event)
    assert expected == cycle(START, MORE).part_to_write(event)


@pytest.mark.parametrize(
    ("before", "event"),
    [
        (cycle(), BODY),
        (cycle(START), START),
        (cycle(START), {"type": "http.response.trailers"}),
        (cycle(START, BODY, answered=True), BODY),
    ],
    ids=["body before start", "second start", "unknown", "after the end"],
)
def test_events_out_of_turn_are_refused(before: Cycle, event: dict[str, Any]) -> None:
    """Events out of order are refused with a message for the application's author."""
    with pytest.raises(RuntimeError, match=f"{event['type']} is sent out of order"):
        before.part_to_write(event)


def test_nothing_is_written_for_a_client_that_has_gone() -> None:
    """Nothing is written for a disconnected client; a streaming application gets an error so that it stops."""
    last, streaming = cycle(START, left=True), cycle(START, left=True)
    assert last.part_to_write(BODY) is None
    assert last.answered
    with pytest.raises(ClientDisconnected):
        streaming.part_to_write(MORE)
    assert not streaming.answered
