"""Notices and preferences on a real database."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

from sqlalchemy import create_engine

from platform_api.database.metadata import metadata
from platform_api.database.sqlite import SqliteDatabase
from platform_api.database.transaction import Transaction
from platform_api.ids import new_id
from platform_api.notices import notices, tables
from platform_api.notices.values import Notice, NoticeKind, PostedNotice
from servicehost.contract.scalars import Guid

FIRST = Guid("00000000-0000-4000-8000-00000000000a")
SECOND = Guid("00000000-0000-4000-8000-00000000000b")
SUBJECT = Guid("01900000-0000-7000-8000-0000000000b1")


def _make_tables(path: Path) -> None:
    engine = create_engine(f"sqlite:///{path}")
    metadata.create_all(engine, tables=[tables.notices, tables.mail_preferences])
    engine.dispose()


@asynccontextmanager
async def _a_database(folder: Path) -> AsyncIterator[SqliteDatabase]:
    await asyncio.to_thread(_make_tables, folder / "test.db")
    async with SqliteDatabase.open(folder / "test.db") as database:
        yield database


async def _post(database: SqliteDatabase, to: Guid = FIRST, by: Guid | None = SECOND) -> Notice:
    notice = Notice(id=new_id(), contact_id=to, kind=NoticeKind.ACCEPTED, subject_id=SUBJECT, actor_id=by)
    await database.write(lambda tx: notices.post(tx, notice))
    return notice


async def _latest(database: SqliteDatabase, contact_id: Guid) -> list[PostedNotice]:
    return await database.read(lambda tx: notices.latest(tx, contact_id, 10))


async def _wants(database: SqliteDatabase, contact_id: Guid, kind: NoticeKind) -> bool:
    return await database.read(lambda tx: notices.wants_mail(tx, contact_id, kind))


async def _prefer(database: SqliteDatabase, contact_id: Guid, kind: NoticeKind, *, by_mail: bool) -> None:
    await database.write(lambda tx: notices.prefer(tx, contact_id, kind, by_mail=by_mail))


async def test_a_notice_is_found_by_whom_it_is_for(tmp_path: Path) -> None:
    """The latest first, unread, and by nobody else."""
    async with _a_database(tmp_path) as database:
        earlier, later = await _post(database), await _post(database)
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
    """Its letter asks for it; one that is gone is None."""
    async with _a_database(tmp_path) as database:
        posted = await _post(database)
        found = await database.read(lambda tx: notices.get(tx, posted.id))
        missing = await database.read(lambda tx: notices.get(tx, new_id()))

        assert (posted.id, None) == (found and found.id, missing)


async def test_choices_are_each_contacts_own(tmp_path: Path) -> None:
    """A choice counts for one contact and one kind, and can be changed."""
    async with _a_database(tmp_path) as database:
        await _prefer(database, FIRST, NoticeKind.ACCEPTED, by_mail=False)
        refused = await _wants(database, FIRST, NoticeKind.ACCEPTED)
        others = await _wants(database, SECOND, NoticeKind.ACCEPTED), await _wants(database, FIRST, NoticeKind.REMOVED)
        await _prefer(database, FIRST, NoticeKind.ACCEPTED, by_mail=True)

        assert (False, (True, True)) == (refused, others)
        assert await _wants(database, FIRST, NoticeKind.ACCEPTED)


async def test_merging_moves_notices_and_keeps_the_others_choices(tmp_path: Path) -> None:
    """What the other contact chose itself wins; what only the merged one chose moves."""

    async def unit(tx: Transaction) -> None:
        await notices.merge(tx, FIRST, SECOND)

    async with _a_database(tmp_path) as database:
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


async def test_erasure_forgets_the_contact_everywhere(tmp_path: Path) -> None:
    """Its notices and choices are gone; what others were told stays without its name."""

    async def unit(tx: Transaction) -> None:
        await notices.erase(tx, FIRST)

    async with _a_database(tmp_path) as database:
        await _post(database, to=FIRST)
        told = await _post(database, to=SECOND, by=FIRST)
        await _prefer(database, FIRST, NoticeKind.ACCEPTED, by_mail=False)
        await database.write(unit)

        assert [] == await _latest(database, FIRST)
        assert [(told.id, None)] == [(notice.id, notice.actor_id) for notice in await _latest(database, SECOND)]
        assert await _wants(database, FIRST, NoticeKind.ACCEPTED)
