"""Tests of backups of a real installation: created, verified, restored."""

import asyncio
import os
import shutil
import stat
import zipfile
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import msgspec
import pytest
from sqlalchemy import select
from tests.support.backups import BackedUp, execute, ignore, rows_of, with_sample
from tests.support.postgres import PROGRAMS, drop_database, new_database
from tests.support.stores import Store, chosen, share_server

from platform_api.database.backups import NoDatabase, NotEmpty
from platform_api.database.migrations.schema import VERSIONS, current_revision, head_revision, migrate
from platform_api.database.opening import engine_at
from platform_api.identity.settings import SignIn
from platform_api.installation.backups import archive
from platform_api.installation.backups.archive import BackupExists, UnusableBackup
from platform_api.installation.backups.keys import MissingKeys, NoKeys, key_facts
from platform_api.installation.backups.manifest import FORMAT, Manifest
from platform_api.installation.backups.store import broken_invariants
from platform_api.installation.keys import KeyFolder
from platform_api.installation.settings import Keys, Settings
from platform_api.mail.tables import letters

CHEAP = SignIn(argon2_memory_kib=8, argon2_time_cost=1)
LETTERS = frozenset({"letters"})

NewPlace = Callable[[str], Path | str]


@pytest.fixture(scope="module")
def installations(tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[Store, BackedUp]]:
    """The installations that were made for the tests of this file."""
    made: dict[Store, BackedUp] = {}
    yield made
    for store, each in made.items():
        if store is Store.POSTGRESQL:
            drop_database(str(each.address))


@pytest.fixture
def installation(
    installations: dict[Store, BackedUp], tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch
) -> BackedUp:
    """An installation with the sample data."""
    monkeypatch.setenv("PATH", f"{PROGRAMS}{os.pathsep}{os.environ['PATH']}")
    share_server()
    if chosen() not in installations:
        folder = tmp_path_factory.mktemp("installation")
        address = folder / "data.sqlite3" if chosen() is Store.SQLITE else new_database()
        installations[chosen()] = with_sample(Settings(keys=Keys(path=folder / "keys"), sign_in=CHEAP), address)
    return installations[chosen()]


@pytest.fixture
def new_place(tmp_path: Path) -> Iterator[NewPlace]:
    """A maker of addresses of files that do not exist, or of empty databases of a server."""
    made: list[str] = []

    def place(name: str) -> Path | str:
        if chosen() is Store.SQLITE:
            return tmp_path / f"{name}.sqlite3"
        made.append(new_database())
        return made[-1]

    yield place
    for url in made:
        drop_database(url)


def states_of_letters(address: Path | str) -> Counter[str]:
    """The number of letters in each state."""
    return engine_at(address).alone(lambda connection: Counter(connection.scalars(select(letters.c.state))))


@pytest.fixture
def backup(installation: BackedUp, tmp_path: Path) -> Path:
    """A backup of the installation."""
    installation.acts().create(tmp_path / "backup.zip")
    return tmp_path / "backup.zip"


def rewritten(backup: Path, **changes: Any) -> Path:
    """The backup with another manifest."""
    manifest = archive.read_manifest(backup)
    other = backup.with_name("rewritten.zip")
    with zipfile.ZipFile(backup) as source, zipfile.ZipFile(other, "w") as target:
        target.writestr("database", source.read("database"))
        target.writestr("manifest.json", msgspec.json.encode(msgspec.structs.replace(manifest, **changes)))
    return other


def test_a_restored_database_has_every_row(installation: BackedUp, backup: Path, new_place: NewPlace) -> None:
    """Only waiting letters differ: they are held."""
    place = new_place("restored")

    restored = installation.acts(place).restore(backup)

    assert rows_of(installation.address, without=LETTERS) == rows_of(place, without=LETTERS)
    before, after = states_of_letters(installation.address), states_of_letters(place)
    assert restored.held == before["queued"] == after["held"]
    assert before - Counter(queued=restored.held) == after - Counter(held=restored.held)


@pytest.mark.sqlite_only("a server keeps its own files")
def test_a_restored_file_is_private_and_alone(installation: BackedUp, backup: Path, new_place: NewPlace) -> None:
    """The file is readable by its owner only, and nothing is left beside it."""
    place = Path(new_place("folder/restored"))

    installation.acts(place).restore(backup)

    assert [place] == list(place.parent.iterdir())
    assert (0o600, 0o700) == (stat.S_IMODE(place.stat().st_mode), stat.S_IMODE(place.parent.stat().st_mode))


def test_the_file_of_a_backup_is_private(backup: Path) -> None:
    """It is readable by its owner only, and nothing is left beside it."""
    assert 0o600 == stat.S_IMODE(backup.stat().st_mode)
    assert [backup] == list(backup.parent.iterdir())


def test_the_manifest_describes_the_backup(installation: BackedUp, backup: Path) -> None:
    """Version, schema, rows of each table, keys and digest."""
    manifest = archive.read_manifest(backup)
    facts = key_facts(installation.settings.keys.path)
    assert facts.lasting_secret is not None
    copy = backup.with_name("copy")
    archive.unpack(backup, manifest, copy, ignore)

    assert manifest == Manifest(
        created_at=manifest.created_at,
        version=manifest.version,
        kind=installation.acts().backups.kind,
        revision=head_revision() or "",
        rows={name: len(rows) for name, rows in rows_of(installation.address).items()},
        keys=facts.ids,
        lasting_secret=facts.lasting_secret,
        size=copy.stat().st_size,
        sha256=archive.digest_of(copy),
        format=FORMAT,
    )


def test_a_backup_is_verified(installation: BackedUp, backup: Path) -> None:
    """Verification finds no fault, and returns the manifest."""
    assert archive.read_manifest(backup) == installation.acts().verify(backup)


def test_verification_changes_nothing(installation: BackedUp, backup: Path) -> None:
    """The installation's database stays as it is."""
    before = rows_of(installation.address)

    installation.acts().verify(backup)

    assert before == rows_of(installation.address)


def test_no_file_is_overwritten_by_a_backup(installation: BackedUp, backup: Path) -> None:
    """An existing file stays as it is."""
    before = backup.read_bytes()
    with pytest.raises(BackupExists):
        installation.acts().create(backup)
    assert before == backup.read_bytes()


def test_a_database_is_never_overwritten(installation: BackedUp, backup: Path) -> None:
    """A restore over the database of a running or stopped server is refused."""
    before = rows_of(installation.address)
    with pytest.raises(NotEmpty):
        installation.acts().restore(backup)
    assert before == rows_of(installation.address)


def test_a_missing_database_is_named(installation: BackedUp, new_place: NewPlace, tmp_path: Path) -> None:
    """Nothing is written."""
    with pytest.raises(NoDatabase):
        installation.acts(new_place("missing")).create(tmp_path / "none.zip")
    assert [] == list(tmp_path.iterdir())


def test_a_backup_without_keys_is_not_made(installation: BackedUp, tmp_path: Path) -> None:
    """Missing keys are reported when the backup is made, not when it is needed."""
    with pytest.raises(NoKeys):
        installation.acts(keys=tmp_path / "keys").create(tmp_path / "none.zip")
    KeyFolder.open(tmp_path / "keys")
    with pytest.raises(NoKeys):
        installation.acts(keys=tmp_path / "keys").create(tmp_path / "none.zip")
    assert [tmp_path / "keys"] == list(tmp_path.iterdir())


def test_missing_keys_are_reported_before_a_restore(
    installation: BackedUp, backup: Path, new_place: NewPlace, tmp_path: Path
) -> None:
    """The keys are named, and no database is created; with `without_keys` it is."""
    KeyFolder.open(tmp_path / "keys")
    acts = installation.acts(new_place("restored"), keys=tmp_path / "keys")
    (key_id,) = archive.read_manifest(backup).keys
    for act in (acts.verify, acts.restore):
        with pytest.raises(MissingKeys, match=f"lacks key {key_id}, lasting-secret of"):
            act(backup)
    assert not acts.backups.engine.exists()

    assert acts.verify(backup, without_keys=True) == acts.restore(backup, without_keys=True).manifest


@pytest.mark.parametrize(
    ("expected", "changes"),
    [
        ("knows only up to", {"revision": "9999"}),
        (f"reads format {FORMAT}", {"format": FORMAT + 1}),
        ("differ from its manifest", {"sha256": "0" * 64}),
        ("contacts: 7 rows instead of 0 rows", {"rows": {"contacts": 0}}),
        ("differs from its manifest", {"revision": "0001"}),
        ("larger than its manifest", {"size": 1000}),
        ("differ from its manifest", {"size": 1 << 40}),
    ],
)
def test_another_manifest_is_refused(
    expected: str, changes: dict[str, Any], installation: BackedUp, backup: Path, new_place: NewPlace
) -> None:
    """A backup of a later version, or one that differs from its manifest, is refused, and no database is created."""
    acts = installation.acts(new_place("restored"))
    other = rewritten(backup, **changes)

    for act in (acts.verify, acts.restore):
        with pytest.raises(UnusableBackup, match=expected):
            act(other)
    assert not acts.backups.engine.exists()


def test_damage_is_found(installation: BackedUp, backup: Path, new_place: NewPlace) -> None:
    """A backup that was cut off, or in which a byte of the copy was changed, is refused."""
    content = backup.read_bytes()
    acts = installation.acts(new_place("restored"))
    damaged = backup.with_name("damaged.zip")
    cut = [content[: len(content) * part // 20] for part in range(20)]
    flipped = [bytes([*content[:at], content[at] ^ 16, *content[at + 1 :]]) for at in range(200, 5000, 240)]
    for content in (*cut, *flipped):
        damaged.write_bytes(content)
        with pytest.raises(UnusableBackup):
            acts.restore(damaged)
    assert not acts.backups.engine.exists()


def test_a_missing_file_is_named(installation: BackedUp, tmp_path: Path) -> None:
    """So is a file that is not a backup."""
    with pytest.raises(UnusableBackup, match="There is no file"):
        installation.acts().verify(tmp_path / "none.zip")
    shutil.make_archive(str(tmp_path / "other"), "zip", tmp_path)
    with pytest.raises(UnusableBackup, match="not a backup"):
        installation.acts().verify(tmp_path / "other.zip")


BREAKING = {
    "counters of lists": "UPDATE connection_totals SET total = total + 1 WHERE name = 'connections'",
    "counters of kept contacts": "DELETE FROM kept_totals",
    "counter of the mailbox": "UPDATE mailbox_totals SET total = total + 1",
    "place of its state": "UPDATE letters SET due_at = created_at",
    "ends of each request": "UPDATE connection_requests SET sender_id = connection_id",
    "ends of each connection": "UPDATE connections SET receiver_id = id",
    "pending request": "DELETE FROM connection_requests WHERE status = 'Pending'",
    "contact has a profile": "DELETE FROM profiles",
    "gaps": "DELETE FROM journal_entries WHERE position = 2",
}
"""A part of the name of each invariant, and a statement that breaks it."""


@pytest.fixture
def restored(installation: BackedUp, backup: Path, new_place: NewPlace) -> Path | str:
    """A database that holds every invariant, with rows in each table that the invariants concern."""
    place = new_place("restored")
    installation.acts(place).restore(backup)
    execute(
        place,
        "UPDATE journal_entries SET position = id",
        "INSERT INTO mailbox_totals (name, total) SELECT 'mails in the mailbox', 0"
        " WHERE NOT EXISTS (SELECT 1 FROM mailbox_totals)",
    )
    return place


@pytest.mark.parametrize("name", BREAKING)
async def test_broken_invariants_are_found(name: str, restored: Path | str) -> None:
    """Each broken invariant is found, with the number of exceptions."""
    async with engine_at(restored).open() as database:
        before = await database.read_long(broken_invariants)
    await asyncio.to_thread(execute, restored, BREAKING[name])
    async with engine_at(restored).open() as database:
        after = await database.read_long(broken_invariants)

    assert {} == before
    assert [True] == [rows > 0 for text, rows in after.items() if name in text]


def test_a_backup_with_a_broken_invariant_is_refused(
    installation: BackedUp, restored: Path | str, tmp_path: Path
) -> None:
    """The invariant is named. A restore is possible nevertheless."""
    execute(restored, BREAKING["gaps"])
    acts = installation.acts(restored)
    acts.create(tmp_path / "broken.zip")

    with pytest.raises(UnusableBackup, match=r"it does not hold that positions .* have no gaps \(1 exceptions\)"):
        acts.verify(tmp_path / "broken.zip")


def test_an_earlier_schema_is_brought_up_to_date(installation: BackedUp, new_place: NewPlace, tmp_path: Path) -> None:
    """A backup made by an earlier version is verified and restored by this one."""
    versions = tmp_path / "versions"
    shutil.copytree(VERSIONS, versions, ignore=shutil.ignore_patterns(f"{head_revision()}_*", "__pycache__"))
    earlier = new_place("earlier")
    migrate(engine_at(earlier), versions)
    installation.acts(earlier).create(tmp_path / "earlier.zip")
    acts = installation.acts(new_place("restored"))

    acts.verify(tmp_path / "earlier.zip")
    acts.restore(tmp_path / "earlier.zip")

    assert head_revision(versions) == archive.read_manifest(tmp_path / "earlier.zip").revision
    assert head_revision() == current_revision(acts.backups.engine)
