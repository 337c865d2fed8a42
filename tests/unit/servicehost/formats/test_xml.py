"""Tests of XML."""

from datetime import timedelta
from typing import Any, ClassVar

import pytest
from tests.support.tracks import (
    AT,
    KEY,
    STYLE,
    Derived,
    Done,
    Grade,
    Item,
    Nothing,
    Order,
    Plain,
    Tracks,
    encoded,
    node_of,
    read,
    track,
)

from servicehost.contract.datacontract import ARRAYS, INSTANCE
from servicehost.contract.errors import MalformedBody, UnreadableMembers
from servicehost.contract.messages import Message
from servicehost.contract.scalars import Guid
from servicehost.contract.status import SERVICESTACK_TYPES, ErrorResponse, ResponseError, ResponseStatus
from servicehost.formats.codec import Style
from servicehost.formats.xml import DECLARATION, FORMAT, escape

OTHER = Style("http://schemas.datacontract.org/2004/07/Other")


class Foreign(Message):
    """A message in another namespace than its enclosing message."""

    namespace: ClassVar[str | None] = "urn:foreign"

    guids: list[Guid] | None = None
    done: Done | None = None


class Host(Foreign):
    """A message whose base is in another namespace."""

    namespace: ClassVar[str | None] = None

    foreign: Foreign | None = None
    foreigners: list[Foreign] | None = None
    meta: dict[str, int] | None = None


def written(value: Any, style: Style = STYLE, annotation: Any = None) -> str:
    """A value in XML, without the declaration and with short names for the two constant namespaces."""
    text = encoded(FORMAT, value, annotation, style).decode()
    assert text.startswith(DECLARATION)
    return text.removeprefix(DECLARATION).replace(INSTANCE, "I").replace(ARRAYS, "A").replace(SERVICESTACK_TYPES, "S")


def test_worked_example() -> None:
    """Members are in alphabetical order, nulls are nil, lists and dictionaries are in the namespace of arrays."""
    expected = (
        '<Track xmlns:i="I" xmlns="S"><At>2023-11-14T22:13:20Z</At><Id>1</Id>'
        "<Key>01234567-89ab-cdef-0123-456789abcdef</Key><Kind>Rock</Kind><Len>PT1H30M</Len>"
        '<Meta xmlns:d2p1="A"><d2p1:KeyValueOfstringstring><d2p1:Key>k</d2p1:Key><d2p1:Value>v</d2p1:Value>'
        '</d2p1:KeyValueOfstringstring></Meta><Name>A "b"</Name><Note i:nil="true" /><Ok>true</Ok><Price>1.50</Price>'
        '<Tags xmlns:d2p1="A"><d2p1:string>a,b</d2p1:string><d2p1:string>c</d2p1:string></Tags></Track>'
    )
    assert expected == written(track())


def test_prefixes_are_named_by_depth() -> None:
    """The tags of a track in a list of tracks are at depth four."""
    text = written(Tracks(total=1, results=[track(meta=None)]))
    assert text.startswith('<Tracks xmlns:i="I" xmlns="S"><ResponseStatus i:nil="true" /><Results><Track>')
    assert '<Meta xmlns:d4p1="A" i:nil="true" />' in text
    assert '<Tags xmlns:d4p1="A"><d4p1:string>' in text
    assert text.endswith("</Track></Results><Total>1</Total></Tracks>")


def test_error() -> None:
    """Errors are in declared order, in ServiceStack's shared namespace."""
    status = ResponseStatus(error_code="ArgumentException", message="bad", errors=[])
    expected = (
        '<ErrorResponse xmlns:i="I" xmlns="S"><ResponseStatus><ErrorCode>ArgumentException</ErrorCode>'
        '<Message>bad</Message><StackTrace i:nil="true" /><Errors /><Meta xmlns:d3p1="A" i:nil="true" />'
        "</ResponseStatus></ErrorResponse>"
    )
    assert expected == written(ErrorResponse(response_status=status), OTHER)


def test_status_in_another_namespace() -> None:
    """A status in a response of another namespace has the prefix of its depth; its meta has a prefix of its own."""
    status = ResponseStatus(errors=[ResponseError(field_name="F", meta={"a": "b"})])
    text = written(Done(response_status=status), OTHER)
    assert f'<Done xmlns:i="I" xmlns="{OTHER.namespace}"><ResponseStatus xmlns:d2p1="S"><d2p1:ErrorCode i:nil' in text
    assert '<d2p1:Errors><d2p1:ResponseError><d2p1:ErrorCode i:nil="true" /><d2p1:FieldName>F</d2p1:FieldName>' in text
    assert '<d2p1:Meta xmlns:d5p1="A"><d5p1:KeyValueOfstringstring><d5p1:Key>a</d5p1:Key>' in text
    assert '<d2p1:Meta xmlns:d3p1="A" i:nil="true" /></ResponseStatus></Done>' in text


def test_null_of_another_namespace() -> None:
    """The namespace of a null value is declared too."""
    expected = f'<Done xmlns:i="I" xmlns="{OTHER.namespace}"><ResponseStatus xmlns:d2p1="S" i:nil="true" /></Done>'
    assert expected == written(Done(), OTHER)


def test_members_stay_in_the_namespace_that_declares_them() -> None:
    """Inherited members make their namespace the default; a namespace in scope is not declared again."""
    text = written(Host(foreign=Foreign(guids=[KEY], done=Done()), foreigners=[Foreign()], meta={"a": 1}), OTHER)
    assert f'<Done xmlns:d2p1="{OTHER.namespace}" xmlns="urn:foreign" i:nil="true" />' in text
    assert '<Guids xmlns:d2p1="A" xmlns="urn:foreign" i:nil="true" />' in text
    assert (
        '<Foreign xmlns:d2p1="urn:foreign"><d2p1:Done><ResponseStatus xmlns:d4p1="S" i:nil="true" /></d2p1:Done>'
        in text
    )
    assert f'<d2p1:Guids xmlns:d3p1="A"><d3p1:guid>{KEY}</d3p1:guid></d2p1:Guids></Foreign>' in text
    assert '<Foreigners xmlns:d2p1="urn:foreign"><d2p1:Foreign><d2p1:Done xmlns' not in text
    assert '<Meta xmlns:d2p1="A"><d2p1:KeyValueOfstringint><d2p1:Key>a</d2p1:Key><d2p1:Value>1</d2p1:Value>' in text


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (Nothing(), '<Nothing xmlns:i="I" xmlns="S" />'),
        (
            Derived(charlie=""),
            '<Derived xmlns:i="I" xmlns="S"><Alpha i:nil="true" /><Beta>0</Beta><Charlie /><Delta>0</Delta></Derived>',
        ),
        (
            Item(grade=Grade.GOOD, items=[], data=b"", weight=float("-inf")),
            (
                '<Item xmlns:i="I" xmlns="S"><Data /><Grade>GOOD</Grade><Items /><Name i:nil="true" /><Size>0</Size>'
                "<Weight>-INF</Weight></Item>"
            ),
        ),
    ],
)
def test_written(value: Any, expected: str) -> None:
    """Inherited members come first; empty texts and lists are empty elements."""
    assert expected == written(value)


@pytest.mark.parametrize(
    ("annotation", "value", "expected"),
    [
        (list[str], ["a"], '<ArrayOfstring xmlns:i="I" xmlns="A"><string>a</string></ArrayOfstring>'),
        (list[Nothing], [], '<ArrayOfNothing xmlns:i="I" xmlns="S" />'),
        (list[str | None], [None], '<ArrayOfstring xmlns:i="I" xmlns="A"><string i:nil="true" /></ArrayOfstring>'),
        (
            list[list[int]],
            [[1], []],
            '<ArrayOfArrayOfint xmlns:i="I" xmlns="A"><ArrayOfint><int>1</int></ArrayOfint><ArrayOfint /></ArrayOfArrayOfint>',
        ),
        (Nothing | None, None, '<Nothing xmlns:i="I" xmlns="S" i:nil="true" />'),
        (
            timedelta,
            timedelta(1),
            '<duration xmlns:i="I" xmlns="http://schemas.microsoft.com/2003/10/Serialization/">P1D</duration>',
        ),
        (Grade, Grade.GOOD, '<Grade xmlns:i="I" xmlns="S">GOOD</Grade>'),
    ],
)
def test_roots(annotation: Any, value: Any, expected: str) -> None:
    """Every type has a root named after it."""
    assert expected == written(value, annotation=annotation)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("a < b & c > \"d\" 'e'", "a &lt; b &amp; c &gt; \"d\" 'e'"),
        ("]]>", "]]&gt;"),
        ("tab\tlf\ncr\r", "tab\tlf\ncr&#xD;"),
        ("\x00\x1f\ufffe\ud800", "\ufffd\ufffd\ufffd\ufffd"),
        ("\u00e9\u65e5\U0001f600", "\u00e9\u65e5\U0001f600"),
    ],
)
def test_escape(text: str, expected: str) -> None:
    """Markup is escaped, a carriage return survives, and characters that XML does not allow are replaced."""
    assert expected == escape(text)


def test_strings_cannot_become_markup() -> None:
    """Texts of members, lists and dictionaries cannot become markup."""
    text = written(track(name="<a>&", tags=["<b/>"], meta={"<c>": "</d>"}))
    assert "<Name>&lt;a&gt;&amp;</Name>" in text
    assert "<d2p1:string>&lt;b/&gt;</d2p1:string>" in text
    assert "<d2p1:Key>&lt;c&gt;</d2p1:Key><d2p1:Value>&lt;/d&gt;</d2p1:Value>" in text


def test_messages_that_nest_themselves() -> None:
    """A recursive message is written at every depth."""
    text = written(Item(name="1", items=[Item(name="2", items=[Item(name="3")])]))
    assert ["3", "2", "1"] == [part[0] for part in text.split("<Name>")[1:]]


@pytest.mark.parametrize(
    "body",
    [
        "<Plain><Count>1</Count><Name>x</Name></Plain>",
        "<Plain xmlns='urn:any'><Name>x</Name><Count> 1 </Count></Plain>",
        "<p:Plain xmlns:p='urn:any'><p:name>x</p:name><p:COUNT>1</p:COUNT></p:Plain>",
        "<d:Other><d:Name>x</d:Name><d:Count>1</d:Count></d:Other>",
        "<Plain><Name><![CDATA[x]]></Name><!-- y --><?z?><Nope><Deep/></Nope><Count>&#49;</Count></Plain>",
        "<?xml version='1.0' encoding='utf-8'?>\n<Plain>\n  <Count>1</Count>\n  <Name>x</Name>\n</Plain>\n",
        "\ufeff<Plain><Count>2</Count><Count>1</Count><Name>x</Name><Ok i:nil='true' /><Size /></Plain>",
    ],
)
def test_understood(body: str) -> None:
    """Elements are read in any order, with or without any prefix or namespace; unknown ones are ignored."""
    assert {"name": "x", "count": 1} == read(FORMAT, body.encode(), Plain)


@pytest.mark.parametrize("body", ["", " \n", "<Plain/>", "<Plain i:nil='true'/>", "<Plain> </Plain>"])
def test_nothing_given(body: str) -> None:
    """An empty body and an empty root contain no members."""
    assert {} == read(FORMAT, body.encode(), Plain)


def test_nested_reading() -> None:
    """Nested lists, dictionaries and messages are read."""
    body = (
        f"<Order><ContactId>{KEY}</ContactId><Grades><KeyValueOfstringGrade><Key>a</Key><Value>GOOD</Value>"
        "</KeyValueOfstringGrade></Grades><Item><Items><Item/><Item><Name/></Item></Items></Item><Items/></Order>"
    )
    expected = {
        "contact_id": KEY,
        "grades": {"a": Grade.GOOD},
        "item": Item(items=[Item(), Item(name="")]),
        "items": [],
    }
    assert expected == read(FORMAT, body.encode(), Order)


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ("<Order><ContactId>abc</ContactId></Order>", "ContactId"),
        ("<Order><ContactId><Id/></ContactId></Order>", "ContactId"),
        ("<Order><Item>abc</Item></Order>", "Item"),
        ("<Order><Items>abc</Items></Order>", "Items"),
        ("<Order><Items><Item><Size>x</Size></Item></Items></Order>", "Items[0].Size"),
        ("<Order><Items><Item i:nil='1'/></Items></Order>", "Items[0]"),
        ("<Order><Grades>abc</Grades></Order>", "Grades"),
        ("<Order><Grades><KeyValue><Value>GOOD</Value></KeyValue></Grades></Order>", "Grades"),
    ],
)
def test_unreadable(body: str, field: str) -> None:
    """A value of the wrong kind is an error that names the member."""
    with pytest.raises(UnreadableMembers) as raised:
        read(FORMAT, body.encode(), Order)
    assert [field] == [error.field for error in raised.value.fields]


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        ("<Plain>", "The body is not valid XML (line 1, column 8)."),
        ("<Plain>&nope;</Plain>", "The body is not valid XML (line 1, column 8)."),
        ("<!DOCTYPE Plain><Plain/>", "The body has a DOCTYPE, which is not supported. Send the XML without it."),
        (
            '<!DOCTYPE x [<!ENTITY a "b"><!ENTITY c SYSTEM "file:///etc/passwd">]><Plain><Name>&a;&c;</Name></Plain>',
            "The body has a DOCTYPE, which is not supported. Send the XML without it.",
        ),
        ("<a>" * 100000, "The body nests deeper than 64 levels. Send fewer nested levels."),
        ("<Plain>text</Plain>", "The body must be one object with the members of Plain."),
        ("{}", "The body is not valid XML (line 1, column 1)."),
    ],
)
def test_malformed(body: str, expected: str) -> None:
    """Invalid XML, and XML that could make a parser read more than the body, is refused."""
    with pytest.raises(MalformedBody) as raised:
        read(FORMAT, body.encode(), Plain)
    assert expected == raised.value.message


def test_encoding_is_not_the_writers_choice() -> None:
    """XML is read as UTF-8 regardless of its declaration, or as UTF-16 with a byte order mark."""
    with pytest.raises(MalformedBody):
        read(FORMAT, b"<?xml version='1.0' encoding='latin1'?><Plain><Name>\xff</Name></Plain>", Plain)
    assert {"name": "x"} == read(FORMAT, "<Plain><Name>x</Name></Plain>".encode("utf-16"), Plain)


def test_date_is_in_utc() -> None:
    """A date with an offset is converted to UTC."""
    body = b"<Track><Id>1</Id><At>2023-11-15T09:13:20+11:00</At></Track>"
    assert AT == FORMAT.decoder(node_of(type(track())), Style("urn:x"))(body).at
