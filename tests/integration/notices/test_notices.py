"""Tests of notices and mail preferences on a real database."""

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import bindparam, update
from tests.support.accounts import TimedDatabase
from tests.support.contacts import empty_database

from platform_api import notices
from platform_api.database.statements import Command
from platform_api.database.transaction import Database, Transaction
from platform_api.foundation.ids import new_id
from platform_api.notices import Notice, NoticeKind, PostedNotice, tables
from servicehost.contract.scalars import Guid

FIRST = Guid("00000000-0000-4000-8000-00000000000a")
SECOND = Guid("00000000-0000-4000-8000-00000000000b")
_READ = Command(update(tables.notices).where(tables.notices.c.id == bindparam("id_")).values(read_at=bindparam("now")))
SUBJECT = Guid("01900000-0000-7000-8000-0000000000b1")


async def _post(database: Database, to: Guid = FIRST, by: Guid | None = SECOND) -> Notice:
    notice = Notice(id=new_id(), contact_id=to, kind=NoticeKind.ACCEPTED, subject_id=SUBJECT, actor_id=by)
    await database.write(lambda tx: notices.post(tx, notice))
    return notice


async def _latest(database: Database, contact_id: Guid) -> list[PostedNotice]:
    return await database.read(lambda tx: notices.latest_notices(tx, contact_id, 10))


async def _wants(database: Database, contact_id: Guid, kind: NoticeKind) -> bool:
    return await database.read(lambda tx: notices.wants_mail(tx, contact_id, kind))


async def _prefer(database: Database, contact_id: Guid, kind: NoticeKind, *, by_mail: bool) -> None:
    await database.write(lambda tx: notices.prefer(tx, contact_id, kind, by_mail=by_mail))


async def test_the_receiver_finds_a_notice(tmp_path: Path) -> None:
    """The receiver finds its notices, newest first and unread; another contact does not."""
    async with empty_database(tmp_path) as database:
        earlier, later = await _post(database, by=None), await _post(database)
        found = await _latest(database, FIRST)

        assert [later.id, earlier.id] == [notice.id for notice in found]
        assert (NoticeKind.ACCEPTED, SUBJECT, SECOND, None) == (
            found[0].kind,
            found[0].subject_id,
            found[0].actor_id,
            found[0].read_at,
        )
        assert [] == await _latest(database, SECOND)


async def test_a_notice_is_found_by_its_id(tmp_path: Path) -> None:
    """A notice is found by its id; an unknown id is None."""
    async with empty_database(tmp_path) as database:
        posted = await _post(database)
        found = await database.read(lambda tx: notices.get_notice(tx, posted.id))
        missing = await database.read(lambda tx: notices.get_notice(tx, new_id()))

        assert (posted.id, None) == (found and found.id, missing)


@pytest.fixture
def timed() -> Iterator[TimedDatabase]:
    """A database with a clock that the test sets."""
    database = TimedDatabase()
    yield database
    database.close()


async def _tell(
    database: TimedDatabase, kind: NoticeKind = NoticeKind.ACCEPTED, by: Guid | None = SECOND, *, withheld: bool = False
) -> tuple[Guid, Guid]:
    """Post a notice about a new subject; the id of the notice that is shown, and the subject."""
    notice = Notice(id=new_id(), contact_id=FIRST, kind=kind, subject_id=new_id(), actor_id=by)

    async def unit(tx: Transaction) -> Guid:
        return await notices.post(tx, notice, withheld=withheld)

    return await database.write(unit), notice.subject_id


async def _listed(database: TimedDatabase) -> list[tuple[Guid, Guid]]:
    """The ids and subjects of the first contact's notices, newest first."""
    found = await database.read(lambda tx: notices.latest_notices(tx, FIRST, 10))
    return [(notice.id, notice.subject_id) for notice in found]


async def test_repeated_acts_within_a_day_are_one_unread_notice(timed: TimedDatabase) -> None:
    """The notice keeps its id and gets the latest subject."""
    (first, _), (again, latest) = await _tell(timed), await _tell(timed)

    assert first == again
    assert [(first, latest)] == await _listed(timed)


@pytest.mark.parametrize(
    ("kind", "by"),
    [(NoticeKind.REMOVED, SECOND), (NoticeKind.ACCEPTED, SUBJECT), (NoticeKind.ACCEPTED, None)],
    ids=["another kind", "another contact", "the clock"],
)
async def test_another_kind_or_actor_is_another_notice(timed: TimedDatabase, kind: NoticeKind, by: Guid | None) -> None:
    """A notice of another kind or actor is not coalesced."""
    first, other = await _tell(timed), await _tell(timed, kind, by)
    assert [other, first] == await _listed(timed)


async def test_notices_without_an_actor_are_not_coalesced(timed: TimedDatabase) -> None:
    """Notices of periodic work stay separate."""
    first, second = await _tell(timed, by=None), await _tell(timed, by=None)
    assert [second, first] == await _listed(timed)


async def test_a_day_later_it_is_another_notice(timed: TimedDatabase) -> None:
    """A day after the first act a new notice is posted, however often the first was updated."""
    first, _ = await _tell(timed)
    timed.now += timedelta(hours=23)
    second, _ = await _tell(timed)
    timed.now += timedelta(hours=1)
    third, _ = await _tell(timed)
    assert (first, True) == (second, first != third)


async def test_a_read_notice_is_not_updated(timed: TimedDatabase) -> None:
    """An act after the notice was read posts a new notice."""
    first, _ = await _tell(timed)
    await timed.write(lambda tx: tx.execute(_READ, id_=first, now=tx.now))
    second, _ = await _tell(timed)
    assert first != second


async def test_a_withheld_notice_is_in_no_list(timed: TimedDatabase) -> None:
    """A withheld notice runs the same statements, is coalesced, and appears in no list."""
    with timed.recording() as shown:
        told, _ = await _tell(timed)
        await _tell(timed)
    with timed.recording() as hidden:
        withheld, _ = await _tell(timed, withheld=True)
        again, _ = await _tell(timed, withheld=True)

    assert (withheld, False) == (again, told == withheld)
    assert [told] == [notice for notice, _ in await _listed(timed)]
    assert len(shown) == len(hidden)
    found = await timed.read(lambda tx: notices.get_notice(tx, withheld))
    assert found is not None
    assert (None, FIRST) == (found.contact_id, found.withheld_from)


async def test_erasure_and_merging_reach_withheld_notices(timed: TimedDatabase) -> None:
    """Withheld notices are moved and deleted with their receiver."""
    withheld, _ = await _tell(timed, withheld=True)
    await timed.write(lambda tx: notices.merge(tx, FIRST, SUBJECT))
    moved = await timed.read(lambda tx: notices.get_notice(tx, withheld))
    await timed.write(lambda tx: notices.erase(tx, SUBJECT))

    assert (SUBJECT, None) == (
        moved and moved.withheld_from,
        await timed.read(lambda tx: notices.get_notice(tx, withheld)),
    )


async def test_preferences_belong_to_one_contact(tmp_path: Path) -> None:
    """A preference holds for one contact and one kind, and can be changed."""
    async with empty_database(tmp_path) as database:
        await _prefer(database, FIRST, NoticeKind.ACCEPTED, by_mail=False)
        refused = await _wants(database, FIRST, NoticeKind.ACCEPTED)
        others = await _wants(database, SECOND, NoticeKind.ACCEPTED), await _wants(database, FIRST, NoticeKind.REMOVED)
        await _prefer(database, FIRST, NoticeKind.ACCEPTED, by_mail=True)

        assert (False, (True, True)) == (refused, others)
        assert await _wants(database, FIRST, NoticeKind.ACCEPTED)


async def test_merging_moves_notices_and_missing_preferences(tmp_path: Path) -> None:
    """Preferences of the remaining contact take precedence over those of the merged one."""

    async def unit(tx: Transaction) -> None:
        await notices.merge(tx, FIRST, SECOND)

    async with empty_database(tmp_path) as database:
        told, did = await _post(database, to=FIRST, by=None), await _post(database, to=SECOND, by=FIRST)
        await _prefer(database, FIRST, NoticeKind.ACCEPTED, by_mail=False)
        await _prefer(database, FIRST, NoticeKind.EXPIRED, by_mail=True)
        await _prefer(database, SECOND, NoticeKind.ACCEPTED, by_mail=True)
        await database.write(unit)
        found = await _latest(database, SECOND)

        assert [(did.id, SECOND), (told.id, None)] == [(notice.id, notice.actor_id) for notice in found]
        assert [] == await _latest(database, FIRST)
        assert await _wants(database, SECOND, NoticeKind.ACCEPTED)
        assert await _wants(database, SECOND, NoticeKind.EXPIRED)
        assert not await _wants(database, FIRST, NoticeKind.EXPIRED)


async def test_erasing_removes_the_contact_everywhere(tmp_path: Path) -> None:
    """The contact's notices and preferences are deleted, and the notices of others lose its id."""

    async def unit(tx: Transaction) -> None:
        await notices.erase(tx, FIRST)

    async with empty_database(tmp_path) as database:
        await _post(database, to=FIRST)
        told = await _post(database, to=SECOND, by=FIRST)
        await _prefer(database, FIRST, NoticeKind.ACCEPTED, by_mail=False)
        await database.write(unit)

        assert [] == await _latest(database, FIRST)
        assert [(told.id, None)] == [(notice.id, notice.actor_id) for notice in await _latest(database, SECOND)]
        assert await _wants(database, FIRST, NoticeKind.ACCEPTED)
