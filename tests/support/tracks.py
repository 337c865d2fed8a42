"""Messages of every type for the tests of formats, and generators of message classes and values."""

import enum
import functools
import types
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any, Final, cast

import msgspec
from hypothesis import strategies as st

from servicehost.contract.messages import Message, MessageMeta
from servicehost.contract.scalars import EMPTY_GUID, Guid, Long
from servicehost.contract.status import SERVICESTACK_TYPES, ResponseStatus
from servicehost.contract.types import EnumOf, ListOf, MapOf, MessageModel, Nullable, Ref, Scalar, TypeModel, TypeNode
from servicehost.formats.codec import Format, Style

STYLE: Final = Style(SERVICESTACK_TYPES)
CAMEL: Final = Style(SERVICESTACK_TYPES, camel_case=True)
KEY: Final = Guid("01234567-89ab-cdef-0123-456789abcdef")
AT: Final = datetime(2023, 11, 14, 22, 13, 20, tzinfo=UTC)


class Kind(enum.StrEnum):
    """An enumeration by name."""

    ROCK = "Rock"
    SPOKEN_WORD = "Spoken Word"


class Grade(enum.IntEnum):
    """An enumeration by number, with a zero value."""

    NONE = 0
    GOOD = 7


class Track(Message):
    """A message with the usual kinds of members."""

    id: int
    name: str | None = None
    key: Guid = EMPTY_GUID
    at: datetime
    len: timedelta = timedelta(0)
    ok: bool = False
    tags: list[str] | None = None
    meta: dict[str, str] | None = None
    kind: Kind = Kind.ROCK
    price: Decimal = Decimal(0)
    note: str | None = None


class Tracks(Message):
    """A list with its total."""

    total: int = 0
    results: list[Track] | None = None
    response_status: ResponseStatus | None = None


class Item(Message):
    """A message that contains itself."""

    name: str | None = None
    grade: Grade = Grade.NONE
    size: Long = 0
    weight: float = 0.0
    data: bytes = b""
    items: list["Item"] | None = None


class Base(Message):
    """A base message."""

    beta: int = 0
    alpha: str | None = None


class Derived(Base):
    """A message with members of its own and of its base."""

    delta: int = 0
    charlie: str | None = None


class Order(Message):
    """A request with nested messages and a list of them."""

    contact_id: Guid
    item: Item | None = None
    items: list[Item] = msgspec.field(default_factory=list)
    grades: dict[str, Grade] | None = None


class Plain(Message):
    """A request supported by strict decoding: scalars, lists and dictionaries of them."""

    connection_id: Guid
    name: str | None = None
    count: int = 0
    size: Long | None = None
    weight: float | None = None
    ok: bool = False
    kind: Kind | None = None
    roles: list[Guid] | None = None
    meta: dict[str, str] | None = None


class Nothing(Message):
    """A message without members."""


class Done(Message):
    """The empty success."""

    response_status: ResponseStatus | None = None


def track(**changes: Any) -> Track:
    """Return the worked example of the reference."""
    example = Track(
        id=1,
        name='A "b"',
        key=KEY,
        at=AT,
        len=timedelta(minutes=90),
        ok=True,
        tags=["a,b", "c"],
        meta={"k": "v"},
        kind=Kind.ROCK,
        price=Decimal("1.50"),
    )
    return msgspec.structs.replace(example, **changes)


def model_of(message: type[Message]) -> MessageModel:
    """Return the model of a message class."""
    return TypeModel().message(message)


def node_of(annotation: Any) -> TypeNode:
    """Return the type of an annotation."""
    return TypeModel().node(annotation)


def encoded(format_: Format, value: Any, annotation: Any = None, style: Style = STYLE) -> bytes:
    """Encode a value, by default as its own class, in a format."""
    return format_.encoder(node_of(annotation or type(value)), style)(value)


def decoded(format_: Format, body: bytes, annotation: Any) -> Any:
    """Decode a body as a type."""
    return format_.decoder(node_of(annotation), STYLE)(body)


def read(format_: Format, body: bytes, message: type[Message]) -> dict[str, Any]:
    """Return the members in the body of a request."""
    return dict(format_.reader(model_of(message), STYLE)(body))


TEXTS: Final = st.one_of(
    st.text(alphabet=st.characters(codec="utf-8"), max_size=12),
    st.text(alphabet=" \t\r\n\"':,{}[]<>&;=+-@\\/\u00e9\u2028\U0001f600\x00\x1f\ufffe", max_size=8),
    st.sampled_from(["", "null", "True", "0", "'=1", "+61 400 000 000", "]]>", "&amp;", '""', "{a:b}", "[1]"]),
)
"""Every text that UTF-8 can carry, the troublesome ones often."""

XML_TEXTS: Final = TEXTS.map(lambda text: "".join(mark for mark in text if _in_xml(mark)))
"""Every text that XML can carry."""


def _in_xml(mark: str) -> bool:
    return mark in "\t\n\r" or " " <= mark <= "\ud7ff" or "\ue000" <= mark <= "\ufffd" or mark >= "\U00010000"


_SCALARS: Final[dict[Scalar, st.SearchStrategy[Any]]] = {
    Scalar.BOOL: st.booleans(),
    Scalar.INT: st.integers(-(2**31), 2**31 - 1),
    Scalar.LONG: st.integers(-(2**63), 2**63 - 1),
    Scalar.DOUBLE: st.floats(allow_nan=False, allow_infinity=False),
    Scalar.DECIMAL: st.decimals(-(10**20), 10**20, places=4) | st.decimals(-1, 1, places=28),
    Scalar.GUID: st.uuids().map(str),
    Scalar.DATETIME: st.datetimes(timezones=st.just(UTC)),
    Scalar.DURATION: st.timedeltas(),
    Scalar.BYTES: st.binary(max_size=12),
}


def values(node: TypeNode, texts: st.SearchStrategy[str] = TEXTS) -> st.SearchStrategy[Any]:
    """Generate values of a type, including nulls where they are allowed."""
    match node:
        case Scalar.STRING:
            return texts
        case Scalar():
            return _SCALARS[node]
        case EnumOf(python):
            return st.sampled_from(list(python))
        case Nullable(inner):
            return st.none() | values(inner, texts)
        case ListOf(item):
            return st.lists(values(item, texts), max_size=3)
        case MapOf(key, value):
            return st.dictionaries(values(key, texts), values(value, texts), max_size=3)
        case Ref(model):
            return messages(model, texts)


@functools.cache
def messages(model: MessageModel, texts: st.SearchStrategy[str] = TEXTS) -> st.SearchStrategy[Any]:
    """Generate values of a message; the same generator each time, so that messages may be recursive."""
    return st.builds(model.python, **{member.attribute: _later(member.type, texts) for member in model.members})


def _later(node: TypeNode, texts: st.SearchStrategy[str]) -> st.SearchStrategy[Any]:
    return st.deferred(lambda: values(node, texts))


_PLAIN_ANNOTATIONS: Final = st.sampled_from([str, bool, int, Long, float, Guid, Kind])
_ANNOTATIONS: Final = _PLAIN_ANNOTATIONS | st.sampled_from([Decimal, datetime, timedelta, bytes, Grade])
_KEYS: Final = st.sampled_from([str, int, Guid, Kind])


def list_of(item: Any) -> Any:
    """Return the annotation of a list."""
    return types.GenericAlias(list, (item,))


def dict_of(key: Any, value: Any) -> Any:
    """Return the annotation of a dictionary."""
    return types.GenericAlias(dict, (key, value))


def annotations(depth: int = 2, leaves: st.SearchStrategy[Any] = _ANNOTATIONS) -> st.SearchStrategy[Any]:
    """Generate types of members, including nested messages."""
    if depth == 0:
        return leaves
    inner = annotations(depth - 1, leaves)
    return st.one_of(
        leaves,
        inner.map(list_of),
        st.builds(dict_of, _KEYS, inner),
        message_classes(inner),
    )


def plain_annotations() -> st.SearchStrategy[Any]:
    """Generate types that strict decoding supports."""
    leaves = _PLAIN_ANNOTATIONS
    return st.one_of(leaves, leaves.map(list_of), leaves.map(lambda value: dict_of(str, value)))


def message_classes(member: st.SearchStrategy[Any]) -> st.SearchStrategy[type[Message]]:
    """Generate message classes of one to five members, some nullable, some with a base class."""
    declared = st.lists(st.tuples(member, st.booleans()), min_size=1, max_size=5)
    return st.builds(_message_class, declared, st.sampled_from([Message, Base]), st.booleans())


def _message_class(members: list[tuple[Any, bool]], base: type[Message], declared_order: bool) -> type[Message]:
    names = [f"{letter}_member{number}" for number, letter in zip(range(len(members)), "zaybx", strict=False)]
    namespace: dict[str, Any] = {
        "__annotations__": {
            name: type_ | None if nullable else type_ for name, (type_, nullable) in zip(names, members, strict=True)
        },
        "__module__": __name__,
        "data_contract": declared_order,
    }
    namespace.update({name: None for name, (_, nullable) in zip(names, members, strict=True) if nullable})
    return cast("type[Message]", MessageMeta("Generated", (base,), namespace))
