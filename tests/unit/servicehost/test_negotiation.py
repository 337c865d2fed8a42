"""Tests of the choice of formats."""

import pytest

from servicehost.formats.codec import Decoder, Encoder, Format, Reader, Style
from servicehost.negotiation import Negotiator


def no_codec(_type: object, _style: Style) -> Encoder | Decoder | Reader:
    """Formats are only chosen here, never used."""
    raise NotImplementedError


def a_format(name: str, *media_types: str, page_name: str = "", content_type: str = "") -> Format:
    """A format of a name and media types."""
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


NEGOTIATOR = Negotiator(
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
    """The first known type in the client's order of preference, else the request's own, else JSON."""
    assert expected == NEGOTIATOR.choose(accept=accept, content_type=content_type).format.name


def test_choice_is_remembered_without_the_content_type() -> None:
    """One Accept header may lead to different formats for different requests."""
    assert NEGOTIATOR.choose(accept="*/*", content_type="text/csv").format.name == "csv"
    assert NEGOTIATOR.choose(accept="*/*", content_type="application/xml").format.name == "xml"


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
    """Suffix before callback before `?format=` before Accept; an unknown `?format=` does not count."""
    choice = NEGOTIATOR.choose(suffix=suffix, callback=callback, name=name, accept="text/jsv")

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
    """JSV answers with the type asked for; the other formats with their own."""
    assert expected == NEGOTIATOR.choose(suffix=suffix, accept=accept).content_type


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
    """A body is read in the format that its Content-Type names, in any casing and with any parameters."""
    choice = NEGOTIATOR.read_as(content_type)

    assert expected == (choice.format.name if choice else None)


def test_names() -> None:
    """Suffixes and `?format=` understand the names of formats and those on the pages."""
    assert {"json", "xml", "jsv", "csv", "jsonl", "other", "html"} == NEGOTIATOR.names
