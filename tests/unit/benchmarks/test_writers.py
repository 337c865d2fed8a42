"""The benchmark of generated writers compares equivalent writers."""

from types import ModuleType
from typing import Any
from unittest.mock import patch

import pytest
from benchmarks import writers
from hypothesis import given
from hypothesis import strategies as st
from tests.support.tracks import STYLE, XML_TEXTS, Derived, Item, Nothing, Order, Track, messages, model_of

from servicehost.contract.types import Ref
from servicehost.formats import csv, jsv, xml

MODELS = [model_of(message) for message in (Track, Item, Derived, Order, Nothing)]


@pytest.mark.parametrize("module", [xml, jsv, csv], ids=["xml", "jsv", "csv"])
@given(data=st.data())
def test_closures_write_the_same(module: ModuleType, data: st.DataObject) -> None:
    """Both produce the same output for nulls, empty texts, and texts that need escaping."""
    node = Ref(data.draw(st.sampled_from(MODELS)))
    value = data.draw(messages(node.model, XML_TEXTS))
    generated = module.compile_encoder(node, STYLE)
    with patch.object(module, "compile_writer", writers.closures):
        assert generated(value) == module.compile_encoder(node, STYLE)(value)


def test_different_writers_are_not_compared() -> None:
    """Comparing their times would be meaningless."""
    same: Any = {"generated": str.encode, "closures": str.encode}
    writers.check({"xml": same}, "a")
    with pytest.raises(writers.WritersDiffer, match="xml"):
        writers.check({"jsv": same, "xml": {"generated": str.encode, "closures": lambda _: b""}}, "a")


def test_the_response_is_written_by_every_format() -> None:
    """Each format writes fifty rows with their contacts."""
    rows = writers.response().connection_requests
    assert 50 == len(rows)
    assert all(row.contact and row.contact.contact_full_name for row in rows)
