"""Rows that were written while the clock ran ahead, after it is corrected."""

from collections.abc import AsyncIterator, Iterator
from contextlib import closing
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import Column, Integer, MetaData, Table, bindparam, insert, select
from structlog.testing import capture_logs
from tests.support import stores
from tests.support.accounts import START, Installation, installation, token_in
from tests.support.catalog import the_platform
from tests.support.mail_queue import KIND
from tests.support.stores import an_engine
from tests.support.world import World

from platform_api import identity, mail
from platform_api.accounts.errors import LinkExpired
from platform_api.connections.upkeep import expire_overdue
from platform_api.database.clock import Clock
from platform_api.database.columns import InstantColumn
from platform_api.database.metadata import metadata
from platform_api.database.statements import Command, Query
from platform_api.database.transaction import Database, Transaction
from platform_api.foundation.ids import new_id
from platform_api.foundation.waiting import CLOCK_TOLERANCE
from platform_api.foundation.well_known import RequestStatus
from platform_api.mail import store
from platform_api.mail.values import Letter, StoredLetter
from platform_api.schedule import LatestInstant, PeriodicUnit, Scheduler, repair
from platform_api.work import store as work_store

LEASE = timedelta(minutes=10)
DAY = timedelta(days=1)
YEAR = timedelta(days=365)
BOUNDS = [instant for each in the_platform().packages for instant in each.latest_instants]
AHEAD = [timedelta(hours=11), YEAR]
ahead_by = pytest.mark.parametrize("ahead", AHEAD, ids=str)

NEVER_WAITED_FOR = {
    "blocks.created_at",
    "connection_requests.created_at",
    "connection_requests.ignored_at",
    "connection_requests.mailed_again_at",
    "connection_requests.sent_at",
    "connections.active_at",
    "connections.created_at",
    "connections.ended_at",
    "contacts.created_at",
    "contacts.removed_at",
    "grants.created_at",
    "journal_entries.at",
    "letters.attempted_at",
    "letters.created_at",
    "letters.dated",
    "mailbox.dated",
    "notices.posted_at",
    "notices.read_at",
    "periodic_units.due_at",
    "profiles.updated_at",
    "quota_counters.ends_at",
    "session_credentials.replaced_at",
    "sessions.created_at",
    "suppressions.since",
    "user_addresses.verified_at",
    "user_roles.given_at",
    "users.created_at",
}
"""Instants that are only shown, or that rules bound each time that they read them."""

_own = MetaData()
events = Table("events", _own, Column("id", Integer, primary_key=True), Column("at", InstantColumn))
_ADD = Command(insert(events))
_AT = Query(select(events.c.at).where(events.c.id == bindparam("id")), lambda at: at)


async def mend(database: Database) -> None:
    """Repair every row of an installation with the default settings."""
    await database.write(repair(BOUNDS).unit)


@pytest.mark.no_database
def test_every_instant_is_repaired_or_known_to_keep_nobody_waiting() -> None:
    """A new column goes into the `latest_instants` of its package when anything is put off, kept or ended by it."""
    instants = {
        str(column)
        for table in metadata.tables.values()
        for column in table.c
        if isinstance(column.type, InstantColumn)
    }
    repaired = {str(bound.column) for bound in BOUNDS}
    assert instants == repaired | NEVER_WAITED_FOR
    assert set() == repaired & NEVER_WAITED_FOR


@given(st.timedeltas(-YEAR, 3 * YEAR), st.timedeltas(timedelta(0), YEAR))
def test_an_instant_is_brought_back_to_the_latest_that_is_possible(stored: timedelta, ahead: timedelta) -> None:
    """And one that a right clock may have written is left alone."""
    with closing(stores.a_runner(_own)) as runner:
        runner.at(START, lambda tx: tx.execute(_ADD, id=1, at=START + stored))
        with capture_logs() as logs:
            runner.at(START, repair([LatestInstant(events.c.at, ahead)]).unit)
        is_possible = stored <= ahead + CLOCK_TOLERANCE
        assert START + (stored if is_possible else ahead) == runner.at(START, lambda tx: tx.one(_AT, id=1))
    assert ([] if is_possible else [("events.at", 1)]) == [(entry["column"], entry["rows"]) for entry in logs]


@pytest.fixture
def world() -> Iterator[World]:
    """A small world."""
    small = World()
    yield small
    small.close()


@pytest.fixture
async def platform() -> AsyncIterator[Installation]:
    """An installation."""
    async with installation() as empty:
        yield empty


@ahead_by
async def test_a_request_of_the_future_expires_as_long_after_the_correction_as_any(
    world: World, ahead: timedelta
) -> None:
    """Not years later."""
    world.database.set_clock(ahead)
    sender, receiver = await world.person("sender@example.com"), await world.person("receiver@example.com")
    await world.ask(sender, receiver)
    world.database.set_clock(-ahead)
    await mend(world.database)

    (request,) = await world.all_requests()
    assert START + world.terms.request_life >= request.expires_at
    world.pass_time(world.terms.request_life)
    await world.database.write(expire_overdue)
    assert [RequestStatus.EXPIRED] == [request.status for request in await world.all_requests()]


@ahead_by
async def test_a_decline_of_the_future_can_be_undone_as_long_as_any(world: World, ahead: timedelta) -> None:
    """The window is neither closed by the correction nor open for years."""
    sender, receiver = await world.person("sender@example.com"), await world.person("receiver@example.com")
    await world.ask(sender, receiver)
    world.database.set_clock(timedelta(hours=11))
    (request,) = await world.all_requests()
    await world.decline(receiver, request.id)
    world.database.set_clock(-timedelta(hours=11))
    await mend(world.database)

    assert START == (await world.request(request.id)).decided_at
    world.pass_time(world.terms.undo_window - timedelta(seconds=1))
    await world.accept(receiver, request.id)


@ahead_by
async def test_a_session_of_the_future_lives_as_long_as_any(platform: Installation, ahead: timedelta) -> None:
    """It goes on after the correction, and ends."""
    await platform.member()
    platform.database.set_clock(ahead)
    jar = await platform.browser()
    platform.database.set_clock(-ahead)
    await mend(platform.database)
    cookies = {"ss-reftok": jar["ss-reftok"]}

    platform.wait(14 * DAY - timedelta(seconds=1))
    assert (await platform.node().authenticator.authenticate({}, cookies, "192.0.2.1")).principal is not None


@ahead_by
async def test_a_session_of_the_future_ends(platform: Installation, ahead: timedelta) -> None:
    """Not years later."""
    await platform.member()
    platform.database.set_clock(ahead)
    jar = await platform.browser()
    platform.database.set_clock(-ahead)
    await mend(platform.database)
    cookies = {"ss-reftok": jar["ss-reftok"]}

    platform.wait(14 * DAY)
    assert (await platform.node().authenticator.authenticate({}, cookies, "192.0.2.1")).principal is None


@ahead_by
async def test_a_password_that_was_changed_in_the_future_can_be_reset(platform: Installation, ahead: timedelta) -> None:
    """A link that is asked for after the correction is younger than the change."""
    await platform.member()
    platform.database.set_clock(ahead)
    await reset_password(platform, "a password of the future")
    platform.database.set_clock(-ahead)
    await mend(platform.database)
    platform.wait(timedelta(minutes=6))

    await reset_password(platform, "correct horse battery staple")
    assert (await platform.bearer(password="correct horse battery staple")).bearer_token


@ahead_by
async def test_a_link_of_the_future_does_not_outlive_a_later_change_of_the_password(
    platform: Installation, ahead: timedelta
) -> None:
    """Once both are dated now, nothing tells which came first: the link does not hold."""
    await platform.member()
    platform.database.set_clock(ahead)
    await platform.ask_for_reset()
    (mail,) = [mail for mail in await platform.mails() if mail.subject.startswith("Reset your password")]
    platform.wait(timedelta(seconds=1))
    user = await platform.database.read(lambda tx: identity.find_user_by_address(tx, "first@example.com"))
    assert user is not None
    await platform.database.write(lambda tx: identity.set_password(tx, user.id, "another hash"))
    platform.database.set_clock(-ahead)
    await mend(platform.database)

    with pytest.raises(LinkExpired):
        await platform.reset(token_in(mail), "a password of the thief")


async def reset_password(platform: Installation, password: str) -> None:
    """Ask for a link, and use it."""
    await platform.ask_for_reset()
    mails = [mail for mail in await platform.mails() if mail.subject.startswith("Reset your password")]
    await platform.reset(token_in(mails[-1]), password)


class Wrong:
    """A machine's clock that is set by the test."""

    def __init__(self, database_time: datetime = START) -> None:
        self.now = database_time

    def __call__(self) -> int:
        """Milliseconds since 1970."""
        return int(self.now.timestamp() * 1000)


class SourceClock(Clock):
    """Follows its own source alone, on a server too."""

    def at(self, milliseconds: int) -> datetime:  # noqa: ARG002 - the time of the server does not matter
        """The time of the source."""
        return self.now()


@ahead_by
async def test_units_run_when_they_would_have(tmp_path: Path, ahead: timedelta) -> None:
    """A unit that is due in eleven hours by a wrong clock is not put off; what repairs is due at once, and only then."""
    source, ran = Wrong(), list[str]()
    units = [noting("repair", ran, 30 * DAY, after_clock_step=True), noting("other", ran, timedelta(minutes=1))]
    async with an_engine(tmp_path / "test.db", metadata, clock=SourceClock(source)).open() as database:
        scheduler = Scheduler(database, units)
        with capture_logs():
            for step in (timedelta(0), ahead, -ahead, timedelta(0), timedelta(minutes=1)):
                source.now += step
                await scheduler.run_due_once()
                ran.append("-")

    expected = ["repair", "other", "-", "other", "-", "repair", "-", "-", "other", "-"]
    if ahead >= 30 * DAY:
        expected.insert(3, "repair")
    assert expected == ran


@pytest.mark.parametrize("back", [timedelta(seconds=63), timedelta(hours=11), YEAR], ids=str)
async def test_a_start_notices_that_the_clock_was_set_back_meanwhile(tmp_path: Path, back: timedelta) -> None:
    """The schedule shows it."""
    source, ran = Wrong(), list[str]()
    units = [noting("repair", ran, 30 * DAY, after_clock_step=True), noting("other", ran, timedelta(seconds=2))]
    for step in (timedelta(0), timedelta(seconds=1), -back):
        source.now += step
        async with an_engine(tmp_path / "test.db", metadata, clock=SourceClock(source)).open() as database:
            await Scheduler(database, units).run_due_once()
        ran.append("-")

    assert ["repair", "other", "-", "-", "repair", "-"] == ran


def noting(name: str, ran: list[str], every: timedelta, *, after_clock_step: bool = False) -> PeriodicUnit:
    """A unit that notes that it ran."""

    async def unit(tx: Transaction) -> None:
        ran.append(name)

    return PeriodicUnit(name, every, unit, after_clock_step)


async def claim_a_letter(tx: Transaction) -> StoredLetter | None:
    """Claim the letter that has been due longest."""
    (due,) = await work_store.oldest(tx, store.LETTERS, 1)
    return await work_store.claim(tx, store.LETTERS, due.id, tx.now + LEASE)


@ahead_by
async def test_a_letter_of_the_future_is_due_at_once(tmp_path: Path, ahead: timedelta) -> None:
    """And one in the hands of a dead worker is found after its lease."""
    source = Wrong()
    async with an_engine(tmp_path / "test.db", metadata, clock=SourceClock(source)).open() as database:
        source.now += ahead
        for _ in range(2):
            await database.write(lambda tx: mail.enqueue(tx, Letter(KIND, new_id(), 1, "sun@example.com")))
        await database.write(claim_a_letter)
        source.now -= ahead
        with capture_logs():
            await mend(database)

        assert await database.write(claim_a_letter) is not None
        source.now += LEASE
        assert 2 == len(await database.read(lambda tx: work_store.abandoned(tx, store.LETTERS, 10)))
