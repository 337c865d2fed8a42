"""The PHP sources, run by PHP with stubs of the client library, exchange messages with the server."""

from pathlib import Path

import pytest
from tests.support.compilers import compiler, run
from tests.support.exchange import (
    CATALOGS,
    Exchange,
    answered,
    asked,
    assert_that_messages_come_back,
    assert_that_requests_tell,
    declared_response,
    saved,
    sources,
)
from tests.support.recorded import messages, understood

from servicehost.contract.catalog import Operation

pytestmark = pytest.mark.conformance

STUBS = Path(__file__).parent / "stubs/php"


def php_of(name: str, folder: Path) -> Exchange:
    """Return a function that sends messages through the classes of a service's source."""
    path = saved(sources("php", lambda name: {"GlobalNamespace": f"Acme.{name}"}), folder, "dtos.php")[name]
    command: list[str | Path] = [compiler("php"), STUBS / "exchange.php", STUBS / "client.php", path, f"Acme\\{name}"]
    return lambda bodies: answered(run(*command, cwd=folder, stdin=asked(bodies)))


@pytest.mark.parametrize("compat", ["", "latest"])
def test_php_reads_every_source(tmp_path: Path, compat: str) -> None:
    """PHP parses the sources of both releases, including every hostile description."""
    for path in saved(sources("php", lambda _name: {"compat": compat}), tmp_path, "dtos.php").values():
        run(compiler("php"), "-l", path, cwd=tmp_path)


@pytest.mark.parametrize("name", CATALOGS)
def test_every_message_comes_back(tmp_path: Path, name: str) -> None:
    """A message with every member filled, decoded and encoded in PHP, equals the server's JSON."""
    assert_that_messages_come_back(CATALOGS[name](), php_of(name, tmp_path))


@pytest.mark.parametrize("name", CATALOGS)
def test_a_new_message_is_understood(tmp_path: Path, name: str) -> None:
    """The server accepts the empty texts and zeros of required members: an empty text counts as an absent Guid."""
    models = messages(CATALOGS[name]())
    received = php_of(name, tmp_path)(dict.fromkeys(models, "{}"))
    assert [understood(models[each], answer.body) for each, answer in received.items()]


@pytest.mark.parametrize("name", CATALOGS)
def test_a_request_names_response_and_method(tmp_path: Path, name: str) -> None:
    """A request states its response twice: in `createResponse` and in an attribute."""
    assert_that_requests_tell(CATALOGS[name](), php_of(name, tmp_path), response_and_method)


def response_and_method(operation: Operation) -> tuple[str, ...]:
    """Return the response and the method in the class of a request."""
    verbs = {route.verbs for route in operation.contract.routes}
    verb = verbs.pop()[0] if len(verbs) == 1 and all(len(each) == 1 for each in verbs) else "POST"
    response = declared_response(operation)
    return response, response, verb
