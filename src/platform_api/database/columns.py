"""The column types that databases keep differently; each has one rule for binding and one for reading.

| type | value | SQLite | PostgreSQL |
|---|---|---|---|
| `GuidColumn` | `Guid` (canonical text) | TEXT | uuid |
| `InstantColumn` | aware UTC `datetime` | TEXT of fixed width, so that text order is time order | timestamptz |
| `EnumColumn` | member of an enum | TEXT | text |
| `JsonColumn` | whatever JSON can write | TEXT | jsonb |

All other columns use SQLAlchemy's `Text`, `Integer`, `BigInteger`, `Boolean`, `LargeBinary`, which mean the same on both.
"""

import enum
import functools
from collections.abc import Callable, Iterator, Sequence
from datetime import UTC, datetime
from operator import attrgetter
from typing import Any, ClassVar, Final, Generic, TypeVar

import msgspec
from sqlalchemy import ARRAY, TIMESTAMP, BigInteger, Column, Dialect, Integer, Text
from sqlalchemy.dialects import postgresql
from sqlalchemy.types import NullType, TypeDecorator, TypeEngine

from servicehost.contract.scalars import Guid

Value = TypeVar("Value")
Member = TypeVar("Member", bound=enum.Enum)
Rule = Callable[[Any], Any]

_encode_json = msgspec.json.Encoder().encode
_decode_json = msgspec.json.Decoder().decode


@functools.lru_cache(maxsize=256)
def instant_text(instant: datetime) -> str:
    """Return the instant in SQLite's form: `2026-01-31T23:59:59.000000Z`.

    The latest result is cached, since a transaction writes its time into several rows.

    Raises:
        ValueError: it has no time zone, so it is ambiguous.
    """
    if instant.tzinfo is UTC:
        return instant.isoformat(timespec="microseconds")[:26] + "Z"
    if instant.tzinfo is None:
        raise ValueError(f"{instant!r} has no time zone; an instant is an aware UTC datetime")
    return instant_text(instant.astimezone(UTC))


def json_text(value: Any) -> str:
    """Return the value as JSON text."""
    return _encode_json(value).decode()


class OrNone:
    """A rule that returns None for None."""

    __slots__ = ("rule",)

    def __init__(self, rule: Rule) -> None:
        self.rule = rule

    def __call__(self, value: Any) -> Any:
        """Apply the rule to one value."""
        return None if value is None else self.rule(value)

    def each(self, values: Sequence[Any]) -> Iterator[Any]:
        """Apply the rule to each value of a column; skip the check for None if no value is None."""
        return map(self if None in values else self.rule, values)


class _Column(TypeDecorator[Value], Generic[Value]):
    """A type stored as text unless the database has a native type.

    Class attributes:
        native: PostgreSQL's type.
        rules: rules for text: (binding a value, reading it); None for no conversion.
        native_is_text: whether PostgreSQL's driver also exchanges the text.
    """

    impl = Text
    cache_ok = True
    native: ClassVar[TypeEngine[Any]]
    rules: tuple[Rule | None, Rule | None] = (None, None)
    native_is_text: ClassVar[bool] = True

    def load_dialect_impl(self, dialect: Dialect) -> TypeEngine[Any]:
        """Return the native type of the database."""
        return dialect.type_descriptor(self.native if dialect.name == "postgresql" else Text())

    def bind_processor(self, dialect: Dialect) -> Rule | None:
        """Return the rule for binding a value; None for no conversion."""
        return self.rules[0] if self._as_text(dialect) else None

    def result_processor(self, dialect: Dialect, coltype: object) -> Rule | None:  # noqa: ARG002 - SQLAlchemy's signature
        """Return the rule for reading a value; None for no conversion."""
        return self.rules[1] if self._as_text(dialect) else None

    def _as_text(self, dialect: Dialect) -> bool:
        return self.native_is_text or dialect.name != "postgresql"


class GuidColumn(_Column[Guid]):
    """A Guid, bound and read as its canonical text."""

    cache_ok = True
    native = postgresql.UUID(as_uuid=False)


class InstantColumn(_Column[datetime]):
    """An instant with microseconds, as an aware UTC datetime; one without a time zone is rejected."""

    cache_ok = True
    native = TIMESTAMP(timezone=True)
    rules = (OrNone(instant_text), OrNone(datetime.fromisoformat))
    native_is_text = False


class JsonColumn(_Column[Any]):
    """A value of lists, dicts, strings, numbers, bools and None, as JSON. None itself is stored as NULL."""

    cache_ok = True
    native = postgresql.JSONB()
    rules = (OrNone(json_text), OrNone(_decode_json))


class EnumColumn(_Column[Member], Generic[Member]):
    """A member of an enum, as the text that is its value."""

    cache_ok = True
    native = Text()

    def __init__(self, members: type[Member]) -> None:
        super().__init__()
        self.rules = OrNone(attrgetter("value")), OrNone({member.value: member for member in members}.__getitem__)


class AnyColumn(_Column[Any]):
    """The type of a parameter whose position in the statement does not determine it, such as a LIMIT."""

    cache_ok = True
    native = NullType()
    rules = (lambda value: instant_text(value) if isinstance(value, datetime) else value, None)
    native_is_text = False


class ListParameter(TypeDecorator[Sequence[Any]]):
    """The type of a parameter that is a list of values of one column; see `in_list`."""

    impl = Text
    cache_ok = True

    def __init__(self, item: TypeEngine[Any]) -> None:
        super().__init__()
        self.item = item

    def load_dialect_impl(self, dialect: Dialect) -> TypeEngine[Any]:
        """Return an array type if the database has arrays, else JSON text."""
        return dialect.type_descriptor(ARRAY(self.item) if dialect.name == "postgresql" else Text())

    def bind_processor(self, dialect: Dialect) -> Rule:
        """Bind each item by its own type."""
        rule = self.item.dialect_impl(dialect).bind_processor(dialect)
        whole: Rule = list if dialect.name == "postgresql" else json_text
        if rule is None:
            return lambda values: whole(list(values))
        return lambda values: whole([rule(value) for value in values])


def counting_id() -> Column[int]:
    """Return the column of an id that the database counts up."""
    return Column("id", BigInteger().with_variant(Integer, "sqlite"), primary_key=True)


BY_KEY: Final[dict[str, Any]] = {"sqlite_with_rowid": False}
"""Options of a small table that is only read by its primary key: its rows are stored in the index of the key."""

__all__ = [
    "BY_KEY",
    "AnyColumn",
    "EnumColumn",
    "GuidColumn",
    "InstantColumn",
    "JsonColumn",
    "ListParameter",
    "OrNone",
    "counting_id",
    "instant_text",
    "json_text",
]
