"""Tests of the periodic deadline checks."""

import pytest

from servicehost.server.sweeps import PAUSE, SweepSchedule


@pytest.mark.parametrize(
    ("times", "expected"),
    [
        ([0, 1, 2, 3], [True, True, True, True]),
        ([0, 1 + PAUSE, 2 + 2 * PAUSE], [True, True, True]),
        ([0, 1.1 + PAUSE, 2.1 + PAUSE], [True, False, True]),
        ([0, 100, 101, 102], [True, False, True, True]),
        ([0, 100, 200, 300, 400], [True, False, True, False, True]),
    ],
)
def test_is_due(times: list[float], expected: list[bool]) -> None:
    """The first check after a pause of the process is skipped, and never two in succession."""
    schedule = SweepSchedule(1.0)

    assert expected == [schedule.is_due(now) for now in times]
