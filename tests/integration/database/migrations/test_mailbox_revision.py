"""The revision that gives addresses the keys of the mailboxes which mail to them has reached."""

import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Connection, MetaData, create_engine

from platform_api.database.migrations import schema
from platform_api.database.opening import engine_at
from platform_api.identity import InvalidAddress, parse_address, sign_in_key

pytestmark = pytest.mark.sqlite_only(reason="no PostgreSQL database is older than this revision")

REVISION = next(schema.VERSIONS.glob("*_keys_of_mailboxes.py"))
PENDING, ACCEPTED = "Pending", "Accepted"
FASS, HIA = "fass.example", "xn--fa-hia.example"


def guid(kind: str, number: int) -> str:
    """An id."""
    return f"0000000{kind}-0000-7000-8000-00000000000{number}"


class World:
    """Rows as the revisions before hold them."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self._tables = MetaData()
        self._tables.reflect(connection)

    def add(self, table: str, **values: Any) -> None:
        """A row; columns that must hold something and are not given hold nothing of note."""
        columns = self._tables.tables[table].columns
        rest = {
            column.name: 0 if str(column.type) in ("INTEGER", "BOOLEAN") else ""
            for column in columns
            if not column.nullable
        }
        self._connection.execute(self._tables.tables[table].insert(), {**rest, **values})

    def user(self, number: int, address: str, key: str) -> None:
        """A user with its contact."""
        self.add("contacts", id=guid("c", number), contact_type="RP", full_name="x", email=address)
        self.add("users", id=guid("a", number), contact_id=guid("c", number))
        self.add("user_addresses", address_key=key, user_id=guid("a", number), address=address, is_main=1)

    def kept(self, number: int, keeper: int, address: str, key: str) -> None:
        """A virtual contact."""
        self.add(
            "contacts",
            id=guid("d", number),
            contact_type="VP",
            full_name="x",
            email=address,
            keeper_id=guid("c", keeper),
            address_key=key,
        )

    def request(self, number: int, receiver: str, **values: Any) -> None:
        """A request with a letter that waits."""
        self.add(
            "connection_requests",
            id=guid("e", number),
            receiver_id=receiver,
            original_receiver_id=receiver,
            key=str(number),
            sender_type="RP",
            **{"status": PENDING, "token_version": 1, "recipient_key": values.get("address_key"), **values},
        )
        self.add(
            "letters",
            id=guid("f", number),
            kind="connection request",
            subject_id=guid("e", number),
            recipient_key=values.get("recipient_key") or values["address_key"],
        )


def fill(world: World) -> None:
    """Everything whose key changes, and what stays as it is."""
    world.user(1, "stra\u00dfe1@example.com", "strasse1@example.com")
    world.user(2, "victim@fa\u00df.example", f"victim@{HIA}")
    world.user(3, "First@Example.com", "first@example.com")
    world.user(4, f"victim@{FASS}", f"victim@{FASS}")
    world.user(5, "other@fa\u00df.example", f"other@{HIA}")
    for number, key in enumerate(
        ("strasse1@example.com", f"victim@{HIA}", f"other@{HIA}", f"other@{FASS}", "first@example.com")
    ):
        world.add("password_resets", id=guid("b", number), address_key=key, version=number)
    for number, (address, key) in enumerate(
        (("\u017fam@example.com", "sam@example.com"), ("new@fa\u00df.example", f"new@{HIA}"), ("a@b.com", "a@b.com"))
    ):
        world.add("registrations", id=guid("9", number), address=address, address_key=key)
    world.kept(1, 3, "Stra\u00dfe9@example.com", "strasse9@example.com")
    world.kept(2, 3, "guest@fa\u00df.example", f"guest@{HIA}")
    world.kept(3, 3, "strasse1@example.com", "strasse1@example.com")
    world.kept(4, 4, "stra\u00dfe1@example.com", "strasse1@example.com")
    world.kept(5, 4, "victim@fa\u00df.example", f"victim@{HIA}")
    world.request(1, guid("d", 1), address_key="strasse9@example.com")
    world.request(2, guid("d", 2), address_key=f"guest@{HIA}")
    world.request(3, guid("d", 2), address_key=f"guest@{HIA}", accepted_key=f"guest@{HIA}", status=ACCEPTED)
    world.request(4, guid("d", 3), address_key="strasse1@example.com", shown_to=guid("c", 1))
    world.request(5, guid("d", 4), address_key="strasse1@example.com", shown_to=guid("c", 1))
    world.request(6, guid("c", 1), address_key=None, recipient_key="strasse1@example.com", shown_to=guid("c", 1))
    world.request(7, guid("d", 5), address_key=f"victim@{HIA}", shown_to=guid("c", 2), ignored_at="x")
    world.request(8, guid("c", 3), address_key=None, recipient_key="first@example.com", shown_to=guid("c", 3))
    for contact, name, total in ((1, "received RP", 3), (2, "ignored RP", 1), (2, "received RP", 7)):
        world.add("connection_totals", contact_id=guid("c", contact), name=name, total=total)
    world.add("letters", id=guid("f", 9), kind="connection news", recipient_key="strasse1@example.com")
    world.add(
        "mailbox", id=guid("8", 1), recipient="Stra\u00dfe9@example.com", recipient_key="strasse9@example.com",
        message_id="1",
    )  # fmt: skip


@pytest.fixture
def migrated(tmp_path: Path) -> Iterator[sqlite3.Connection]:
    """The world after the revision."""
    versions = tmp_path / "versions"
    versions.mkdir()
    for file in schema.VERSIONS.glob("[0-9]*.py"):
        if file.name < REVISION.name:
            shutil.copy(file, versions)
    path = tmp_path / "test.db"
    schema.migrate(engine_at(path), versions)
    engine = create_engine(f"sqlite:///{path}")
    with engine.begin() as connection:
        fill(World(connection))
    engine.dispose()
    shutil.copy(REVISION, versions)  # and no later one, which may keep the rows elsewhere
    schema.migrate(engine_at(path), versions)
    with closing(sqlite3.connect(path)) as connection:
        yield connection


def test_users_have_the_mailbox_that_they_have_proved(migrated: sqlite3.Connection) -> None:
    """Addresses get their key; of two users who have proved one mailbox, the second gets a name that is not an address."""
    rows = migrated.execute("SELECT user_id, address, address_key FROM user_addresses ORDER BY user_id").fetchall()
    assert [
        (guid("a", 1), "stra\u00dfe1@example.com", "stra\u00dfe1@example.com"),
        (guid("a", 2), f"victim@{FASS}", f"victim@{FASS}#2"),
        (guid("a", 3), "First@Example.com", "first@example.com"),
        (guid("a", 4), f"victim@{FASS}", f"victim@{FASS}"),
        (guid("a", 5), f"other@{FASS}", f"other@{FASS}"),
    ] == rows


def test_nobody_but_its_user_can_mean_the_name_beside_a_mailbox() -> None:
    """It is not an address, so it cannot be registered or invited; typed as a user name it is unchanged."""
    name = f"victim@{FASS}#2"
    with pytest.raises(InvalidAddress):
        parse_address(name)
    assert name == sign_in_key(f" {name}")


def test_contacts_show_the_address_that_their_user_has_proved(migrated: sqlite3.Connection) -> None:
    """Mail of other users must not go to another user's mailbox."""
    rows = migrated.execute("SELECT email FROM contacts WHERE contact_type = 'RP' ORDER BY id").fetchall()
    expected = ["stra\u00dfe1@example.com", f"victim@{FASS}", "First@Example.com", f"victim@{FASS}", f"other@{FASS}"]
    assert expected == [email for (email,) in rows]


def test_links_that_reset_a_password_stay_their_users(migrated: sqlite3.Connection) -> None:
    """Links that cannot have been mailed to any user are deleted."""
    rows = migrated.execute("SELECT version, address_key FROM password_resets ORDER BY id").fetchall()
    expected = ["stra\u00dfe1@example.com", f"victim@{FASS}#2", f"other@{FASS}"]
    assert [*enumerate(expected), (4, "first@example.com")] == rows


def test_registrations_whose_link_went_elsewhere_are_forgotten(migrated: sqlite3.Connection) -> None:
    """The others have the keys of their mailboxes."""
    rows = migrated.execute("SELECT address, address_key FROM registrations ORDER BY id").fetchall()
    assert [("\u017fam@example.com", "\u017fam@example.com"), ("a@b.com", "a@b.com")] == rows


def test_virtual_contacts_have_the_keys_of_what_their_keepers_typed(migrated: sqlite3.Connection) -> None:
    """Those of one keeper stay as many as they were."""
    rows = migrated.execute("SELECT address_key FROM contacts WHERE contact_type = 'VP' ORDER BY id").fetchall()
    expected = [
        "stra\u00dfe9@example.com",
        f"guest@{HIA}",
        "strasse1@example.com",
        "stra\u00dfe1@example.com",
        f"victim@{HIA}",
    ]
    assert expected == [key for (key,) in rows]


def test_requests_are_shown_to_whoever_has_the_address_that_was_typed(migrated: sqlite3.Connection) -> None:
    """And links that went to another mailbox are old."""
    rows = migrated.execute(
        "SELECT address_key, recipient_key, accepted_key, token_version, shown_to FROM connection_requests ORDER BY id"
    ).fetchall()
    assert [
        ("stra\u00dfe9@example.com", "stra\u00dfe9@example.com", None, 1, None),
        (f"guest@{HIA}", f"guest@{HIA}", None, 2, None),
        (f"guest@{HIA}", f"guest@{HIA}", f"guest@{FASS}", 1, None),
        ("strasse1@example.com", "strasse1@example.com", None, 1, None),
        ("stra\u00dfe1@example.com", "stra\u00dfe1@example.com", None, 1, guid("c", 1)),
        (None, "stra\u00dfe1@example.com", None, 1, guid("c", 1)),
        (f"victim@{HIA}", f"victim@{HIA}", None, 2, None),
        (None, "first@example.com", None, 1, guid("c", 3)),
    ] == rows


def test_requests_that_are_no_longer_shown_are_no_longer_counted(migrated: sqlite3.Connection) -> None:
    """In the total of the list that they were in."""
    rows = migrated.execute("SELECT contact_id, name, total FROM connection_totals ORDER BY 1, 2").fetchall()
    expected = [(guid("c", 1), "received RP", 2), (guid("c", 2), "ignored RP", 0), (guid("c", 2), "received RP", 7)]
    assert expected == rows


def test_letters_count_against_the_mailbox_that_they_go_to(migrated: sqlite3.Connection) -> None:
    """Those of requests and those of news; mails in the built-in mailbox belong to it."""
    rows = migrated.execute("SELECT recipient_key FROM letters ORDER BY id").fetchall()
    expected = [
        "stra\u00dfe9@example.com",
        f"guest@{HIA}",
        f"guest@{HIA}",
        "strasse1@example.com",
        "stra\u00dfe1@example.com",
        "stra\u00dfe1@example.com",
        f"victim@{HIA}",
        "first@example.com",
        "stra\u00dfe1@example.com",
    ]
    assert expected == [key for (key,) in rows]
    assert [("stra\u00dfe9@example.com",)] == migrated.execute("SELECT recipient_key FROM mailbox").fetchall()


def test_every_address_has_the_key_that_the_program_gives_it(migrated: sqlite3.Connection) -> None:
    """But for the names beside a mailbox."""
    users = migrated.execute("SELECT address, address_key FROM user_addresses").fetchall()
    kept = migrated.execute("SELECT email, address_key FROM contacts WHERE address_key IS NOT NULL").fetchall()
    for address, key in users + kept:
        assert parse_address(address).key == key.partition("#")[0]
