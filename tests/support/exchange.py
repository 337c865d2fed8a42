"""Programs in other languages that decode the server's JSON with generated sources and encode it again.

Such a program reads lines with a name and JSON. It writes lines with the name, the JSON of the decoded message, and facts
about the type, separated by tabs.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from tests.support.catalog import the_catalog
from tests.support.every_form import every_form
from tests.support.hostile import NASTY, catalog_described
from tests.support.recorded import messages, misspelled, recordings, understood

from servicehost.contract.catalog import Catalog, Operation
from servicehost.languages import LANGUAGES, Options, source

NOW = datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC)

CATALOGS: Mapping[str, Callable[[], Catalog]] = {"platform": the_catalog, "forms": every_form}
"""The services whose messages programs exchange."""


@dataclass(frozen=True)
class Exchanged:
    """Output of a program for one message: its JSON, and facts about its type."""

    body: str
    facts: tuple[str, ...]


Exchange = Callable[[Mapping[str, str]], Mapping[str, Exchanged]]
"""Sends messages of a service, by name, through a program."""


def sources(key: str, options: Callable[[str], Mapping[str, str]] = lambda _name: {}) -> Mapping[str, str]:
    """Return the sources for compilers: those of the services, and one with all hostile descriptions."""
    described = [f"Says {text}" for text in NASTY]
    catalogs = {name: make() for name, make in CATALOGS.items()} | {"hostile": catalog_described(described)}
    return {
        name: source(catalog, LANGUAGES[key], Options.from_query(options(name).items()), NOW)
        for name, catalog in catalogs.items()
    }


def saved(texts: Mapping[str, str], folder: Path, file: str) -> dict[str, Path]:
    """Save each source in its own folder; return the files."""
    paths = {name: folder / name / file for name in texts}
    for name, path in paths.items():
        path.parent.mkdir()
        path.write_text(texts[name], encoding="utf-8")
    return paths


def asked(bodies: Mapping[str, str]) -> str:
    """Return the input of a program."""
    return "".join(f"{name}\t{body}\n" for name, body in bodies.items())


def answered(printed: str) -> dict[str, Exchanged]:
    """Parse the output of a program, by name."""
    lines = (line.split("\t") for line in printed.splitlines())
    return {name: Exchanged(body, tuple(facts)) for name, body, *facts in lines}


def in_milliseconds(body: str) -> str:
    """Return the JSON with dates in milliseconds, for languages without finer precision."""
    return body.replace(".123456Z", ".123Z")


def assert_that_messages_come_back(catalog: Catalog, exchange: Exchange, written: Callable[[str], str] = str) -> None:
    """Assert that every message, decoded with all members filled and encoded again, equals the server's JSON."""
    sent = {name: written(body) for name, body in recordings(catalog).items()}
    received = exchange(sent)
    _assert_understood_alike(catalog, sent, received)
    assert set() == misspelled(sent, {name: answer.body for name, answer in received.items()})


def assert_that_new_messages_say_nothing(catalog: Catalog, exchange: Exchange) -> None:
    """Assert that a message without set members is encoded as an empty object."""
    sent = dict.fromkeys(messages(catalog), "{}")
    _assert_understood_alike(catalog, sent, exchange(sent))


def _assert_understood_alike(catalog: Catalog, sent: Mapping[str, str], received: Mapping[str, Exchanged]) -> None:
    models = messages(catalog)
    expected = {name: understood(models[name], body) for name, body in sent.items()}
    assert expected == {name: understood(models[name], answer.body) for name, answer in received.items()}


def declared_response(operation: Operation) -> str:
    """Return the response that sources declare for a request; empty for none."""
    return operation.response.name if operation.response and operation.contract.response_declared else ""


def assert_that_requests_tell(
    catalog: Catalog, exchange: Exchange, facts: Callable[[Operation], tuple[str, ...]]
) -> None:
    """Assert that every request declares its response and route to the client library."""
    operations = [operation for operation in catalog if operation.contract.published]
    received = exchange({operation.name: "{}" for operation in operations})
    expected = {operation.name: facts(operation) for operation in operations}
    assert expected == {name: answer.facts for name, answer in received.items()}


__all__ = [
    "CATALOGS",
    "Exchange",
    "Exchanged",
    "answered",
    "asked",
    "assert_that_messages_come_back",
    "assert_that_new_messages_say_nothing",
    "assert_that_requests_tell",
    "declared_response",
    "in_milliseconds",
    "saved",
    "sources",
]
