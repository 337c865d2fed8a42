"""Each column type gives back what it was given, and SQLite's text keeps the order of time."""

import enum
from datetime import UTC, datetime, timedelta, timezone
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from platform_api.database.columns import EnumColumn, InstantColumn, JsonColumn, instant_text
from platform_api.database.sqlite.transaction import DIALECT

instants = st.datetimes(timezones=st.just(UTC))
zones = st.integers(-14 * 60, 14 * 60).map(lambda minutes: timezone(timedelta(minutes=minutes)))
json_values = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-(2**53), 2**53)
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
    max_leaves=10,
)


def kept(column: Any, value: Any) -> Any:
    """Return a value after storing and reading it."""
    bind, read = column.bind_processor(DIALECT), column.result_processor(DIALECT, None)
    return read(bind(value))


@given(instants)
def test_an_instant_comes_back(instant: datetime) -> None:
    """To the microsecond, in UTC."""
    assert instant == kept(InstantColumn(), instant)


@given(instants, instants)
def test_the_order_of_texts_is_the_order_of_time(one: datetime, other: datetime) -> None:
    """So SQLite compares and sorts instants without knowing what they are."""
    assert (one < other) == (instant_text(one) < instant_text(other))


@given(st.datetimes(datetime(2, 1, 1), datetime(9998, 1, 1), timezones=zones))  # noqa: DTZ001 - bounds of a strategy
def test_an_instant_of_another_zone_is_the_same_moment(instant: datetime) -> None:
    """It is written in UTC."""
    assert instant == kept(InstantColumn(), instant)


def test_a_time_without_zone_is_refused() -> None:
    """It says no moment."""
    with pytest.raises(ValueError, match="no time zone"):
        instant_text(datetime(2026, 1, 31))  # noqa: DTZ001 - what is refused


@given(json_values)
def test_json_comes_back(value: Any) -> None:
    """Whatever JSON can write."""
    assert value == kept(JsonColumn(), value)


class Colour(enum.Enum):
    """An enum whose values are not its names."""

    RED = "r"
    BLUE = "b"


@pytest.mark.parametrize("colour", Colour)
def test_a_member_of_an_enum_comes_back(colour: Colour) -> None:
    """It is stored as its value."""
    column: EnumColumn[Colour] = EnumColumn(Colour)
    bind: Any = column.dialect_impl(DIALECT).bind_processor(DIALECT)
    assert (colour.value, colour) == (bind(colour), kept(column.dialect_impl(DIALECT), colour))


@pytest.mark.parametrize("column", [InstantColumn(), JsonColumn(), EnumColumn(Colour)])
def test_none_is_null(column: Any) -> None:
    """In both directions."""
    assert None is column.bind_processor(DIALECT)(None)
    assert None is kept(column, None)
