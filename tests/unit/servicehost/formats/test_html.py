"""Tests of the page content that shows responses."""

import re
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from html.parser import HTMLParser

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.support.tracks import (
    AT,
    STYLE,
    Grade,
    Item,
    Nothing,
    Track,
    Tracks,
    annotations,
    encoded,
    message_classes,
    messages,
    model_of,
    node_of,
    track,
)

from servicehost.contract.errors import UnsupportedMediaType
from servicehost.contract.types import Ref
from servicehost.formats.html import FORMAT, date_words, duration_words, words

ELEMENTS = frozenset(
    [
        "dl",
        "div",
        "dt",
        "dd",
        "ul",
        "li",
        "details",
        "summary",
        "code",
        "time",
        "p",
        "table",
        "caption",
        "thead",
        "tbody",
        "tr",
        "th",
        "td",
    ]
)
ATTRIBUTES = frozenset(("class", "title", "datetime", "scope", "role", "aria-label", "tabindex", "data-name"))


class Balanced(HTMLParser):
    """Checks that every element is closed, and collects the elements."""

    def __init__(self) -> None:
        super().__init__()
        self.open: list[str] = []
        self.seen: set[str] = set()
        self.attributes: set[str] = set()
        self.texts: list[str] = []

    def handle_starttag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        """Record the start of an element."""
        self.open.append(tag)
        self.seen.add(tag)
        self.attributes |= {name for name, _ in attributes}

    def handle_endtag(self, tag: str) -> None:
        """Record the end of an element."""
        assert tag == self.open.pop()

    def handle_data(self, data: str) -> None:
        """Record text."""
        self.texts.append(data)


def shown(value: object, annotation: object = None) -> str:
    """A value as HTML."""
    return encoded(FORMAT, value, annotation).decode()


def parsed(html: str) -> Balanced:
    """The elements and texts as a browser reads them."""
    reader = Balanced()
    reader.feed(html)
    reader.close()
    assert [] == reader.open
    return reader


def test_message() -> None:
    """A message is a definition list of its non-empty members, with names in words and exact names as titles."""
    html = shown(track())

    assert '<dt title="Name">Name</dt><dd>A &quot;b&quot;</dd>' in html
    assert "<dd><code>01234567-89ab-cdef-0123-456789abcdef</code></dd>" in html
    assert "<dd>1.50</dd>" in html
    assert '<ul class="values"><li>a,b</li><li>c</li></ul>' in html
    assert "Note" not in html


def test_dates_are_readable_and_exact() -> None:
    """Dates are shown in words, with the exact value as title."""
    assert (
        '<time datetime="2023-11-14T22:13:20Z" title="2023-11-14T22:13:20Z">14 November 2023, 22:13:20 UTC</time>'
    ) in shown(track())
    assert 'title="PT1H30M">1 hour 30 minutes</time>' in shown(track())


def test_list_of_messages_is_a_table() -> None:
    """A list of messages is a table with a column for each member that differs; null and empty texts are left out."""
    html = shown(Tracks(total=2, results=[track(name="<b>"), track(name=None, tags=[])]))

    assert "Note" not in html
    assert 2 == html.count("<tr><td")
    assert '<td data-name="Name">&lt;b&gt;</td>' in html
    assert "<caption>2 rows</caption>" in html
    assert html.count("<td></td>") == 2


def test_nested_values_in_a_table_open() -> None:
    """Messages and lists in a cell are collapsed to a summary: a name, or the number of items."""
    items = [Item(name="Outer", items=[Item(name="Inner"), Item()])]
    html = shown(items, list[Item])

    assert "<details><summary>2 items</summary>" in html
    assert '<td data-name="Name">Inner</td>' in html


def test_label_of_a_message() -> None:
    """A message in a dictionary is shown by its name."""
    html = shown({"a": Item(name="Acme"), "b": Item(size=1)}, dict[str, Item])

    assert "<dt>a</dt><dd><details><summary>Acme</summary>" in html
    assert "<dt>b</dt><dd><details><summary>Item</summary>" in html


@pytest.mark.parametrize(
    ("value", "annotation"),
    [(Nothing(), None), ([], list[int]), ([], list[Item]), ({}, dict[str, int]), (None, int | None)],
)
def test_nothing(value: object, annotation: object) -> None:
    """An empty value is shown as such."""
    assert '<p class="quiet">Nothing.</p>' == shown(value, annotation)


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (True, "Yes"),
        (False, "No"),
        (0, "0"),
        (1.5, "1.5"),
        (Decimal("1.50"), "1.50"),
        (Grade.GOOD, "GOOD"),
        ("a < b & 'c'", "a &lt; b &amp; &#x27;c&#x27;"),
        (b"abc", "<details><summary>3 bytes</summary><code>YWJj</code></details>"),
    ],
)
def test_scalars(value: object, expected: str) -> None:
    """A scalar is shown as its text."""
    assert expected == shown(value)


@given(data=st.data())
def test_every_message_is_well_formed(data: st.DataObject) -> None:
    """Messages of generated classes are well-formed, and no text becomes an element or an attribute."""
    model = model_of(data.draw(st.just(Track) | st.just(Item) | message_classes(annotations())))
    value = data.draw(messages(model))
    found = parsed(FORMAT.encoder(Ref(model), STYLE)(value).decode())

    assert found.seen <= ELEMENTS
    assert found.attributes <= ATTRIBUTES


@given(st.text(alphabet=st.characters(codec="utf-8", exclude_characters="\x00\r"), max_size=20))
def test_texts_survive(text: str) -> None:
    """A text is shown unchanged."""
    assert text == "".join(parsed(shown(text)).texts)


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("ContactId", "Contact id"),
        ("provider", "Provider"),
        ("URLPath", "URL path"),
        ("AllowJSON", "Allow JSON"),
        ("TotalConnections", "Total connections"),
    ],
)
def test_words(name: str, expected: str) -> None:
    """Names become words; abbreviations in capitals stay in capitals."""
    assert expected == words(name)


@pytest.mark.parametrize(
    ("instant", "expected"),
    [
        (AT, "14 November 2023, 22:13:20 UTC"),
        (datetime(1, 1, 1, tzinfo=UTC), "1 January 1, 00:00 UTC"),
        (datetime(2026, 12, 31, 9, 5, tzinfo=UTC), "31 December 2026, 09:05 UTC"),
    ],
)
def test_date_words(instant: datetime, expected: str) -> None:
    """Seconds are shown only if they are not zero."""
    assert expected == date_words(instant)


@pytest.mark.parametrize(
    ("duration", "expected"),
    [
        (timedelta(days=1, hours=2), "1 day 2 hours"),
        (timedelta(minutes=-90), "minus 1 hour 30 minutes"),
        (timedelta(0), "0 seconds"),
        (timedelta(microseconds=5), "0 seconds"),
        (timedelta(days=400, seconds=1), "400 days 1 second"),
    ],
)
def test_duration_words(duration: timedelta, expected: str) -> None:
    """Days, hours, minutes and seconds are shown if they are not zero."""
    assert expected == duration_words(duration)


def test_html_is_refused_as_a_body() -> None:
    """HTML is refused as a request body."""
    for run in (FORMAT.reader(model_of(Item), STYLE), FORMAT.decoder(node_of(Item), STYLE)):
        with pytest.raises(UnsupportedMediaType):
            run(b"<p>")


def test_long_lists_grow_with_their_length() -> None:
    """The size of a table grows linearly with its rows."""
    short, long = (len(shown([track()] * rows, list[Track])) for rows in (10, 1000))

    assert long < 110 * short
    assert not re.search(r"\s{2,}", shown([track()] * 10, list[Track]))
