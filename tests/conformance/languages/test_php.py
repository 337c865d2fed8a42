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
    """Sends messages through the classes of the source of a service."""
    path = saved(sources("php", lambda name: {"GlobalNamespace": f"Acme.{name}"}), folder, "dtos.php")[name]
    command: list[str | Path] = [compiler("php"), STUBS / "exchange.php", STUBS / "client.php", path, f"Acme\\{name}"]
    return lambda bodies: answered(run(*command, cwd=folder, stdin=asked(bodies)))


@pytest.mark.parametrize("compat", ["", "latest"])
def test_php_reads_every_source(tmp_path: Path, compat: str) -> None:
    """Of both releases, with every hostile description among them."""
    for path in saved(sources("php", lambda _name: {"compat": compat}), tmp_path, "dtos.php").values():
        run(compiler("php"), "-l", path, cwd=tmp_path)


@pytest.mark.parametrize("name", CATALOGS)
def test_every_message_comes_back(tmp_path: Path, name: str) -> None:
    """Decoded with every member filled, encoded again, it is what the server wrote."""
    assert_that_messages_come_back(CATALOGS[name](), php_of(name, tmp_path))


@pytest.mark.parametrize("name", CATALOGS)
def test_a_new_message_is_understood(tmp_path: Path, name: str) -> None:
    """Although empty texts and zeros are sent for what is required: an empty text is no Guid, but means none."""
    models = messages(CATALOGS[name]())
    received = php_of(name, tmp_path)(dict.fromkeys(models, "{}"))
    assert [understood(models[each], answer.body) for each, answer in received.items()]


@pytest.mark.parametrize("name", CATALOGS)
def test_a_request_names_response_and_method(tmp_path: Path, name: str) -> None:
    """The response twice: as what it makes, and in an attribute."""
    assert_that_requests_tell(CATALOGS[name](), php_of(name, tmp_path), response_and_method)


def response_and_method(operation: Operation) -> tuple[str, ...]:
    """What the class of a request tells."""
    verbs = {route.verbs for route in operation.contract.routes}
    verb = verbs.pop()[0] if len(verbs) == 1 and all(len(each) == 1 for each in verbs) else "POST"
    response = declared_response(operation)
    return response, response, verb
