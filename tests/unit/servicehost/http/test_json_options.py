"""Tests of `?jsconfig=`."""

import pytest
from tests.support.asgi import send
from tests.support.demo import WISH_ID, demo_host

HOST = demo_host()


@pytest.mark.parametrize(
    ("target", "expected"),
    [
        ("/api/greetings/Sun?jsconfig=eccn", '{"result":"Hello, Sun","count":0}'),
        ("/api/greetings/Sun?jsconfig=elun,edv", '{"result":"Hello, Sun"}'),
        ("/api/Hello?name=Sun&JsConfig=inv", '{"Result":"Hello, Sun","Count":0,"ResponseStatus":null}'),
        ("/api/json/reply/Hello?name=Sun&jsconfig=edv,nonsense", '{"Result":"Hello, Sun"}'),
        ("/api/greetings/Sun?jsconfig=nonsense", '{"Result":"Hello, Sun","Count":0}'),
        ("/api/greetings/Sun?jsconfig=edv&callback=f", '/**/f({"Result":"Hello, Sun"})'),
        ("/api/greetings/Sun.jsv?jsconfig=eccn", '{Result:"Hello, Sun",Count:0}'),
        ("/api/SignIn?userName=x&jsconfig=inv", '{"userName":"x"}'),
        ("/api/SignIn?userName=x&jsconfig=epcn", '{"UserName":"x"}'),
    ],
)
async def test_wishes(target: str, expected: str) -> None:
    """JSON follows the options; other formats and unknown options ignore them."""
    assert expected == (await send(HOST, "POST" if "SignIn" in target else "GET", target)).text


@pytest.mark.parametrize("target", ["/api/wishes/x/remove", f"/api/wishes/{WISH_ID}/remove"])
async def test_errors(target: str) -> None:
    """The options apply to errors."""
    answered = await send(HOST, "POST", f"{target}?jsconfig=elun")

    assert {"error_code", "message", "errors"} == set(answered.json["response_status"])


async def test_batches() -> None:
    """The options apply to batches."""
    answered = await send(HOST, "POST", "/api/Hello[]?jsconfig=elun,edv", body=b'[{"name":"Sun"}]')

    assert [{"result": "Hello, Sun"}] == answered.json
