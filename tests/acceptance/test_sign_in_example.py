"""The example of users who sign in: tokens in the body, renewal of cookies, sign-out, and a limit on guesses."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from tests.support.example_server import example, page_blocks
from tests.support.installation import Reply, Server

WHO = {"UserName": "sun@example.com", "Password": "a long enough passphrase"}


@pytest.fixture
def server(tmp_path: Path) -> Iterator[Server]:
    """Run the server of the example."""
    (start,) = [block for block in page_blocks("sh") if block.text.endswith("sign_in.py\n")]
    with example(start, tmp_path) as running:
        yield running.server


def sign_in(server: Server, *, in_cookies: bool, password: str = WHO["Password"]) -> Reply:
    """Return the response to a sign-in."""
    return server.post("/api/auth/credentials", {**WHO, "Password": password, "UseTokenCookie": in_cookies})


def me(server: Server, **cookies: str) -> Reply:
    """Return the response to a request with cookies."""
    sent = "; ".join(f"{name.replace('_', '-')}={value}" for name, value in cookies.items())
    return server.send("GET", "/api/me", None, {"Cookie": sent})


def test_tokens_in_the_body(server: Server) -> None:
    """A bearer token authenticates the user, a refresh token renews it, and sign-out invalidates both."""
    signed_in = sign_in(server, in_cookies=False).json
    renewed = server.post("/api/access-token", {"RefreshToken": signed_in["RefreshToken"]}).json["AccessToken"]
    before = [server.get("/api/me", token).json for token in (signed_in["BearerToken"], renewed)]
    server.post("/api/auth/logout", {}, renewed)
    after = [server.get("/api/me", token).status for token in (signed_in["BearerToken"], renewed)]

    assert [{"Result": "Hello, Sun!"}] * 2 == before
    assert [401, 401] == after
    assert 403 == server.post("/api/access-token", {"RefreshToken": signed_in["RefreshToken"]}).status


def test_cookies(server: Server) -> None:
    """The refresh token alone continues a session in cookies, and is replaced."""
    cookies = sign_in(server, in_cookies=True).headers
    refresh = server_cookie(cookies["set-cookie"], "ss-reftok")
    renewed = me(server, ss_reftok=refresh)
    successor = server_cookie(renewed.headers["set-cookie"], "ss-reftok")

    assert {"Result": "Hello, Sun!"} == renewed.json
    assert successor != refresh
    assert {"Result": "Hello, Sun!"} == me(server, ss_reftok=successor).json
    assert 401 == me(server, ss_reftok="unknown").status


def server_cookie(header: str, name: str) -> str:
    """Return the value of a cookie in the last Set-Cookie field."""
    assert header.startswith(f"{name}=")
    return header.partition("=")[2].partition(";")[0]


def test_wrong_passwords(server: Server) -> None:
    """Ten wrong passwords are rejected one by one; then a pause is required, also for a user who does not exist."""
    statuses = [sign_in(server, in_cookies=False, password="wrong").status for _ in range(11)]
    nobody = {"UserName": "nobody@example.com", "Password": "wrong"}
    strangers = [server.post("/api/auth/credentials", nobody).status for _ in range(11)]

    assert [401] * 10 + [429] == statuses == strangers
