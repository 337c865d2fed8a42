"""Tests of content negotiation."""

import sys
from dataclasses import replace
from typing import Any

import pytest

from servicehost.formats.codec import Decoder, Encoder, Format, Reader, Style
from servicehost.formats.flat_csv import FlatCsv
from servicehost.formats.jsconfig import JsonConfig
from servicehost.negotiation import Choice, Negotiator, preferences


def no_codec(_type: object, _style: Style) -> Encoder | Decoder | Reader:
    """Not called: these tests only choose formats."""
    raise NotImplementedError


def a_format(name: str, *media_types: str, page_name: str = "", content_type: str = "") -> Format:
    """A format with this name and these media types."""
    return Format(
        name=name,
        page_name=page_name or name,
        content_type=content_type or media_types[0],
        sample_content_type=media_types[0],
        media_types=media_types,
        encoder=no_codec,  # type: ignore[arg-type] # never called
        decoder=no_codec,
        reader=no_codec,  # type: ignore[arg-type] # never called
    )


def negotiator() -> Negotiator:
    """A negotiator with a host's formats and an empty cache."""
    return Negotiator(
        [
            a_format("json", "application/json", "text/json", content_type="application/json; charset=utf-8"),
            a_format("xml", "application/xml", "text/xml"),
            a_format("jsv", "text/jsv", "application/jsv"),
            a_format("csv", "text/csv"),
            a_format("jsonl", "text/jsonl", page_name="other"),
            a_format("html", "text/html"),
        ]
    )


BROWSER = "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"


@pytest.mark.parametrize(
    ("accept", "content_type", "expected"),
    [
        (None, None, "json"),
        ("*/*", None, "json"),
        ("*/*", "application/xml", "xml"),
        ("*/*", "text/xml; charset=utf-8", "xml"),
        ("*/*", "application/x-www-form-urlencoded", "json"),
        ("*/*", "text/plain;charset=UTF-8", "json"),
        (None, "text/csv", "csv"),
        ("application/xml", "application/json", "xml"),
        ("text/plain, application/json", None, "json"),
        ("application/json, text/plain, */*", "application/xml", "json"),
        ("text/plain", None, "json"),
        ("text/plain", "text/csv", "csv"),
        ("image/png, */*", None, "json"),
        ("application/xml;q=0.5, text/csv", None, "csv"),
        ("application/xml;q=0.5, text/csv;q=0.6", None, "csv"),
        ("application/xml;q=0, text/csv;q=0.1", None, "csv"),
        ("application/xml;q=0", None, "json"),
        ("application/xml; q=0.2, */*;q=0.9", None, "json"),
        ("application/json;q=nonsense", "text/csv", "json"),
        ("APPLICATION/XML", None, "xml"),
        ("application/xml;charset=utf-8", None, "xml"),
        ("text/jsonl", None, "jsonl"),
        ("application/*", None, "json"),
        ("text/*", None, "jsv"),
        (BROWSER, None, "html"),
        ("*/*;q=0.1, text/html;q=0.05", None, "json"),
        ("", "text/csv", "csv"),
    ],
)
def test_accept(accept: str | None, content_type: str | None, expected: str) -> None:
    """The first known type in the client's order of preference, otherwise the request's own type, otherwise JSON."""
    assert expected == negotiator().choose(accept=accept, content_type=content_type).format.name


def test_choice_is_remembered_without_the_content_type() -> None:
    """The cache ignores the Content-Type, so one Accept header may lead to different formats."""
    negotiating = negotiator()

    assert negotiating.choose(accept="*/*", content_type="text/csv").format.name == "csv"
    assert negotiating.choose(accept="*/*", content_type="application/xml").format.name == "xml"


@pytest.mark.parametrize("accept", ["application/xml", "text/plain", "*/*"])
def test_a_choice_is_the_same_when_it_is_asked_for_again(accept: str) -> None:
    """A choice does not depend on whether it is cached."""
    negotiating = negotiator()
    first = negotiating.choose(accept=accept)

    assert first is negotiating.choose(accept=accept)
    for number in range(300):
        assert "csv" == negotiating.choose(accept=f"text/csv;q=0.{number}1").format.name
    assert first is negotiating.choose(accept=accept)


def test_the_cache_is_bounded() -> None:
    """The cache is bounded, so clients cannot fill memory with new headers."""
    negotiating = negotiator()
    before = sys.getsizeof(negotiating._preferences)
    for number in range(10_000):
        negotiating.choose(accept=f"text/csv;q=0.{number}1")

    assert before < sys.getsizeof(negotiating._preferences)
    assert 256 == len(negotiating._preferences)


@pytest.mark.parametrize(
    ("expected", "header"),
    [
        ([("a", 1.0)], "a"),
        ([("a", 0.5), ("b", 1.0)], "A;q=0.5, B"),
        ([("a", 0.0), ("b", 1.0), ("c", 1.0)], "a;q=-1, b;q=7, c;q=nonsense"),
        ([("a", 0.25)], "a;level=1;Q = 0.25"),
        ([("a", 1.0)], "a;x=q=0.5"),
        ([("a", 1.0)], "a;q=0=5"),
        ([("a", 1.0)], "a;q=0=5;q=0.5"),
        ([("a", 1.0), ("b", 1.0)], "a,, ,b"),
        ([], ""),
        ([("a b", 1.0)], "a b"),
    ],
)
def test_preferences(expected: list[tuple[str, float]], header: str) -> None:
    """Names are in lower case and qualities from 0 to 1; an invalid quality counts as 1."""
    assert expected == preferences(header)


def test_the_choices_of_a_host() -> None:
    """The first format is the default; each has its own content type."""
    formats = [
        a_format("json", "application/json", content_type="application/json; charset=utf-8"),
        a_format("b", "b/b"),
    ]
    negotiating = Negotiator(formats)

    assert negotiating.default is negotiating.choices[0]
    assert [(formats[0], "application/json; charset=utf-8"), (formats[1], "b/b")] == [
        (choice.format, choice.content_type) for choice in negotiating.choices
    ]


def test_the_first_of_two_formats_counts() -> None:
    """If two formats share a name, a media type or a kind, the first one counts."""
    negotiating = Negotiator(
        [
            a_format("json", "application/json", "text/same"),
            a_format("json", "application/other", "text/same", page_name="JSON"),
        ]
    )
    default = negotiating.choices[0]

    assert default is negotiating.named("JSON") is negotiating.read_as("text/same")
    assert default is negotiating.choose(accept="application/*") is negotiating.choose(accept="text/same")


def test_formats_for_people_are_only_used_by_name() -> None:
    """Formats for people are not accepted as bodies and do not match `text/*`."""
    page = replace(a_format("html", "text/html"), for_people=True)
    negotiating = Negotiator([a_format("json", "application/json"), page, a_format("csv", "text/csv")])

    assert None is negotiating.read_as("text/html")
    assert "html" == negotiating.choose(accept="text/html").format.name
    assert "csv" == negotiating.choose(accept="text/*").format.name


def test_a_callback_without_json_is_ignored() -> None:
    """`?callback=` has no effect on a host without JSON."""
    negotiating = Negotiator([a_format("xml", "application/xml"), a_format("csv", "text/csv")])

    assert "csv" == negotiating.choose(callback=True, name="csv").format.name


@pytest.mark.parametrize(
    ("expected", "changes", "members"),
    [
        (True, {}, {}),
        (False, {"download": True}, {}),
        (False, {"for_people": True}, {}),
        (False, {}, {"callback": "show"}),
        (False, {}, {"config": JsonConfig()}),
    ],
)
def test_plain_answers(expected: bool, changes: dict[str, Any], members: dict[str, Any]) -> None:
    """Downloads, pages, JSONP and customised JSON are not plain."""
    assert expected is Choice(replace(a_format("json", "application/json"), **changes), "", **members).is_plain


@pytest.mark.parametrize(
    ("suffix", "callback", "name", "expected"),
    [
        ("csv", True, "xml", "csv"),
        ("", True, "xml", "json"),
        ("", False, "xml", "xml"),
        ("", False, "XML", "xml"),
        ("", False, "xml.gz", "xml"),
        ("", False, "other", "jsonl"),
        ("", False, "jsonl", "jsonl"),
        ("other", False, "", "jsonl"),
        ("", False, "nonsense", "jsv"),
        ("", False, "", "jsv"),
    ],
)
def test_order(suffix: str, callback: bool, name: str, expected: str) -> None:
    """The order is suffix, callback, `?format=`, Accept; an unknown `?format=` is ignored."""
    choice = negotiator().choose(suffix=suffix, callback=callback, name=name, accept="text/jsv")

    assert expected == choice.format.name


@pytest.mark.parametrize(
    ("suffix", "accept", "expected"),
    [
        ("", "application/jsv", "application/jsv"),
        ("", "text/jsv", "text/jsv"),
        ("jsv", None, "text/jsv"),
        ("jsv", "*/*", "text/jsv"),
        ("jsv", "application/json, application/jsv", "application/jsv"),
        ("", "text/xml", "application/xml"),
        ("", "text/json", "application/json; charset=utf-8"),
    ],
)
def test_content_type(suffix: str, accept: str | None, expected: str) -> None:
    """JSV uses the requested media type; other formats use their own."""
    assert expected == negotiator().choose(suffix=suffix, accept=accept).content_type


@pytest.mark.parametrize(
    ("content_type", "expected"),
    [
        ("application/json", "json"),
        ("Application/JSON; charset=utf-8", "json"),
        ("text/xml", "xml"),
        ("text/plain", None),
        ("", None),
    ],
)
def test_read_as(content_type: str, expected: str | None) -> None:
    """A body is read in the format of its Content-Type, in any casing and with any parameters."""
    choice = negotiator().read_as(content_type)

    assert expected == (choice.format.name if choice else None)


def test_a_named_format_has_the_type_that_was_asked_for() -> None:
    """A format named by `?format=` has the requested media type."""
    assert "application/jsv" == negotiator().choose(name="jsv", accept="application/jsv").content_type


def test_names() -> None:
    """Suffixes and `?format=` accept the names of formats and their names on pages."""
    assert {"json", "xml", "jsv", "csv", "jsonl", "other", "html"} == negotiator().names


CONFIG, FLAT = JsonConfig(), FlatCsv()


@pytest.mark.parametrize(
    ("name", "wishes", "expected"),
    [
        ("json", ("", None, None), None),
        ("json", ("", None, FLAT), None),
        ("json", ("show", None, None), ("text/javascript; charset=utf-8", "show", None, None)),
        ("json", ("show", CONFIG, FLAT), ("text/javascript; charset=utf-8", "show", CONFIG, None)),
        ("json", ("", CONFIG, None), ("own", "", CONFIG, None)),
        ("csv", ("show", CONFIG, None), None),
        ("csv", ("show", CONFIG, FLAT), ("text/csv; charset=utf-8", "", None, FLAT)),
        ("xml", ("show", CONFIG, FLAT), None),
    ],
)
def test_options_of_a_query(
    name: str,
    wishes: tuple[str, JsonConfig | None, FlatCsv | None],
    expected: tuple[str, str, JsonConfig | None, FlatCsv | None] | None,
) -> None:
    """JSON supports callbacks and options, CSV the flat form; other formats ignore these."""
    choice = Choice(a_format(name, "media/type"), "own")
    wished = choice.with_options(*wishes)

    if expected is None:
        assert choice is wished
    else:
        shown = (wished.content_type, wished.callback, wished.config, wished.flat)
        assert (choice.format, expected) == (wished.format, shown)
