"""Properties of all formats: round trips, agreement of strict and lenient reading, and known errors only."""

from collections.abc import Callable
from typing import Any, Final

import msgspec
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.support.tracks import (
    AT,
    CAMEL,
    STYLE,
    TEXTS,
    XML_TEXTS,
    Derived,
    Item,
    Order,
    Plain,
    Track,
    Tracks,
    annotations,
    message_classes,
    messages,
    model_of,
    plain_annotations,
)

from servicehost.contract.errors import MalformedBody, UnreadableMembers
from servicehost.contract.types import ListOf, MessageModel, Ref
from servicehost.formats import csv, json, jsonl, jsv, xml
from servicehost.formats._rows import rows_of
from servicehost.formats.codec import Format, Style
from servicehost.formats.registry import WIRE_FORMATS

PATIENT: Final = settings(suppress_health_check=[HealthCheck.too_slow, HealthCheck.filter_too_much])
"""Generating classes is slow on a busy machine, which is not a property of the formats."""

NAMES: Final = [each.name for each in WIRE_FORMATS]
MODELS: Final = tuple(model_of(message) for message in (Track, Item, Derived, Plain))
REQUESTS: Final = tuple(model_of(message) for message in (Order, Plain, Tracks))
ROWS: Final = (csv.FORMAT, jsonl.FORMAT)


def texts_of(format_: Format) -> st.SearchStrategy[str]:
    """The texts that a format can represent."""
    return XML_TEXTS if format_ is xml.FORMAT else TEXTS


def one_row(format_: Format) -> st.SearchStrategy[MessageModel]:
    """Models of messages that the format does not write as rows."""
    models = st.sampled_from(MODELS) | message_classes(annotations()).map(model_of)
    return models.filter(lambda model: format_ not in ROWS or rows_of(model) is None)


@pytest.mark.parametrize("format_", WIRE_FORMATS, ids=NAMES)
@PATIENT
@given(data=st.data(), style=st.sampled_from([STYLE, CAMEL]))
def test_round_trip(format_: Format, style: Style, data: st.DataObject) -> None:
    """A message of a written or generated class survives a round trip."""
    model = data.draw(one_row(format_))
    value = data.draw(messages(model, texts_of(format_)))
    body = format_.encoder(Ref(model), style)(value)
    assert value == format_.decoder(Ref(model), style)(body)


@pytest.mark.parametrize("format_", ROWS, ids=["csv", "jsonl"])
@PATIENT
@given(data=st.data())
def test_rows_survive(format_: Format, data: st.DataObject) -> None:
    """CSV and JSON lines keep the rows of a response with a list and omit the rest; null is an empty list."""
    model = model_of(Tracks)
    value = data.draw(messages(model))
    value.response_status = None
    back = format_.decoder(Ref(model), STYLE)(format_.encoder(Ref(model), STYLE)(value))
    assert (value.results or []) == (back.results or [])


@pytest.mark.parametrize("format_", WIRE_FORMATS, ids=NAMES)
@PATIENT
@given(data=st.data())
def test_round_trip_of_lists(format_: Format, data: st.DataObject) -> None:
    """A list of messages survives a round trip."""
    model = model_of(Track)
    value = data.draw(st.lists(messages(model, texts_of(format_)), max_size=3))
    node = ListOf(Ref(model))
    assert value == format_.decoder(node, STYLE)(format_.encoder(node, STYLE)(value))


@pytest.mark.parametrize("format_", WIRE_FORMATS, ids=NAMES)
@PATIENT
@given(data=st.data())
def test_readers_give_what_was_sent(format_: Format, data: st.DataObject) -> None:
    """The members that a reader returns build the message that was written."""
    model = model_of(Plain)
    value = data.draw(messages(model, texts_of(format_)))
    body = format_.encoder(Ref(model), STYLE)(value)
    assert value == model.build(format_.reader(model, STYLE)(body))


@pytest.mark.parametrize("format_", WIRE_FORMATS, ids=NAMES)
@PATIENT
@given(data=st.data(), model=st.sampled_from(REQUESTS))
def test_bytes_give_nothing_else(format_: Format, model: MessageModel, data: st.DataObject) -> None:
    """Any body is read as a value, or refused as malformed or with a list of unreadable members."""
    body = data.draw(st.binary(max_size=60) | st.text(max_size=60).map(str.encode) | damaged(format_, model))
    for run in (format_.reader(model, STYLE), format_.decoder(Ref(model), STYLE)):
        refused = refusal(run, body)
        assert refused is None or explains(refused)


def refusal(run: Callable[[bytes], Any], body: bytes) -> UnreadableMembers | MalformedBody | None:
    """The error for a refused body; unexpected errors propagate."""
    try:
        run(body)
    except (UnreadableMembers, MalformedBody) as error:
        return error
    return None


def explains(error: UnreadableMembers | MalformedBody) -> bool:
    """Whether an error names members or describes the error, without internals."""
    if isinstance(error, UnreadableMembers):
        return all(problem.field and problem.message for problem in error.fields) and bool(error.fields)
    return bool(error.message) and "msgspec" not in error.message


@st.composite
def damaged(draw: st.DrawFn, format_: Format, model: MessageModel) -> bytes:
    """A valid body with a part removed, doubled or replaced."""
    body = format_.encoder(Ref(model), STYLE)(draw(messages(model)))
    start = draw(st.integers(0, len(body)))
    end = draw(st.integers(start, min(len(body), start + 8)))
    return (
        body[:start]
        + draw(st.sampled_from([b"", body[start:end] * 2, b'"', b"{", b"]", b"\xff", b"\x00"]))
        + body[end:]
    )


_JSON_VALUES: Final = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**70), 2**70) | st.floats(allow_nan=False) | TEXTS | st.uuids().map(str),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(TEXTS, inner, max_size=3),
    max_leaves=5,
)


@PATIENT
@given(data=st.data())
def test_lenient_is_strict(data: st.DataObject) -> None:
    """Wherever strict reading of JSON succeeds, lenient reading returns the same."""
    message = data.draw(st.just(Plain) | message_classes(plain_annotations()))
    model = model_of(message)
    strict = json.compile_strict_reader(model)
    assert strict is not None
    right = messages(model).map(json.compile_encoder(Ref(model), STYLE)).map(msgspec.json.decode)
    other = st.dictionaries(st.sampled_from([member.name for member in model.members]), _JSON_VALUES)
    tree = {**data.draw(right), **data.draw(st.just({}) | other)}
    body = msgspec.json.encode(tree)
    try:
        expected = strict(body)
    except msgspec.ValidationError:
        return
    assert expected == json.compile_lenient_reader(model)(body)


@PATIENT
@given(number=st.integers(-(10**40), 10**40) | st.floats(allow_nan=False, allow_infinity=False))
def test_numbers_are_equally_exact(number: float) -> None:
    """Strict and lenient reading convert every number to the same double."""
    model = model_of(Plain)
    strict = json.compile_strict_reader(model)
    assert strict is not None
    body = msgspec.json.encode({"Weight": number})
    assert strict(body) == json.compile_lenient_reader(model)(body)


@PATIENT
@given(value=st.lists(TEXTS, max_size=4))
def test_jsv_is_not_moved_by_blanks(value: list[str]) -> None:
    """Blanks and line breaks around the tokens of JSV have no effect."""
    model = model_of(Track)
    compact = jsv.compile_text_writer(Ref(model), STYLE)(Track(id=1, at=AT, tags=value))
    spaced = f"\n{{\n\t{compact[1:-1]}\r\n}} \n"
    assert compact_read(compact) == compact_read(spaced)


def compact_read(text: str) -> Any:
    """The message in a JSV text."""
    return jsv.FORMAT.decoder(Ref(model_of(Track)), STYLE)(text.encode())
