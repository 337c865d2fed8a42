"""The Java sources, compiled with stubs of the client library, exchange messages with the server by Gson."""

import pytest
from tests.support.exchange import (
    CATALOGS,
    Exchange,
    assert_that_messages_come_back,
    assert_that_new_messages_say_nothing,
    assert_that_requests_tell,
    in_milliseconds,
    saved,
    sources,
)
from tests.support.jvm import compiled_java, compiled_stubs, exchange, response_and_route

pytestmark = pytest.mark.conformance


@pytest.fixture(scope="module")
def exchanges(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Exchange]:
    """Return a program for each service, from sources compiled together, each in its own package."""
    folder = tmp_path_factory.mktemp("java")
    stubs = compiled_stubs(folder)
    files = saved(sources("java", lambda name: {"Package": name}), folder, "dtos.java")
    classes = compiled_java(files.values(), folder / "classes", stubs)
    return {name: exchange([classes, stubs], f"{name}.dtos$", folder) for name in CATALOGS}


@pytest.mark.parametrize("name", CATALOGS)
def test_every_message_comes_back(exchanges: dict[str, Exchange], name: str) -> None:
    """A message with every member filled, decoded and encoded in Java, equals the server's JSON."""
    assert_that_messages_come_back(CATALOGS[name](), exchanges[name], in_milliseconds)


@pytest.mark.parametrize("name", CATALOGS)
def test_a_new_message_says_nothing(exchanges: dict[str, Exchange], name: str) -> None:
    """Members that are not set are not sent."""
    assert_that_new_messages_say_nothing(CATALOGS[name](), exchanges[name])


@pytest.mark.parametrize("name", CATALOGS)
def test_a_request_names_response_and_route(exchanges: dict[str, Exchange], name: str) -> None:
    """A request provides both to the client library."""
    assert_that_requests_tell(CATALOGS[name](), exchanges[name], response_and_route)
