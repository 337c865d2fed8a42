"""Tests of the rounds in which the times of connections are checked."""

import pytest

from servicehost.server.rounds import PAUSE, Rounds


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
def test_checks(times: list[float], expected: list[bool]) -> None:
    """The first round after a pause of the process is passed over, and never two in succession."""
    rounds = Rounds(1.0)

    assert expected == [rounds.checks(now) for now in times]
