"""Tests of JSON customised by `?jsconfig=`."""

from datetime import timedelta
from decimal import Decimal
from typing import Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.support.tracks import KEY, Derived, Grade, Item, Kind, Plain, Track, messages, model_of, node_of, track

from servicehost.contract.types import Ref
from servicehost.formats import json
from servicehost.formats.codec import Style
from servicehost.formats.jsconfig import JsonConfig, clock_text, compile_encoder, parse_config


def written(options: str, value: Any) -> str:
    """A value in JSON with these options."""
    config = parse_config(options)
    assert config is not None
    return compile_encoder(node_of(type(value)), config)(value).decode()


@pytest.mark.parametrize(
    ("options", "expected"),
    [
        ("eccn", JsonConfig(casing="camel")),
        ("EmitCamelCaseNames:true", JsonConfig(casing="camel")),
        ("elun,epcn", JsonConfig(casing="pascal")),
        ("EDV, inv", JsonConfig(omits_defaults=True, writes_nulls=True)),
        ("edv,edv:false", None),
        ("EmitCamelCaseNames:false", None),
        ("pp", JsonConfig(indents=True)),
        ("teai,dh:utm", JsonConfig(numbers_enums=True, dates="utm")),
        ("DateHandler:ISO8601DateOnly", JsonConfig(dates="iso8601dateonly")),
        ("tsh:sf", JsonConfig(clock_durations=True)),
        ("eti,nonsense,dh:nonsense,:,", None),
        ("", None),
        ("," * 100_000 + "eccn", None),
    ],
)
def test_options(options: str, expected: JsonConfig | None) -> None:
    """Options are accepted by either name in any casing; unknown and overlong ones are ignored."""
    assert expected == parse_config(options)


@pytest.mark.parametrize(
    ("options", "expected"),
    [
        ("eccn", '{"delta":1,"charlie":"c","beta":2}'),
        ("elun", '{"delta":1,"charlie":"c","beta":2}'),
        ("inv", '{"Delta":1,"Charlie":"c","Beta":2,"Alpha":null}'),
        ("indent", '{\n    "Delta": 1,\n    "Charlie": "c",\n    "Beta": 2\n}'),
    ],
)
def test_names_and_nulls(options: str, expected: str) -> None:
    """Options set the casing of names, nulls and indentation."""
    assert expected == written(options, Derived(delta=1, charlie="c", beta=2))


def test_snake_case() -> None:
    """In snake_case, words are separated by underscores."""
    assert '"connection_id":' in written("elun", Plain(connection_id=KEY))


def test_defaults_left_out() -> None:
    """Empty values are omitted, unless the member may be null, because the value was then chosen."""
    assert f'{{"ConnectionId":"{KEY}","Size":0,"Roles":[]}}' == written(
        "edv", Plain(connection_id=KEY, size=0, roles=[])
    )


@pytest.mark.parametrize(
    ("options", "expected"),
    [
        ("dh:iso8601do", '"2023-11-14"'),
        ("dh:iso8601dt", '"2023-11-14 22:13:20"'),
        ("dh:rfc1123", '"Tue, 14 Nov 2023 22:13:20 GMT"'),
        ("dh:ut", "1700000000"),
        ("dh:utm", "1700000000000"),
        ("dh:to", '"/Date(1700000000000)/"'),
        ("dh:dcjsc", '"/Date(1700000000000)/"'),
    ],
)
def test_dates(options: str, expected: str) -> None:
    """Dates are written in the chosen form."""
    assert f'"At":{expected},' in written(options, track())


def test_enumerations_by_number() -> None:
    """Enumerations are written as their number, or as their position if they have none."""
    assert '"Grade":7' in written("teai", Item(grade=Grade.GOOD))
    assert '"Kind":1' in written("teai", track(kind=Kind.SPOKEN_WORD))


@pytest.mark.parametrize(
    ("duration", "expected"),
    [
        (timedelta(days=1, hours=2, minutes=30), "1.02:30:00"),
        (timedelta(seconds=-5), "-00:00:05"),
        (timedelta(microseconds=1), "00:00:00.0000010"),
    ],
)
def test_durations_of_a_clock(duration: timedelta, expected: str) -> None:
    """Durations are written in .NET's default form."""
    assert expected == clock_text(duration)


@given(data=st.data(), model=st.sampled_from([model_of(Track), model_of(Item), model_of(Plain)]))
def test_without_a_wish_it_is_json(model: Any, data: st.DataObject) -> None:
    """Indentation changes only blanks, and camelCase equals that of the host."""
    value = data.draw(messages(model))
    for options, style in (
        (JsonConfig(indents=True), Style("")),
        (JsonConfig(casing="camel"), Style("", camel_case=True)),
    ):
        usual = json.FORMAT.encoder(Ref(model), style)(value)
        assert msgspec.json.decode(usual) == msgspec.json.decode(compile_encoder(Ref(model), options)(value))


@pytest.mark.parametrize("number", ["NaN", "Infinity", "-Infinity"])
def test_decimals_that_are_no_numbers_are_null(number: str) -> None:
    """Decimals that are not finite are null under any configuration."""
    assert None is msgspec.json.decode(written("inv", track(price=Decimal(number))))["Price"]
