"""Tests of dates and durations as texts."""

from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.support.tracks import AT

from servicehost.formats.instants import duration_text, instant_text, parse_duration, parse_instant


@pytest.mark.parametrize(
    "text",
    [
        "2023-11-14T22:13:20Z",
        "2023-11-14t22:13:20z",
        "2023-11-14T22:13:20",
        "2023-11-14T22:13:20.0000000Z",
        "2023-11-14 22:13:20Z",
        "2023-11-15T09:13:20+11:00",
        "2023-11-15T09:13:20+1100",
        "2023-11-15T09:13:20+11",
        "2023-11-15T09:13:20 11:00",
        "2023-11-14T17:43:20-04:30",
        "/Date(1700000000000)/",
        "/Date(1700000000000-0000)/",
        "/Date(1700000000000+1100)/",
        r"\/Date(1700000000000)\/",
        "Tue Nov 14 2023 22:13:20 GMT+0000 (Coordinated Universal Time)",
        "Wed Nov 15 2023 09:13:20 GMT+1100 (Australian Eastern Daylight Time)",
        "Wed Nov 15 2023 09:13:20 GMT 1100",
        "Tue, 14 Nov 2023 22:13:20 GMT",
        " 2023-11-14T22:13:20Z ",
    ],
)
def test_one_instant(text: str) -> None:
    """The forms of .NET and JavaScript are accepted, with an offset or without one for UTC."""
    assert AT == parse_instant(text)
    assert UTC is parse_instant(text).tzinfo


@pytest.mark.parametrize("text", ["2023-11-14", "20231114", "2023-11-14T00:00", "/Date(1699920000000)/"])
def test_day(text: str) -> None:
    """A date without a time is midnight in UTC."""
    assert datetime(2023, 11, 14, tzinfo=UTC) == parse_instant(text)


def test_fraction_is_cut() -> None:
    """Digits beyond microseconds are truncated, so that .NET's last instant stays on its day."""
    assert datetime.max.replace(tzinfo=UTC) == parse_instant("9999-12-31T23:59:59.9999999Z")


@pytest.mark.parametrize(
    "text",
    [
        "",
        "soon",
        "14/11/2023",
        "2023-11-31",
        "2023-11-14T24:00:00Z",
        "2023-11-14T22:13:60Z",
        "2023-11-14T22:13:20+11:60",
        "0001-01-01T00:00:00+01:00",
        "/Date(999999999999999)/",
        "/Date(1e3)/",
        "Tue Foo 14 2023 22:13:20 GMT+0000",
        "\N{ARABIC-INDIC DIGIT TWO}023-11-14",
        "2023-11-14T22:13:20Z" + " " * 1000000 + "x",
        "Tue Nov 14 2023 22:13:20 GMT+0000 " + "(" * 1000000,
    ],
)
def test_no_instant(text: str) -> None:
    """Invalid, ambiguous and out-of-range dates are refused, without parsing overlong texts."""
    with pytest.raises(ValueError, match=r"."):
        parse_instant(text)


@pytest.mark.parametrize(
    ("instant", "expected"),
    [
        (AT, "2023-11-14T22:13:20Z"),
        (AT.replace(microsecond=120000), "2023-11-14T22:13:20.12Z"),
        (AT.replace(microsecond=1), "2023-11-14T22:13:20.000001Z"),
        (AT.astimezone(timezone(timedelta(hours=11))), "2023-11-14T22:13:20Z"),
        (AT.replace(tzinfo=None), "2023-11-14T22:13:20Z"),
        (datetime(1, 1, 1, tzinfo=UTC), "0001-01-01T00:00:00Z"),
    ],
)
def test_instant_text(instant: datetime, expected: str) -> None:
    """An instant is written in UTC, with as many fractional digits as needed."""
    assert expected == instant_text(instant)


@pytest.mark.parametrize(
    "text", ["PT1H30M", "pt90m", "PT5400S", "01:30:00", "1:30", "0.01:30:00", "5400", "PT1H29M60.0S"]
)
def test_one_duration(text: str) -> None:
    """Durations are accepted in the forms of XML Schema and .NET, and in seconds."""
    assert timedelta(minutes=90) == parse_duration(text)


@pytest.mark.parametrize(
    "text", ["", "P", "PT", "P1DT", "P1Y", "PT1.S", "24:00:00", "1:60", "P99999999999D", "9" * 90, "P" + "9" * 1000000]
)
def test_no_duration(text: str) -> None:
    """Invalid and out-of-range durations are refused."""
    with pytest.raises(ValueError, match=r"."):
        parse_duration(text)


@pytest.mark.parametrize(
    ("duration", "expected"),
    [
        (timedelta(0), "PT0S"),
        (timedelta(days=2), "P2D"),
        (timedelta(days=1, hours=2), "P1DT2H"),
        (timedelta(seconds=1.5), "PT1.5S"),
        (timedelta(seconds=-1), "-PT1S"),
        (timedelta(days=-1, hours=-2), "-P1DT2H"),
    ],
)
def test_duration_text(duration: timedelta, expected: str) -> None:
    """A duration is written in XML Schema form, a negative one with one leading sign."""
    assert expected == duration_text(duration)


@given(instant=st.datetimes(timezones=st.just(UTC)))
def test_instant_survives(instant: datetime) -> None:
    """Every instant survives a round trip."""
    assert instant == parse_instant(instant_text(instant))


@given(duration=st.timedeltas())
def test_duration_survives(duration: timedelta) -> None:
    """Every duration survives a round trip."""
    assert duration == parse_duration(duration_text(duration))
