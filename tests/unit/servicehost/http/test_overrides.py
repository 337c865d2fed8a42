"""Tests of method overrides."""

import pytest
from tests.support.asgi import send
from tests.support.demo import BEARER, COOKIE, demo_host

HOST = demo_host()
JSON = {"Content-Type": "application/json"}
FORM = {"Content-Type": "application/x-www-form-urlencoded"}
NAME = "X-HTTP-Method-Override"
FOREIGN = {"Sec-Fetch-Site": "cross-site"}


@pytest.mark.parametrize("method", ["PUT", "put", "PATCH", "DELETE"])
async def test_by_header(method: str) -> None:
    """A POST may override its method, for clients behind proxies that support only GET and POST."""
    answered = await send(HOST, "POST", "/api/wishes", headers=BEARER | JSON | {NAME: method}, body=b'{"Text":"x"}')

    assert (method.upper() == "PUT") == (answered.status == 201)


async def test_by_query() -> None:
    """The query may contain the override."""
    answered = await send(HOST, "POST", f"/api/wishes?{NAME}=PUT", headers=BEARER | JSON, body=b'{"Text":"x"}')

    assert 201 == answered.status


@pytest.mark.parametrize("content_type", [FORM["Content-Type"], "Application/X-WWW-Form-Urlencoded; charset=utf-8"])
async def test_by_form(content_type: str) -> None:
    """A form may contain the override, and is still bound."""
    body = f"{NAME.lower()}=PUT&Text=a+wish".encode()
    answered = await send(HOST, "POST", "/api/wishes", headers=BEARER | {"Content-Type": content_type}, body=body)

    assert 201 == answered.status
    assert {"Done": "a wish"} == answered.json


async def test_the_header_counts_most() -> None:
    """The first override of header, query and form counts, even if it is invalid."""
    body = f"{NAME}=PUT&Text=x".encode()

    for target, headers in (("/api/wishes", {NAME: "TRACE"}), (f"/api/wishes?{NAME}=DELETE", {})):
        assert 405 == (await send(HOST, "POST", target, headers=BEARER | FORM | headers, body=body)).status


@pytest.mark.parametrize("wish", ["GET", "HEAD", "OPTIONS", "TRACE", "CONNECT", "NONSENSE"])
async def test_not_to_reading(wish: str) -> None:
    """A POST cannot be overridden by GET, for which fewer checks apply."""
    assert 405 == (await send(HOST, "POST", "/api/me", headers=BEARER | {NAME: wish})).status


@pytest.mark.parametrize("method", ["GET", "HEAD", "OPTIONS"])
async def test_not_from_reading(method: str) -> None:
    """A GET cannot be overridden."""
    answered = await send(HOST, method, f"/api/wishes?{NAME}=PUT&Text=x", headers=COOKIE | {NAME: "PUT"})

    assert answered.status in (200, 204)
    assert "Done" not in answered.text


@pytest.mark.parametrize("place", ["header", "query", "form"])
async def test_the_origin_is_checked_all_the_same(place: str) -> None:
    """An override in a form from another site does not avoid the origin check."""
    headers = COOKIE | FOREIGN | FORM | ({NAME: "PUT"} if place == "header" else {})
    target = f"/api/wishes?{NAME}=PUT" if place == "query" else "/api/wishes"
    body = f"Text=x{f'&{NAME}=PUT' if place == 'form' else ''}".encode()
    answered = await send(HOST, "POST", target, headers=headers, body=body)

    assert 403 == answered.status


async def test_malformed_form() -> None:
    """A malformed form with an override is refused like any other."""
    answered = await send(HOST, "POST", "/api/greetings", headers=FORM, body=f"{NAME}=PUT&Name=%FF".encode())

    assert 400 == answered.status
    assert "SerializationException" == answered.status_of_error["ErrorCode"]
