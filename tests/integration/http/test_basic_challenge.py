"""Tests that programs which send a password only after a challenge can sign in."""

import json
import subprocess
import urllib.request
from collections.abc import Iterator

import pytest
from tests.support.demo import demo_host
from tests.support.raw_http import Port, ask, own_server, uvicorn_with_h11

pytestmark = pytest.mark.no_database

MEMBER = {"UserId": "member"}


@pytest.fixture(scope="module", params=[uvicorn_with_h11, own_server], ids=["h11", "own"])
def demo(request: pytest.FixtureRequest) -> Iterator[Port]:
    """The demo on each server."""
    with request.param(demo_host()) as port:
        yield port


def printed_by(*command: str) -> object:
    """The JSON printed by a program."""
    found = subprocess.run(command, check=True, capture_output=True, timeout=60)
    return json.loads(found.stdout)


def test_curl(demo: Port) -> None:
    """`curl --anyauth` chooses Basic."""
    url = f"http://127.0.0.1:{demo}/api/me"

    assert MEMBER == printed_by("curl", "--silent", "--fail", "--anyauth", "--user", "good:good", url)


def test_wget(demo: Port) -> None:
    """Wget answers the challenge."""
    url = f"http://127.0.0.1:{demo}/api/me"

    assert MEMBER == printed_by("wget", "--quiet", "--output-document=-", "--user=good", "--password=good", url)


def test_urllib(demo: Port) -> None:
    """The handler of Python's standard library answers the challenge."""
    url = f"http://127.0.0.1:{demo}/api/me"
    passwords = urllib.request.HTTPPasswordMgrWithDefaultRealm()
    passwords.add_password(None, url, "good", "good")
    opener = urllib.request.build_opener(urllib.request.HTTPBasicAuthHandler(passwords))

    with opener.open(url, timeout=30) as answer:
        assert MEMBER == json.load(answer)


def read_as_old_dotnet_clients_do(value: str) -> tuple[str, dict[str, str]]:
    """The scheme and the parameters of a challenge, split at the first blank, at commas, and at the first equals sign.

    A part without an equals sign makes such a client fail.
    """
    scheme, _, rest = value.partition(" ")
    pairs = [part.split("=", 1) for part in rest.split(",")]
    return scheme.lower(), {name.strip().lower(): text.strip().strip('"') for name, text in pairs}


def test_old_dotnet_clients(demo: Port) -> None:
    """.NET joins the two fields with a comma, and its older clients still find Basic and a realm in them."""
    lines = ("GET /api/me HTTP/1.1", "Accept: application/json", "User-Agent: ServiceStack .NET Client 4.0")
    refused = ask(demo, *lines)
    values = [field.partition(": ")[2] for field in refused.fields if field.lower().startswith("www-authenticate:")]

    scheme, parameters = read_as_old_dotnet_clients_do(",".join(values))

    assert "basic" == scheme
    assert "/api/auth/credentials" == parameters["realm"]
    assert MEMBER == json.loads(ask(demo, *lines, "Authorization: Basic Z29vZDpnb29k").body)
