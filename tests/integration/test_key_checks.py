"""Tests of nodes whose keys differ from those of the database."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from tests.support.stores import an_engine

from platform_api.database.transaction import Database
from platform_api.installation import keys, store
from platform_api.installation.key_checks import OtherKeys, adopt, agree, checks_of, differ
from platform_api.installation.keys import KeyFolder, lasting_secret
from platform_api.wiring import metadata


@pytest.fixture
async def database(tmp_path: Path) -> AsyncIterator[Database]:
    """An empty database."""
    async with an_engine(tmp_path / "test.db", metadata).open() as opened:
        yield opened


async def known(database: Database) -> dict[str, str]:
    """The checks in the database."""
    return await database.read(store.all_checks)


async def test_a_first_start_creates_keys_and_their_checks(database: Database, tmp_path: Path) -> None:
    """The database gets a check of the signing key and of the lasting secret, which is neither of them."""
    folder = tmp_path / "keys"

    await agree(database, folder)

    (key,) = keys.read(folder)
    checks = await known(database)
    assert {key.id, "lasting-secret"} == set(checks)
    assert {64} == {len(value) for value in checks.values()}
    assert {key.secret.hex(), lasting_secret(folder).hex()}.isdisjoint(checks.values())


async def test_a_node_with_the_same_keys_starts(database: Database, tmp_path: Path) -> None:
    """A second start changes nothing; after a rotation the database knows the new key too."""
    folder = tmp_path / "keys"
    await agree(database, folder)
    before = await known(database)

    await agree(database, folder)
    assert before == await known(database)

    new = KeyFolder.open(folder).rotate()
    await agree(database, folder)
    assert set(before) | {new.id} == set(await known(database))


async def test_a_node_without_keys_does_not_start_and_creates_none(database: Database, tmp_path: Path) -> None:
    """Keys created by chance would not be those of the other nodes."""
    await agree(database, tmp_path / "keys")
    before = await known(database)

    with pytest.raises(OtherKeys, match=r"There are no keys in .*other\. Copy the folder from another node"):
        await agree(database, tmp_path / "other")

    assert not (tmp_path / "other").exists()
    assert before == await known(database)


async def test_a_node_with_other_keys_does_not_start(database: Database, tmp_path: Path) -> None:
    """Its keys are not added to those that the database knows."""
    await agree(database, tmp_path / "keys")
    checks_of(tmp_path / "other")
    before = await known(database)

    with pytest.raises(OtherKeys, match=r"The keys in .*other are not those of the database\..*keys adopt"):
        await agree(database, tmp_path / "other")

    assert before == await known(database)


async def test_new_keys_are_adopted(database: Database, tmp_path: Path) -> None:
    """Afterwards the new keys are those of the database, and the former ones are not."""
    await agree(database, tmp_path / "keys")

    await adopt(database, tmp_path / "other")

    await agree(database, tmp_path / "other")
    assert checks_of(tmp_path / "other") == await known(database)
    with pytest.raises(OtherKeys):
        await agree(database, tmp_path / "keys")


@pytest.mark.no_database
@pytest.mark.parametrize(
    ("own", "known", "expected"),
    [
        ({"a": "1"}, {}, False),
        ({}, {"a": "1"}, False),
        ({"a": "1", "b": "2"}, {"a": "1", "c": "3"}, False),
        ({"a": "1", "b": "2"}, {"a": "1", "b": "3"}, True),
        ({"a": "1"}, {"a": "2"}, True),
    ],
)
def test_only_two_values_of_one_key_differ(own: dict[str, str], known: dict[str, str], expected: bool) -> None:
    """A key that only one side has was added or removed by a rotation."""
    assert expected == differ(own, known)
