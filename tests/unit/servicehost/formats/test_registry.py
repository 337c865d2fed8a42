"""Tests of the formats of a host."""

import pytest
from tests.support.tracks import CAMEL, STYLE, Done, Plain, model_of

from servicehost.contract.types import Ref
from servicehost.formats import json
from servicehost.formats.codec import Format
from servicehost.formats.registry import WIRE_FORMATS, Formats


def test_order() -> None:
    """The formats are in the order of the pages, JSON first."""
    assert ["json", "xml", "jsv", "csv", "jsonl", "msgpack"] == [each.name for each in Formats()]


def test_codecs_are_kept() -> None:
    """Each codec is compiled once for each type and style."""
    formats, done, plain = Formats(), Ref(model_of(Done)), model_of(Plain)
    assert formats.encoder(json.FORMAT, done, STYLE) is formats.encoder(json.FORMAT, done, STYLE)
    assert formats.encoder(json.FORMAT, done, STYLE) is not formats.encoder(json.FORMAT, done, CAMEL)
    assert formats.decoder(json.FORMAT, done, STYLE) is formats.decoder(json.FORMAT, done, STYLE)
    assert formats.reader(json.FORMAT, plain, STYLE) is formats.reader(json.FORMAT, plain, STYLE)


@pytest.mark.parametrize("each", WIRE_FORMATS, ids=lambda each: each.name)
def test_codecs_work(each: Format) -> None:
    """Every format encodes, decodes and reads through the registry."""
    formats, model = Formats(), model_of(Done)
    body = formats.encoder(each, Ref(model), STYLE)(Done())
    assert Done() == formats.decoder(each, Ref(model), STYLE)(body)
    assert {} == formats.reader(each, model, STYLE)(body)
