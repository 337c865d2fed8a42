"""The number of virtual contacts that a contact keeps: the counter always equals the number of rows."""

import random
from pathlib import Path

import pytest
from sqlalchemy import func, select
from tests.support.contacts import FIRST_ADDRESS, SECOND_ADDRESS, TypedAddress, a_kept_person, a_person, empty_database

from platform_api import contacts
from platform_api.contacts import TooManyContacts, tables
from platform_api.database.statements import Query
from platform_api.database.transaction import Database, Transaction
from servicehost.contract.scalars import Guid


def as_pair(keeper: Guid, number: int) -> tuple[Guid, int]:
    """A row of two columns."""
    return keeper, number


COUNTED = Query(
    select(tables.kept_totals.c.keeper_id, tables.kept_totals.c.total).where(tables.kept_totals.c.total != 0), as_pair
)
KEPT = Query(
    select(tables.contacts.c.keeper_id, func.count())
    .where(tables.contacts.c.keeper_id.is_not(None))
    .group_by(tables.contacts.c.keeper_id),
    as_pair,
)


async def keep(database: Database, keeper: Guid, address: TypedAddress, most: int | None) -> Guid:
    """The virtual contact that the keeper keeps at an address."""

    async def unit(tx: Transaction) -> Guid:
        return await contacts.keep_person_at(tx, keeper, address, most=most)

    return await database.write(unit)


async def totals(database: Database) -> tuple[dict[Guid, int], dict[Guid, int]]:
    """The counter of each keeper, and the number of its rows."""

    async def unit(tx: Transaction) -> tuple[dict[Guid, int], dict[Guid, int]]:
        return dict(await tx.all(COUNTED)), dict(await tx.all(KEPT))

    return await database.read(unit)


async def test_a_contact_keeps_no_more_than_it_may(tmp_path: Path) -> None:
    """A contact beyond the limit is refused and not stored; one that is kept already is still found."""
    async with empty_database(tmp_path) as database:
        keeper = await a_person(database)
        kept = await keep(database, keeper, FIRST_ADDRESS, most=1)
        with pytest.raises(TooManyContacts):
            await keep(database, keeper, SECOND_ADDRESS, most=1)
        assert kept == await keep(database, keeper, FIRST_ADDRESS, most=1)
        assert ({keeper: 1}, {keeper: 1}) == await totals(database)


async def test_a_contact_that_is_no_longer_kept_makes_room(tmp_path: Path) -> None:
    """A merge and an erasure each make room, once."""
    async with empty_database(tmp_path) as database:
        keeper, person = await a_person(database), await a_person(database)

        for end in ("merge", "erase"):
            kept = await keep(database, keeper, SECOND_ADDRESS, most=1)

            async def unit(tx: Transaction, kept: Guid = kept, end: str = end) -> None:
                for _ in range(2):
                    if end == "merge":
                        await contacts.merge(tx, kept, person)
                    else:
                        await contacts.erase(tx, kept)

            await database.write(unit)
            assert ({}, {}) == await totals(database)


async def test_a_merge_moves_what_was_kept(tmp_path: Path) -> None:
    """A merge moves kept contacts in the counters as in the rows."""
    async with empty_database(tmp_path) as database:
        keeper, person = await a_person(database), await a_person(database)
        source = await a_kept_person(database, keeper)
        for address in (FIRST_ADDRESS, SECOND_ADDRESS):
            await a_kept_person(database, source, address)
        await a_kept_person(database, person, SECOND_ADDRESS)
        await database.write(lambda tx: contacts.merge(tx, source, person))
        assert ({person: 3}, {person: 3}) == await totals(database)


@pytest.mark.parametrize("seed", range(3))
async def test_the_counter_equals_the_rows_whatever_happens(tmp_path: Path, seed: int) -> None:
    """The counter is right after any sequence of acts."""
    chosen = random.Random(seed)  # noqa: S311 - no secret
    async with empty_database(tmp_path) as database:
        people = [await a_person(database) for _ in range(3)]
        kept: list[Guid] = []
        for number in range(40):
            address = TypedAddress(f"{number % 5}@example.com", f"{number % 5}@example.com")
            match chosen.choice(["keep", "keep", "merge", "erase"]) if kept else "keep":
                case "keep":
                    kept.append(await keep(database, chosen.choice(people), address, most=None))
                case "merge":
                    source, into = chosen.choice(kept), chosen.choice(people)
                    await database.write(lambda tx, s=source, i=into: contacts.merge(tx, s, i))  # type: ignore[misc]
                case _:
                    gone = chosen.choice(kept)
                    await database.write(lambda tx, g=gone: contacts.erase(tx, g))  # type: ignore[misc]
        counted, rows = await totals(database)
        assert counted == rows
