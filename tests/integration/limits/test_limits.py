"""Laws of quotas on a real database, at times that the tests choose."""

import asyncio
import functools
from collections.abc import Iterator
from contextlib import closing, contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import func, select
from tests.support import stores
from tests.support.database import a_database
from tests.support.stores import Runner

from platform_api import limits
from platform_api.database.metadata import metadata
from platform_api.database.statements import Query
from platform_api.database.transaction import Transaction, Unit
from platform_api.limits import Quota, QuotaExceeded, Spent, rules, upkeep
from platform_api.limits.tables import quota_counters

NOON = datetime(2026, 1, 31, 12, tzinfo=UTC)
WINDOW = timedelta(seconds=60)
COUNTERS = Query(select(func.count()).select_from(quota_counters), int)

gaps = st.lists(st.integers(0, 90), min_size=1, max_size=30).map(
    lambda seconds: [NOON + timedelta(seconds=sum(seconds[: index + 1])) for index in range(len(seconds))]
)
"""Times that never go back."""

quotas = st.integers(1, 5).map(lambda limit: Quota("letters", limit, WINDOW))


@contextmanager
def a_runner() -> Iterator[Runner]:
    """A database with the counters' table, at times of the test's choice."""
    with closing(stores.a_runner(metadata, [quota_counters])) as runner:
        yield runner


def spending(quota: Quota, key: str = "a", amount: int = 1) -> Unit[None]:
    """A unit that spends."""
    return functools.partial(limits.spend, quota=quota, key=key, amount=amount)


def spending_softly(quota: Quota, key: str = "a") -> Unit[bool]:
    """A unit that spends if it may."""
    return functools.partial(limits.spend_soft, quota=quota, key=key)


def asking(quota: Quota, key: str = "a") -> Unit[timedelta | None]:
    """A unit that asks how long until one more would be allowed, None for now."""

    async def unit(tx: Transaction) -> timedelta | None:
        spent = (await limits.spent(tx, {quota: key}))[quota]
        return rules.wait(quota, rules.with_more(quota, spent, 1, tx.now), tx.now)

    return unit


async def counters(tx: Transaction) -> int:
    """How many counters there are."""
    return await tx.one(COUNTERS) or 0


@given(quotas, gaps)
def test_what_is_allowed_follows_the_windows(quota: Quota, times: list[datetime]) -> None:
    """A window opens with the first spending, lasts as long as the quota says, and allows so many."""
    opened, spent = NOON - WINDOW, 0
    with a_runner() as runner:
        for time in times:
            if time >= opened + WINDOW:
                opened, spent = time, 0
            assert (spent < (quota.limit or 0)) == runner.at(time, spending_softly(quota))
            spent += 1


@given(quotas, gaps)
def test_any_window_holds_less_than_twice_the_limit(quota: Quota, times: list[datetime]) -> None:
    """Wherever one lays it."""
    with a_runner() as runner:
        allowed = [time for time in times if runner.at(time, spending_softly(quota))]
    most = max((sum(start <= time < start + WINDOW for time in allowed) for start in allowed), default=0)
    assert most < 2 * (quota.limit or 0)


@given(gaps)
def test_a_cooldown_is_exact(times: list[datetime]) -> None:
    """A quota of one never allows two that are closer than its window, and always two that are not."""
    latest = NOON - WINDOW
    with a_runner() as runner:
        for time in times:
            allowed = runner.at(time, spending_softly(Quota("resend", 1, WINDOW)))
            assert (time >= latest + WINDOW) == allowed
            latest = time if allowed else latest


@given(quotas, gaps)
def test_whoever_waits_as_told_is_allowed(quota: Quota, times: list[datetime]) -> None:
    """This holds without other spending in the meantime."""
    with a_runner() as runner:
        for time in times:
            runner.at(time, spending_softly(quota))
        while runner.at(times[-1], spending_softly(quota)):
            pass
        with pytest.raises(QuotaExceeded) as raised:
            runner.at(times[-1], spending(quota))
        runner.at(times[-1] + timedelta(seconds=raised.value.retry_after), spending(quota))


@given(quotas, gaps)
def test_asking_tells_what_spending_would_do(quota: Quota, times: list[datetime]) -> None:
    """And changes nothing."""
    with a_runner() as runner:
        for time in times:
            assert (runner.at(time, asking(quota)) is None) == runner.at(time, spending_softly(quota))


@given(gaps)
def test_without_a_limit_it_is_counted_nevertheless(times: list[datetime]) -> None:
    """So that a limit set later finds what has been spent."""
    unlimited = Quota("letters", None, timedelta(days=1))
    with a_runner() as runner:
        for time in times:
            runner.at(time, spending(unlimited))
        assert runner.at(times[-1], asking(Quota("letters", len(times), timedelta(days=1)))) is not None
        assert runner.at(times[-1], asking(Quota("letters", len(times) + 1, timedelta(days=1)))) is None


def test_keys_and_quotas_are_counted_apart() -> None:
    """No key spends the quota of another one."""
    with a_runner() as runner:
        runner.at(NOON, spending(Quota("letters", 1, WINDOW), "a"))
        runner.at(NOON, spending(Quota("letters", 1, WINDOW), "b"))
        runner.at(NOON, spending(Quota("sendings", 1, WINDOW), "a"))


def test_what_is_spent_is_told_of_several_counters_at_once() -> None:
    """Each with its own key; of one that is closed, or was never opened, nothing is spent."""
    letters, sendings, others = (Quota(name, None, WINDOW) for name in ("letters", "sendings", "others"))
    keys = {letters: "a", sendings: "b", others: "a"}

    def asked(runner: Runner, time: datetime) -> list[Spent]:
        return list(runner.at(time, lambda tx: limits.spent(tx, keys)).values())

    with a_runner() as runner:
        runner.at(NOON, spending(letters, "a", 2))
        runner.at(NOON, spending(letters, "b", 5))
        runner.at(NOON + WINDOW / 2, spending(sendings, "b"))
        assert [
            Spent(2, NOON + WINDOW),
            Spent(1, NOON + WINDOW * 1.5),
            Spent(0, NOON + WINDOW * 1.5),
        ] == asked(runner, NOON + WINDOW / 2)
        assert [0, 1, 0] == [spent.amount for spent in asked(runner, NOON + WINDOW)]


def test_more_than_one_may_be_spent_at_once() -> None:
    """An amount that does not fit is refused whole."""
    quota = Quota("letters", 5, WINDOW)
    with a_runner() as runner:
        runner.at(NOON, spending(quota, amount=3))
        with pytest.raises(QuotaExceeded):
            runner.at(NOON, spending(quota, amount=3))
        runner.at(NOON, spending(quota, amount=2))


def test_closed_windows_are_purged() -> None:
    """And only those."""
    with a_runner() as runner:
        runner.at(NOON, spending(Quota("letters", 1, WINDOW), "a"))
        runner.at(NOON + WINDOW, spending(Quota("letters", 1, WINDOW), "b"))
        assert not runner.at(NOON + WINDOW, upkeep.purge)
        assert 1 == runner.at(NOON, counters)


@given(st.integers(1, 5), st.sampled_from([timedelta(seconds=61), timedelta(hours=11), timedelta(days=365)]))
def test_a_window_of_a_clock_that_was_ahead_is_closed(limit: int, ahead: timedelta) -> None:
    """Amounts spent hours in the future do not cause a wait."""
    quota = Quota("letters", limit, WINDOW)
    with a_runner() as runner:
        runner.at(NOON + ahead, spending(quota, amount=limit))
        assert None is runner.at(NOON, asking(quota))
        runner.at(NOON, spending(quota, amount=limit))
        assert WINDOW == runner.at(NOON, asking(quota))
        assert None is runner.at(NOON + WINDOW, asking(quota))


def test_a_window_of_a_clock_that_was_little_ahead_still_counts() -> None:
    """The wait is told as the whole window, and never as more."""
    quota = Quota("letters", 1, WINDOW)
    with a_runner() as runner:
        runner.at(NOON, spending(quota))
        with pytest.raises(QuotaExceeded) as refusal:
            runner.at(NOON, spending(quota))
        assert {"Retry-After": "60"} == refusal.value.headers


def test_windows_of_a_clock_that_was_far_ahead_are_purged() -> None:
    """They would stay for years."""
    with a_runner() as runner:
        runner.at(NOON + timedelta(days=365), spending(Quota("letters", 1, WINDOW), "a"))
        runner.at(NOON, spending(Quota("letters", 1, timedelta(days=31)), "b"))
        assert not runner.at(NOON, upkeep.purge)
        assert 1 == runner.at(NOON, counters)


@pytest.mark.no_database
def test_a_window_that_no_purge_could_tell_is_refused() -> None:
    """A counter that ends later was left by a clock that was ahead."""
    with pytest.raises(ValueError, match="31 days"):
        Quota("letters", 1, timedelta(days=32))


def test_what_a_key_spent_can_be_forgotten() -> None:
    """In every quota."""
    with a_runner() as runner:
        for name in ("letters", "sendings"):
            runner.at(NOON, spending(Quota(name, 1, WINDOW), "a"))
        runner.at(NOON, functools.partial(limits.erase, key="a"))
        assert 0 == runner.at(NOON, counters)


async def test_a_refused_unit_has_spent_nothing(tmp_path: Path) -> None:
    """Counts made before the refusal are rolled back with it."""
    ample, scarce = Quota("ample", 10, WINDOW), Quota("scarce", 0, WINDOW)

    async def unit(tx: Transaction) -> None:
        await limits.spend(tx, ample, "a")
        await limits.spend(tx, scarce, "a")

    async with a_database(tmp_path, metadata) as database:
        with pytest.raises(QuotaExceeded):
            await database.write(unit)
        assert 0 == await database.read(counters)


async def test_many_at_once_get_no_more_than_the_limit(tmp_path: Path) -> None:
    """However they race."""
    quota = Quota("letters", 7, WINDOW)
    async with a_database(tmp_path, metadata) as database:
        allowed = await asyncio.gather(*(database.write(spending_softly(quota)) for _ in range(50)))
    assert 7 == sum(allowed)
