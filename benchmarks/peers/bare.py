"""The lower bound: a bare ASGI application with msgspec and the database driver, with only the checks that the requests need.

The environment variable BENCH_STORE selects how it writes: `direct`, one transaction per request, or `group`, a writer
thread that commits several requests together.
"""

import base64
import hmac
import os
import time
from collections.abc import Awaitable, Callable
from typing import Any
from uuid import UUID

import msgspec
from common import ISSUER, REFUSALS, SECRET, STORES, Receive, refusal
from messages import Claims, Contact, Header, Received, Resend

KEY = SECRET.encode()
REQUESTS, RESEND = "/api/connectionrequests/", "/resend"
CONTACTS, RECEIVED = "/api/contacts/", "/connectionrequests/received"

store = STORES[os.environ["BENCH_STORE"]]()
encode = msgspec.json.Encoder().encode
read_resend = msgspec.json.Decoder(Resend).decode
read_header = msgspec.json.Decoder(Header).decode
read_claims = msgspec.json.Decoder(Claims).decode

Answer = tuple[int, bytes]


def caller(token: bytes) -> str | None:
    """Return the contact of a token signed with HS256; reject any other token."""
    try:
        signed, _, signature = token.rpartition(b".")
        header, _, payload = signed.partition(b".")
        if not hmac.compare_digest(_unpacked(signature), hmac.digest(KEY, signed, "sha256")):
            return None
        if read_header(_unpacked(header)).alg != "HS256":
            return None
        claims = read_claims(_unpacked(payload))
    except (ValueError, msgspec.MsgspecError):
        return None
    return claims.sub if claims.exp > time.time() and claims.iss == ISSUER else None


def _unpacked(part: bytes) -> bytes:
    return base64.urlsafe_b64decode(part + b"==")


def guid(text: str) -> UUID | None:
    """Return the Guid in a text, or None."""
    try:
        return UUID(text)
    except ValueError:
        return None


def refused(code: str) -> Answer:
    """Return the response for a problem."""
    status, message = REFUSALS[code]
    return status, encode(refusal(code, message))


def invalid(message: str, *fields: str) -> Answer:
    """Return the response for an invalid request."""
    return 400, encode(refusal("ValidationError", message, fields))


async def resend(text: str, who: str, receive: Receive) -> Answer:
    """Resend a request."""
    try:
        body = read_resend(await _body(receive))
    except msgspec.ValidationError as error:
        return invalid("The request is not valid.", str(error).rpartition("$.")[2].rstrip("`"))
    except msgspec.DecodeError:
        return invalid("The body is not valid JSON.")
    request_id = guid(text)
    if request_id is None:
        return invalid("The request is not valid.", "ConnectionRequestId")
    if body.ConnectionRequestId != request_id or str(body.ContactId) != who:
        return refused("Forbidden")
    problem = await store.resend(str(request_id), who)
    return refused(problem) if problem else (200, b"{}")


async def received(text: str, who: str) -> Answer:
    """Return the requests that the caller has received."""
    contact_id = guid(text)
    if contact_id is None:
        return invalid("The request is not valid.", "ContactId")
    if str(contact_id) != who:
        return refused("Forbidden")
    rows = await store.received(who)
    return 200, encode([Received(*row[:8], Contact(*row[8:])) for row in rows])


async def answer(scope: dict[str, Any], receive: Receive) -> Answer:
    """Return the response to one request."""
    who = caller(_token(scope))
    if who is None:
        return refused("Unauthorized")
    path = scope["path"]
    if path.startswith(REQUESTS) and path.endswith(RESEND) and scope["method"] == "POST":
        return await resend(path[len(REQUESTS) : -len(RESEND)], who, receive)
    if path.startswith(CONTACTS) and path.endswith(RECEIVED):
        return await received(path[len(CONTACTS) : -len(RECEIVED)], who)
    if path == "/api/caller":
        return 200, encode({"UserId": who})
    return refused("NotFound")


async def app(scope: dict[str, Any], receive: Receive, send: Callable[[dict[str, Any]], Awaitable[None]]) -> None:
    """ASGI application."""
    if scope["type"] == "lifespan":
        await _live(receive, send)
        return
    status, body = await answer(scope, receive)
    headers = [(b"content-type", b"application/json"), (b"content-length", b"%d" % len(body))]
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": body})


def _token(scope: dict[str, Any]) -> bytes:
    for name, value in scope["headers"]:
        if name == b"authorization":
            token: bytes = value[7:]
            return token
    return b""


async def _body(receive: Receive) -> bytes:
    event = await receive()
    body: bytes = event["body"]
    while event.get("more_body"):
        event = await receive()
        body += event["body"]
    return body


async def _live(receive: Receive, send: Callable[[dict[str, Any]], Awaitable[None]]) -> None:
    await receive()
    await store.start()
    await send({"type": "lifespan.startup.complete"})
    await receive()
    await send({"type": "lifespan.shutdown.complete"})
