"""Check of a server's responses before it is measured."""

import http.client
import json
from typing import Any

from benchmarks.requests import EXPECTED, FORMATS, Asked, Kind, asked
from benchmarks.servers import CannotMeasure, Server
from benchmarks.world import RECEIVED, World


def check(server: Server, world: World, kind: Kind) -> None:
    """Check the response to the first request of a kind.

    Raises:
        CannotMeasure: the response is wrong.
    """
    request = asked(world, kind, ours=server.implementation.ours)[0]
    with server.awake():
        status, body = _ask(server.port, request)
    if status != EXPECTED.get(kind, 200) or not _is_right(kind, body, world):
        shown = body[:300].decode(errors="replace")
        raise CannotMeasure(f"{server.implementation.title} returned a wrong response to {kind}: {status} {shown}")


def _is_right(kind: Kind, body: bytes, world: World) -> bool:
    if kind in FORMATS:
        return all(sender in body.decode() for sender in _expected_names(world))
    answer = json.loads(body)
    match kind:
        case "A":
            return bool(answer == {})
        case "C1":
            return any(error["FieldName"] == "ConnectionRequestId" for error in answer["ResponseStatus"]["Errors"])
        case "C2":
            return bool(answer)
    return {row["ConnectionRequestId"] for row in _rows(answer)} == {
        id_ for id_, _, receiver in world.requests if receiver == 0
    }


def _rows(answer: Any) -> list[dict[str, Any]]:
    rows: list[dict[str, Any]] = answer if isinstance(answer, list) else answer["ConnectionRequests"]
    assert len(rows) == RECEIVED
    assert all(row["Contact"]["ContactId"] for row in rows)
    return rows


def _expected_names(world: World) -> list[str]:
    """Return the last word of each sender's name in the first contact's list, which appears in every format."""
    return [world.members[sender].names[1].split()[-1] for _, sender, receiver in world.requests if receiver == 0]


def _ask(port: int, request: Asked) -> tuple[int, bytes]:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
    headers = {"Authorization": f"Bearer {request.token}"}
    if request.accept:
        headers["Accept"] = request.accept
    if request.body:
        headers["Content-Type"] = "application/json"
    try:
        connection.request(request.method, request.path, request.body or None, headers)
        answer = connection.getresponse()
        return answer.status, answer.read()
    finally:
        connection.close()


__all__ = ["check"]
