"""Tests of the pauses between attempts to connect."""

from platform_api.database.postgres.connecting import BackOff


class Times:
    """A clock that a test sets.

    Attributes:
        now: its time.
    """

    now = 100.0

    def __call__(self) -> float:
        """The time."""
        return self.now


def pauses_of(back_off: BackOff, times: Times, failures: int) -> list[float]:
    """The pauses after each of so many failed attempts."""
    pauses = []
    for _ in range(failures):
        assert back_off.failed()
        pauses.append(round(back_off.remaining, 9))
        times.now += back_off.remaining
    return pauses


def test_pauses_grow_up_to_a_limit() -> None:
    """Each pause is twice as long as the one before, and at most two seconds."""
    times = Times()

    assert [0.1, 0.2, 0.4, 0.8, 1.6, 2.0, 2.0] == pauses_of(BackOff(times, lambda: 1.0), times, 7)


def test_pauses_are_spread() -> None:
    """Chance makes a pause up to half as long."""
    times = Times()

    assert [0.05, 0.1, 0.2] == pauses_of(BackOff(times, lambda: 0.0), times, 3)


def test_failures_at_the_same_time_count_once() -> None:
    """Attempts that fail during a pause do not make it longer, nor the next one."""
    times = Times()
    back_off = BackOff(times, lambda: 1.0)

    assert [True, False, False] == [back_off.failed() for _ in range(3)]
    assert 0.1 == round(back_off.remaining, 9)
    times.now += 1
    assert 0 == back_off.remaining
    assert [0.2] == pauses_of(back_off, times, 1)


def test_success_ends_the_pause() -> None:
    """After a success there is no pause, and the next one is the shortest."""
    times = Times()
    back_off = BackOff(times, lambda: 1.0)
    pauses_of(back_off, times, 3)
    back_off.failed()

    back_off.succeeded()

    assert 0 == back_off.remaining
    assert [0.1] == pauses_of(back_off, times, 1)
