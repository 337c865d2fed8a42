"""Tests that the cost of hostile bodies grows at most linearly, measured in calls, never in time."""

import sys
from collections.abc import Callable
from contextlib import suppress
from types import FrameType
from typing import Any

import pytest
from msgspec.msgpack import encode as encode_msgpack
from tests.support.tracks import STYLE, Order, Plain, model_of, node_of

from servicehost.contract.errors import MalformedBody, PayloadTooLarge, UnreadableMembers
from servicehost.formats import csv, json, jsonl, jsv, msgpack, xml
from servicehost.formats.batches import compile_items_reader
from servicehost.formats.codec import Format
from servicehost.formats.sizes import MAX_VALUES
from servicehost.formats.text import UnreadableText, compile_text_reader


def calls_of(run: Callable[[], Any]) -> int:
    """The number of Python functions called until `run` returns or refuses."""
    calls = 0

    def count(frame: FrameType, event: str, argument: object) -> None:
        nonlocal calls
        calls += event in ("call", "c_call")

    before = sys.getprofile()
    sys.setprofile(count)
    try:
        with suppress(MalformedBody, PayloadTooLarge, UnreadableMembers, UnreadableText):
            run()
    finally:
        sys.setprofile(before)
    return calls


HOSTILE: list[tuple[Format, Callable[[int], str]]] = [
    (json.FORMAT, lambda size: "[" * size),
    (json.FORMAT, lambda size: '{"a":' * size),
    (json.FORMAT, lambda size: '{"Roles":[' + '"x",' * size + '"x"]}'),
    (json.FORMAT, lambda size: "{" + '"Count":"x",' * size + '"Count":1}'),
    (json.FORMAT, lambda size: "{" + ",".join(f'"{case_of(number)}":"x"' for number in range(size)) + "}"),
    (json.FORMAT, lambda size: '{"Meta":{' + ",".join(f'"{number}":[]' for number in range(size)) + "}}"),
    (json.FORMAT, lambda size: '{"Count":"' + "9" * size + '"}'),
    (json.FORMAT, lambda size: '{"ConnectionId":"' + "\\u0061" * size + '"}'),
    (json.FORMAT, lambda size: "{" + '"\\\\' * size),
    (xml.FORMAT, lambda size: "<a>" * size),
    (xml.FORMAT, lambda size: "<Plain>" + "<Roles/>" * size + "</Plain>"),
    (xml.FORMAT, lambda size: "<Plain><Roles>" + "<guid/>" * size + "</Roles></Plain>"),
    (xml.FORMAT, lambda size: "<Plain><Name>" + "&#65;" * size + "</Name></Plain>"),
    (jsv.FORMAT, lambda size: "[" * size),
    (jsv.FORMAT, lambda size: "{a:" * size),
    (jsv.FORMAT, lambda size: '{Name:"' + '""' * size),
    (jsv.FORMAT, lambda size: "{Roles:[" + "," * size + "]}"),
    (jsv.FORMAT, lambda size: "{" + " " * size + ":"),
    (csv.FORMAT, lambda size: "Name\r\n" + '"' * (2 * size + 1)),
    (csv.FORMAT, lambda size: "Name" + "," * size + "\r\nx"),
    (csv.FORMAT, lambda size: "Roles\r\n" + "\r\n" * size),
    (jsonl.FORMAT, lambda size: "{}\n" * size),
    (jsonl.FORMAT, lambda size: "[\n" * size),
]


def case_of(number: int) -> str:
    """One of many casings of a member's name."""
    name = "connectionid"
    return "".join(mark.upper() if number >> place & 1 else mark for place, mark in enumerate(name))


@pytest.mark.parametrize("case", range(len(HOSTILE)), ids=[f"{each.name}{n}" for n, (each, _) in enumerate(HOSTILE)])
@pytest.mark.parametrize("message", [Plain, Order])
def test_cost_is_linear(message: Any, case: int) -> None:
    """A body that is ten times as long calls at most about ten times as many functions."""
    format_, make = HOSTILE[case]
    reader = format_.reader(model_of(message), STYLE)
    with suppress(MalformedBody, UnreadableMembers):
        reader(make(1).encode())
    small, large = make(300).encode(), make(3000).encode()
    assert calls_of(lambda: reader(large)) <= 11 * calls_of(lambda: reader(small)) + 500


@pytest.mark.parametrize("annotation", [int, list[int], dict[str, int], Plain])
@pytest.mark.parametrize("make", [lambda size: "[" * size, lambda size: "{" * size, lambda size: "1," * size])
def test_cost_of_texts_is_linear(annotation: Any, make: Callable[[int], str]) -> None:
    """The cost of values in a query string grows linearly too."""
    reader = compile_text_reader(node_of(annotation))
    small, large = make(300), make(3000)
    assert calls_of(lambda: reader(large)) <= 11 * calls_of(lambda: reader(small)) + 500


def test_errors_do_not_repeat_the_body() -> None:
    """Errors do not repeat a large body."""
    body = b'{"ContactId":"' + b"x" * 10**6 + b'","Grades":{"' + b"y" * 10**6 + b'":"z"}}'
    with pytest.raises(UnreadableMembers) as raised:
        json.FORMAT.reader(model_of(Order), STYLE)(body)
    assert 1000 > sum(len(error.field) + len(error.message) for error in raised.value.fields)


BATCHES: list[tuple[Format, Callable[[int], bytes]]] = [
    (json.FORMAT, lambda size: b"[" + b",".join([b'{"Name":"x"}'] * size) + b"]"),
    (csv.FORMAT, lambda size: b"Name\r\n" + b"x\r\n" * size),
    (jsonl.FORMAT, lambda size: b'{"Name":"x"}\n' * size),
    (msgpack.FORMAT, lambda size: encode_msgpack([{"Name": "x"}] * size)),
]


@pytest.mark.parametrize(("format_", "body"), BATCHES, ids=[format_.name for format_, _ in BATCHES])
def test_a_batch_of_too_many_requests_is_refused_before_one_is_read(
    format_: Format, body: Callable[[int], bytes]
) -> None:
    """A batch with too many requests is refused before any is read: a megabyte of empty ones took eleven seconds."""
    read = compile_items_reader(format_, model_of(Plain), STYLE, 100)

    calls = python_calls_of(lambda: read(body(20_000)))

    assert 1000 > calls  # the collector calls functions too; reading one request takes several


def python_calls_of(run: Callable[[], Any]) -> int:
    """The number of functions written in Python called until `run` refuses."""
    calls = 0

    def count(frame: FrameType, event: str, argument: object) -> None:
        nonlocal calls
        calls += event == "call"

    before = sys.getprofile()
    sys.setprofile(count)
    try:
        with pytest.raises(PayloadTooLarge):
            run()
    finally:
        sys.setprofile(before)
    return calls


@pytest.mark.parametrize("size", [60_000, 500_000])
@pytest.mark.parametrize("body", [lambda size: "Name\r\n" + "\r\n" * size, lambda size: "Name" + "," * size])
def test_csv_of_too_many_cells_is_refused(body: Callable[[int], str], size: int) -> None:
    """CSV with more cells than a thousand full rows is refused without reading them."""
    text = body(size).encode()
    calls = calls_of(lambda: csv.compile_reader(model_of(Plain), STYLE)(text))

    assert 350_000 > calls


def test_json_lines_of_too_many_lines_are_refused() -> None:
    """JSON lines with more lines than any request list may have are refused without reading them."""
    with pytest.raises(PayloadTooLarge, match="at most 10000"):
        jsonl.compile_reader(model_of(Plain), STYLE)(b"{}\n" * 10_001)


MANY_VALUES: list[tuple[Format, Callable[[int], bytes]]] = [
    (json.FORMAT, lambda size: b"{" + b",".join(b'"k%d":1' % number for number in range(size)) + b"}"),
    (json.FORMAT, lambda size: b'{"Unknown":[' + b",".join([b"{}"] * (size - 1)) + b"]}"),
    (json.FORMAT, lambda size: b'{"Unknown":[' + b",".join([b"[1]"] * (size // 2)) + b"]}"),
    (xml.FORMAT, lambda size: b"<Plain>" + b"<a/>" * (size - 1) + b"</Plain>"),
    (xml.FORMAT, lambda size: b"<Plain " + b" ".join(b'a%d="1"' % number for number in range(size - 1)) + b"/>"),
    (jsv.FORMAT, lambda size: b"{" + b",".join(b"k%d:1" % number for number in range(size - 1)) + b"}"),
    (jsv.FORMAT, lambda size: b"{Unknown:[" + b",".join([b"a"] * (size - 2)) + b"]}"),
    (msgpack.FORMAT, lambda size: encode_msgpack({str(number): 1 for number in range(size)})),
    (msgpack.FORMAT, lambda size: encode_msgpack({"Unknown": [[1]] * (size // 2)})),
]
"""Bodies with a given number of values; some count one or two more, for the containers."""


@pytest.mark.parametrize("case", range(len(MANY_VALUES)), ids=[f"{f.name}{n}" for n, (f, _) in enumerate(MANY_VALUES)])
def test_a_body_has_a_greatest_number_of_values(case: int) -> None:
    """A body with more values than the maximum is refused, even if no member reads them."""
    format_, make = MANY_VALUES[case]
    reader = format_.reader(model_of(Plain), STYLE)

    reader(make(MAX_VALUES - 2))
    with pytest.raises(PayloadTooLarge, match="more than 20000 values"):
        reader(make(MAX_VALUES + 2))


def test_commas_in_texts_are_no_values() -> None:
    """Separators inside a text do not count as values."""
    reader = json.FORMAT.reader(model_of(Plain), STYLE)

    assert {} == reader(b'{"Unknown":"' + b",[{" * 50_000 + b'"}')


@pytest.mark.parametrize(
    "text", ["{" + "a:1," * MAX_VALUES + "}", "[" + "1," * MAX_VALUES + "1]", '"a",' * (MAX_VALUES + 1)]
)
def test_a_text_has_a_greatest_number_of_values(text: str) -> None:
    """The values in a query or form text are limited like those of a body."""
    reader = compile_text_reader(node_of(dict[str, str] if text[0] == "{" else list[str]))

    with pytest.raises(PayloadTooLarge):
        reader(text)
