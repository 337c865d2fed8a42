"""Sample messages in each format."""

import enum
import json
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Annotated, ClassVar

from servicehost.contract.messages import Member, Message
from servicehost.contract.scalars import EMPTY_GUID, Guid, Long
from servicehost.contract.status import ResponseStatus
from servicehost.contract.types import MessageModel, TypeModel
from servicehost.samples import sample_text

SERVICE = "http://schemas.example.com/service"


class Tone(enum.StrEnum):
    """How loud."""

    PLAIN = "Plain"
    WARM = "Warm"


class Scalars(Message):
    """One member of each scalar type."""

    text: str | None = None
    flag: bool = False
    count: int = 0
    many: Long = 0
    ratio: float = 0.0
    price: Decimal = Decimal(0)
    key: Guid = EMPTY_GUID
    other_key: Guid | None = None
    at: datetime | None = None
    length: timedelta = timedelta(0)
    raw: bytes = b""
    tone: Tone = Tone.PLAIN


class Part(Message):
    """A part of something."""

    id: Guid
    name: str | None = None


class Collections(Message):
    """Lists, dictionaries and messages in a message."""

    keys: list[Guid]
    labels: dict[str, str]
    parts: list[Part]
    by_name: dict[str, Part] | None = None
    secret: Annotated[str | None, Member(published=False)] = None


class Tree(Message):
    """A recursive message."""

    name: str | None = None
    parent: "Tree | None" = None
    children: list["Tree"]
    by_name: dict[str, "Tree"]


class Empty(Message):
    """Has no members."""


class OnlyGuids(Message):
    """Has only members that JSV omits."""

    id: Guid


class HoldsGuids(Message):
    """Contains messages whose members JSV omits."""

    held: OnlyGuids | None = None
    list: list[OnlyGuids]


class Elsewhere(Message):
    """Is declared in another namespace."""

    namespace: ClassVar[str | None] = "http://schemas.example.com/elsewhere"

    zone: str | None = None
    tags: list[str]


class Mixed(Elsewhere):
    """Derives from a message of another namespace."""

    namespace: ClassVar[str | None] = None

    area: str | None = None


def model(python: type[Message]) -> MessageModel:
    """Return the model of a message class."""
    return TypeModel().message(python)


def sample(python: type[Message], format_name: str) -> str:
    """Return the sample of a message class."""
    return sample_text(model(python), format_name, SERVICE)


def test_scalars_in_json() -> None:
    """A Guid has dashes, a nullable one does not; a date has seven decimals."""
    expected = {
        "Text": "String",
        "Flag": False,
        "Count": 0,
        "Many": 0,
        "Ratio": 0,
        "Price": 0,
        "Key": "00000000-0000-0000-0000-000000000000",
        "OtherKey": "00000000000000000000000000000000",
        "At": "0001-01-01T00:00:00.0000000",
        "Length": "PT0S",
        "Raw": "AA==",
        "Tone": "Plain",
    }
    assert expected == json.loads(sample(Scalars, "json"))


def test_scalars_in_jsv() -> None:
    """There are no quotes, booleans are capitalised, and Guids that are not nullable are absent."""
    expected = """{
	Text: String,
	Flag: False,
	Count: 0,
	Many: 0,
	Ratio: 0,
	Price: 0,
	OtherKey: 00000000000000000000000000000000,
	At: 0001-01-01,
	Length: PT0S,
	Raw: AA==,
	Tone: Plain
}"""
    assert expected == sample(Scalars, "jsv")


def test_scalars_in_xml() -> None:
    """Elements are in alphabetical order; every Guid has dashes."""
    expected = """\
<Scalars xmlns:i="http://www.w3.org/2001/XMLSchema-instance" xmlns="http://schemas.example.com/service">
  <At>0001-01-01T00:00:00</At>
  <Count>0</Count>
  <Flag>false</Flag>
  <Key>00000000-0000-0000-0000-000000000000</Key>
  <Length>PT0S</Length>
  <Many>0</Many>
  <OtherKey>00000000-0000-0000-0000-000000000000</OtherKey>
  <Price>0</Price>
  <Ratio>0</Ratio>
  <Raw>AA==</Raw>
  <Text>String</Text>
  <Tone>Plain</Tone>
</Scalars>"""
    assert expected == sample(Scalars, "xml")


def test_collections_in_json() -> None:
    """A list has one element, a dictionary one pair; unpublished members are absent."""
    part = '{"Id":"00000000-0000-0000-0000-000000000000","Name":"String"}'
    expected = (
        '{"Keys":["00000000-0000-0000-0000-000000000000"],"Labels":{"String":"String"},'
        f'"Parts":[{part}],"ByName":{{"String":{part}}}}}'
    )
    assert expected == sample(Collections, "json")


def test_collections_in_jsv() -> None:
    """Nested objects and lists start on the next line, after a blank; a Guid in a list has dashes."""
    expected = """{
	Keys: ¶
	[
		00000000-0000-0000-0000-000000000000
	],
	Labels: ¶
	{
		String: String
	},
	Parts: ¶
	[
		{
			Name: String
		}
	],
	ByName: ¶
	{
		String: ¶
		{
			Name: String
		}
	}
}"""
    assert expected == sample(Collections, "jsv").replace(" \n", " ¶\n")


def test_collections_in_xml() -> None:
    """Scalars of a list are in the Arrays namespace, messages in their own."""
    expected = """\
<Collections xmlns:i="http://www.w3.org/2001/XMLSchema-instance" xmlns="http://schemas.example.com/service">
  <ByName xmlns:d2p1="http://schemas.microsoft.com/2003/10/Serialization/Arrays">
    <d2p1:KeyValueOfstringPartl7ibbSTq>
      <d2p1:Key>String</d2p1:Key>
      <d2p1:Value>
        <Id>00000000-0000-0000-0000-000000000000</Id>
        <Name>String</Name>
      </d2p1:Value>
    </d2p1:KeyValueOfstringPartl7ibbSTq>
  </ByName>
  <Keys xmlns:d2p1="http://schemas.microsoft.com/2003/10/Serialization/Arrays">
    <d2p1:guid>00000000-0000-0000-0000-000000000000</d2p1:guid>
  </Keys>
  <Labels xmlns:d2p1="http://schemas.microsoft.com/2003/10/Serialization/Arrays">
    <d2p1:KeyValueOfstringstring>
      <d2p1:Key>String</d2p1:Key>
      <d2p1:Value>String</d2p1:Value>
    </d2p1:KeyValueOfstringstring>
  </Labels>
  <Parts>
    <Part>
      <Id>00000000-0000-0000-0000-000000000000</Id>
      <Name>String</Name>
    </Part>
  </Parts>
</Collections>"""
    assert expected == sample(Collections, "xml")


def test_a_type_that_holds_itself_stops() -> None:
    """It is absent inside itself, and its lists are empty."""
    assert sample(Tree, "json") == '{"Name":"String","Children":[],"ByName":{}}'


def test_a_type_that_holds_itself_stops_in_jsv() -> None:
    """Empty lists and dictionaries are pairs of brackets on the next line."""
    expected = "{\n\tName: String,\n\tChildren: \n\t[],\n\tByName: \n\t{}\n}"
    assert expected == sample(Tree, "jsv")


def test_a_type_that_holds_itself_stops_in_xml() -> None:
    """It is nil inside itself, and its lists are empty."""
    lines = [line.strip() for line in sample(Tree, "xml").splitlines()]
    assert "<Children />" in lines
    assert '<Parent i:nil="true" />' in lines


def test_a_message_without_members_is_an_empty_object() -> None:
    """In JSV it takes three lines, of which the second contains a tab."""
    root = '<Empty xmlns:i="http://www.w3.org/2001/XMLSchema-instance" xmlns="http://schemas.example.com/service" />'
    expected = ["{}", "{\n\t\n}", "{}", "{}", root]
    assert expected == [sample(Empty, name) for name in ("json", "jsv", "csv", "jsonl", "xml")]


def test_an_object_with_nothing_left_has_a_line_of_tabs_one_deeper_than_its_braces() -> None:
    """JSV omits every Guid that is not nullable, also in nested messages."""
    assert sample(OnlyGuids, "jsv") == "{\n\t\n}"
    assert sample(HoldsGuids, "jsv") == "{\n\tHeld: \n\t{\n\t\t\n\t},\n\tList: \n\t[\n\t\t{\n\t\t\t\n\t\t}\n\t]\n}"


def test_csv_and_json_lines_show_the_json_text() -> None:
    """The pages show a plain JSON object for these formats."""
    assert sample(Collections, "csv") == sample(Collections, "jsonl") == sample(Collections, "json")


def test_a_bare_response_status_shows_its_members_at_the_top_level() -> None:
    """Its root is in the namespace of the host's own messages."""
    lines = sample(ResponseStatus, "xml").splitlines()
    assert lines[0] == (
        '<ResponseStatus xmlns:i="http://www.w3.org/2001/XMLSchema-instance" '
        'xmlns="http://schemas.servicestack.net/types">'
    )
    assert lines[1] == "  <ErrorCode>String</ErrorCode>"


def test_members_of_a_base_in_another_namespace_keep_that_namespace() -> None:
    """Each element declares namespaces that are not in scope."""
    expected = """\
<Mixed xmlns:i="http://www.w3.org/2001/XMLSchema-instance" xmlns="http://schemas.example.com/service">
  <Tags xmlns:d2p1="http://schemas.microsoft.com/2003/10/Serialization/Arrays" xmlns="http://schemas.example.com/elsewhere">
    <d2p1:string>String</d2p1:string>
  </Tags>
  <Zone xmlns="http://schemas.example.com/elsewhere">String</Zone>
  <Area>String</Area>
</Mixed>"""
    assert expected == sample(Mixed, "xml")
