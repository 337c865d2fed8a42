"""A service of thirty lines has all features of a host, on the project's own server and on another one."""

import json
from collections.abc import Iterator

import pytest
from openapi_spec_validator import validate
from tests.support.example_server import Example, example, page_blocks
from tests.support.installation import Server

GREETER = [block for block in page_blocks("sh") if "greeter.py" in block.text or "greeter:app" in block.text]

XML = (
    b'<?xml version="1.0" encoding="utf-8"?>'
    b'<HelloResponse xmlns:i="http://www.w3.org/2001/XMLSchema-instance"'
    b' xmlns="http://schemas.datacontract.org/2004/07/Greeter.ServiceModel">'
    b'<ResponseStatus xmlns:d2p1="http://schemas.servicestack.net/types" i:nil="true" />'
    b"<Result>Hello, World!</Result></HelloResponse>"
)


@pytest.fixture(scope="module", params=GREETER, ids=["own server", "uvicorn"])
def greeter(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Example]:
    """Run the greeter in each way described on the page."""
    with example(request.param, tmp_path_factory.mktemp("greeter")) as running:
        yield running


@pytest.fixture
def server(greeter: Example) -> Server:
    """Return the server of the greeter."""
    return greeter.server


@pytest.mark.parametrize(
    ("suffix", "expected"),
    [
        ("", b'{"Result":"Hello, World!"}'),
        (".json", b'{"Result":"Hello, World!"}'),
        (".jsv", b'{Result:"Hello, World!"}'),
        (".csv", b'Result,ResponseStatus\r\n"Hello, World!",\r\n'),
        (".jsonl", b'{"Result":"Hello, World!"}'),
        (".msgpack", b"\x81\xa6Result\xadHello, World!"),
        (".xml", XML),
    ],
)
def test_formats(server: Server, suffix: str, expected: bytes) -> None:
    """The operation supports every format, without any code for formats in the program."""
    assert expected == server.send("GET", f"/api/hello/World{suffix}").body


def test_answer_as_a_page(server: Server) -> None:
    """A browser receives the answer as a page."""
    answer = server.get("/api/hello/World", accept="text/html")

    assert "text/html; charset=utf-8" == answer.headers["content-type"]
    assert "Hello, World!" in answer.text


def test_documentation_pages(server: Server) -> None:
    """The list of operations links to the page of the operation, which shows the declarations of the request."""
    index, page = server.get("/api/metadata").text, server.get("/api/json/metadata?op=Hello").text

    assert "/api/json/metadata?op=Hello" in index
    assert all(text in page for text in ("Greet somebody by name.", "Name to greet.", "/hello/{Name}"))


def test_openapi(server: Server) -> None:
    """The document is valid, and contains the operation at its route and at its name."""
    document = server.get("/api/openapi.json").json
    validate(document)

    assert "Greeter" == document["info"]["title"]
    assert {"/api/hello/{Name}", "/api/Hello"} <= set(document["paths"])


def test_sources(server: Server, greeter: Example) -> None:
    """The messages are available as source; the Python source compiles."""
    python, typescript = (server.get(f"/api/types/{language}").text for language in ("python", "typescript"))
    compile(python, "dtos.py", "exec")

    assert "class Hello(IReturn[HelloResponse]):" in python
    assert f"BaseUrl: {greeter.server.url}/api" in python
    assert "export class Hello implements IReturn<HelloResponse>" in typescript


def test_batch(server: Server) -> None:
    """The responses of a batch are in order."""
    answer = server.post("/api/Hello[]", [{"Name": "World"}, {"Name": "Sun"}])

    assert [{"Result": "Hello, World!"}, {"Result": "Hello, Sun!"}] == answer.json
    assert "2" == answer.headers["x-autobatch-completed"]


def test_errors(server: Server) -> None:
    """An error is a ResponseStatus in the format of the response, and names the invalid member."""
    message = "'Name' must not be empty."
    whole = f"Unable to bind to request 'Hello'. {message}"
    errors = [{"ErrorCode": "NotEmpty", "FieldName": "Name", "Message": message}]
    as_json = server.send("POST", "/api/json/reply/Hello", "{}")
    as_xml = server.send("POST", "/api/xml/reply/Hello", "<Hello/>")

    assert 400 == as_json.status == as_xml.status
    assert {"ResponseStatus": {"ErrorCode": "NotEmpty", "Message": whole, "Errors": errors}} == json.loads(as_json.body)
    assert "<HelloResponse " in as_xml.text
    assert "<d2p1:ErrorCode>NotEmpty</d2p1:ErrorCode>" in as_xml.text
    assert "<d2p1:FieldName>Name</d2p1:FieldName>" in as_xml.text
