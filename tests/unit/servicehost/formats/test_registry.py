"""Tests of the formats of a host."""

from dataclasses import replace

import pytest
from tests.support.tracks import CAMEL, STYLE, Done, Plain, model_of

from servicehost.contract.types import Ref
from servicehost.formats import json
from servicehost.formats.registry import Formats


def test_order() -> None:
    """The formats are in the order of the pages, JSON first."""
    assert ["json", "xml", "jsv", "csv", "jsonl", "msgpack"] == [each.name for each in Formats()]
    assert json.FORMAT is Formats().default


@pytest.mark.parametrize(
    ("name", "expected"),
    [("json", "json"), ("XML", "xml"), ("jsonl", "jsonl"), ("other", "jsonl"), ("Other", "jsonl"), ("nope", None)],
)
def test_named(name: str, expected: str | None) -> None:
    """A format is found by its name, or by what the pages call it, in any casing."""
    found = Formats().named(name)
    assert expected == (found.name if found else None)


def test_codecs_are_kept() -> None:
    """Each codec is compiled once for each type and style."""
    formats, done, plain = Formats(), Ref(model_of(Done)), model_of(Plain)
    assert formats.encoder(json.FORMAT, done, STYLE) is formats.encoder(json.FORMAT, done, STYLE)
    assert formats.encoder(json.FORMAT, done, STYLE) is not formats.encoder(json.FORMAT, done, CAMEL)
    assert formats.decoder(json.FORMAT, done, STYLE) is formats.decoder(json.FORMAT, done, STYLE)
    assert formats.reader(json.FORMAT, plain, STYLE) is formats.reader(json.FORMAT, plain, STYLE)


@pytest.mark.parametrize("name", ["json", "xml", "jsv", "csv", "jsonl"])
def test_codecs_work(name: str) -> None:
    """Every format encodes, decodes and reads through the registry."""
    formats, model = Formats(), model_of(Done)
    each = formats.named(name)
    assert each is not None
    body = formats.encoder(each, Ref(model), STYLE)(Done())
    assert Done() == formats.decoder(each, Ref(model), STYLE)(body)
    assert {} == formats.reader(each, model, STYLE)(body)


def test_a_format_of_ones_own() -> None:
    """A host may have other formats; the first of two with one name counts."""
    own = replace(json.FORMAT, name="own", page_name="json")
    formats = Formats([json.FORMAT, own])
    assert own is formats.named("own")
    assert json.FORMAT is formats.named("json")
