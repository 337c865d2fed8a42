"""The revision that records whose mailbox accepted: what it makes of acceptances from before."""

import shutil
import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Connection, MetaData, create_engine

from platform_api.database.migrations import schema
from platform_api.database.opening import engine_at

pytestmark = pytest.mark.sqlite_only(reason="no PostgreSQL database is older than this revision")

Values = dict[str, Any]

KEEPER, RECORD, PERSON = (f"00000000-0000-4000-8000-00000000000{digit}" for digit in "abc")


def request(number: int, *, status: str, decided_by: str | None, address: str | None, shown_to: str | None) -> Values:
    """A request as the first revision holds it."""
    return {
        "id": f"01900000-0000-7000-8000-00000000000{number}",
        "connection_id": f"01900000-0000-7000-8000-00000000001{number}",
        **dict.fromkeys(("sender_id", "sent_by"), KEEPER),
        **dict.fromkeys(("receiver_id", "original_receiver_id"), RECORD),
        **dict.fromkeys(("sender_role_id", "receiver_role_id"), KEEPER),
        **dict.fromkeys(("created_at", "sent_at", "expires_at", "version", "token_version"), 1),
        **dict.fromkeys(("resent_count", "superseded"), 0),
        "recipient_key": "victim@example.com",
        "key": str(number),
        "status": status,
        "decided_by": decided_by,
        "address_key": address,
        "shown_to": shown_to,
    }


def insert(connection: Connection, row: Values) -> None:
    """Keep a request."""
    names = MetaData()
    names.reflect(connection)
    connection.execute(names.tables["connection_requests"].insert(), row)


def test_the_consent_of_mailboxes_is_kept_and_that_of_keepers_is_not(tmp_path: Path) -> None:
    """An acceptance by the invited address counts, by its link or signed in; one by the keeper as the record does not."""
    address = "victim@example.com"
    before = tmp_path / "versions"
    before.mkdir()
    shutil.copy(schema.VERSIONS / "0001_the_spine.py", before)
    schema.migrate(engine_at(tmp_path / "test.db"), before)
    engine = create_engine(f"sqlite:///{tmp_path / 'test.db'}")
    with engine.begin() as connection:
        insert(connection, request(0, status="Accepted", decided_by=RECORD, address=address, shown_to=None))
        insert(connection, request(1, status="Accepted", decided_by=PERSON, address=address, shown_to=PERSON))
        insert(connection, request(2, status="Accepted", decided_by=KEEPER, address=address, shown_to=None))
        insert(connection, request(3, status="Accepted", decided_by=PERSON, address=None, shown_to=PERSON))
        insert(connection, request(4, status="Declined", decided_by=PERSON, address=address, shown_to=PERSON))
    engine.dispose()

    schema.migrate(engine_at(tmp_path / "test.db"))

    with closing(sqlite3.connect(tmp_path / "test.db")) as migrated:
        rows = migrated.execute(
            "SELECT accepted_key, mailed_again_at, mailed_again_count FROM connection_requests ORDER BY id"
        ).fetchall()
    assert [(address, None, 0), (address, None, 0), (None, None, 0), (None, None, 0), (None, None, 0)] == rows
