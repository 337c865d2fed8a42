"""Tests of the decisions about health, and of the report of several processes together."""

from collections.abc import Sequence

import pytest

from platform_api.foundation.metrics import Combination, Family, FamilyKind, Sample
from platform_api.foundation.pulse_reading import PulseReading
from platform_api.management import rules
from platform_api.management.values import HealthPart, PartState, Report, Status

OK, STARTING, LATE, FAILED = PartState.OK, PartState.STARTING, PartState.LATE, PartState.FAILED


def family(name: str, combination: Combination, *samples: Sample, kind: FamilyKind = FamilyKind.GAUGE) -> Family:
    """A family with samples."""
    return Family(name, "Some help.", kind, samples, combination)


def sample(value: float, suffix: str = "", label: str = "a") -> Sample:
    """A sample with one label."""
    return Sample(suffix, (("label", label),), value)


@pytest.mark.parametrize(
    ("expected", "reading"),
    [
        (HealthPart("mail", OK, 10.0), PulseReading("mail", 10.0, 10.0, reported=True, failure=None)),
        (
            HealthPart("mail", LATE, 10.5, "no report within 10 seconds"),
            PulseReading("mail", 10.5, 10.0, reported=True, failure=None),
        ),
        (
            HealthPart("mail", LATE, 61.0, "no report within 60 seconds"),
            PulseReading("mail", 61.0, 60.0, reported=False, failure=None),
        ),
        (
            HealthPart("mail", STARTING, 1.0, "its first round has not ended"),
            PulseReading("mail", 1.0, 10.0, reported=False, failure=None),
        ),
        (
            HealthPart("mail", FAILED, 99.0, "silence"),
            PulseReading("mail", 99.0, 10.0, reported=True, failure="silence"),
        ),
    ],
)
def test_the_state_of_background_work(expected: HealthPart, reading: PulseReading) -> None:
    """A failure counts first, then a missing report, then a start."""
    assert expected == rules.part_of(reading)


@pytest.mark.parametrize(
    ("expected", "reason", "states"),
    [
        (Status.OK, None, [OK, OK]),
        (Status.OK, None, []),
        (Status.DEGRADED, None, [OK, FAILED]),
        (Status.DEGRADED, None, [STARTING]),
        (Status.DEGRADED, None, [LATE]),
        (Status.FAILED, "stopping", [OK]),
    ],
)
def test_the_health_of_the_whole(expected: Status, reason: str | None, states: Sequence[PartState]) -> None:
    """The installation has failed if it cannot serve requests; any other fault degrades it."""
    parts = tuple(HealthPart("part", state, 0.0) for state in states)
    assert expected is rules.status_of(Report(reason, parts))


DATABASE = HealthPart("database", OK, 0.0, essential=True)
DATABASE_AWAY = HealthPart("database", FAILED, 0.0, "it is away", essential=True)
MAIL_AWAY = HealthPart("mail", FAILED, 0.0, "silence")


@pytest.mark.parametrize(
    ("expected", "parts", "started", "stopping"),
    [
        (None, [DATABASE, MAIL_AWAY], True, False),
        ("starting", [DATABASE], False, False),
        ("stopping", [DATABASE_AWAY], True, True),
        ("stopping", [], False, True),
        ("database: it is away", [MAIL_AWAY, DATABASE_AWAY], True, False),
    ],
)
def test_the_reason_to_get_no_requests(
    expected: str | None, parts: Sequence[HealthPart], started: bool, stopping: bool
) -> None:
    """A stop, a start, or a fault of an essential part; other parts do not matter."""
    assert expected == rules.unready_because(parts, started=started, stopping=stopping)


def test_samples_of_several_processes_are_combined_by_the_rule_of_their_family() -> None:
    """Sums, largest and smallest values; samples with other suffixes or labels stay apart."""
    one = [
        family("sum", Combination.SUM, sample(1), sample(2, "_count"), sample(4, label="b")),
        family("largest", Combination.LARGEST, sample(5)),
        family("smallest", Combination.SMALLEST, sample(6)),
    ]
    other = [
        family("sum", Combination.SUM, sample(10), sample(20, "_count")),
        family("largest", Combination.LARGEST, sample(3)),
        family("smallest", Combination.SMALLEST, sample(3)),
        family("new", Combination.SUM, sample(7)),
    ]
    assert (
        family("sum", Combination.SUM, sample(11), sample(22, "_count"), sample(4, label="b")),
        family("largest", Combination.LARGEST, sample(5)),
        family("smallest", Combination.SMALLEST, sample(3)),
        family("new", Combination.SUM, sample(7)),
    ) == rules.combined([*one, *other])


def test_the_kind_and_the_description_of_a_family_are_kept() -> None:
    """Combining changes values only."""
    counted = family("letters", Combination.SUM, sample(1), kind=FamilyKind.COUNTER)
    assert (counted,) == rules.combined([counted])


def test_gauges_end_with_their_process() -> None:
    """Counters and histograms count on."""
    gauge, counter, histogram = (
        family(kind.value, Combination.SUM, sample(1), kind=kind)
        for kind in (FamilyKind.GAUGE, FamilyKind.COUNTER, FamilyKind.HISTOGRAM)
    )
    assert (counter, histogram) == rules.lasting([gauge, counter, histogram])


def test_processes_are_ready_if_one_of_them_is() -> None:
    """They share a port; each part is as bad as in its worst process, and as old as its oldest report."""
    one = Report(None, (HealthPart("mail", OK, 5.0), HealthPart("schedule", OK, 2.0)))
    other = Report("starting", (HealthPart("mail", FAILED, 1.0, "silence"), HealthPart("schedule", OK, 9.0)))
    parts = (HealthPart("mail", FAILED, 1.0, "silence"), HealthPart("schedule", OK, 9.0))
    assert Report(None, parts) == rules.merged([one, other])
    assert Report(None, parts) == rules.merged([other, one])


def test_of_equal_faults_the_first_is_told() -> None:
    """Two processes with different reasons, reported at the same time."""
    one, other = (Report(None, (HealthPart("mail", FAILED, 1.0, reason),)) for reason in ("silence", "refused 535"))
    assert Report(None, (HealthPart("mail", FAILED, 1.0, "silence"),)) == rules.merged([one, other])


def test_processes_that_are_not_ready_tell_the_first_reason() -> None:
    """Without any process there is a reason too."""
    assert Report("starting") == rules.merged([Report("starting"), Report("stopping")])
    assert Report("no server process answers") == rules.merged([])


def test_the_metrics_of_processes_are_combined() -> None:
    """The families of each report come together."""
    one, other = (Report(None, (), (family("sum", Combination.SUM, sample(value)),)) for value in (1, 2))
    assert Report(None, (), (family("sum", Combination.SUM, sample(3)),)) == rules.merged([one, other])
