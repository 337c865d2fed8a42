"""The relation of two contacts is the same by the pure function and by SQL, on any data."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from itertools import product
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import asdict, replace
from sqlalchemy import bindparam, select
from tests.support import stores
from tests.support.contacts import a_contact
from tests.support.life_cycle import a_connection
from tests.support.stores import Runner

from platform_api.connections.relations import relation, relation_to
from platform_api.connections.tables import connections
from platform_api.connections.values import Connection, pair_of
from platform_api.contacts import Contact, Relation
from platform_api.contacts.tables import contacts
from platform_api.database.metadata import metadata
from platform_api.database.statements import Query
from platform_api.foundation.ids import new_id
from platform_api.foundation.well_known import ConnectionStatus, ContactType
from servicehost.contract.scalars import Guid

NOW = datetime(2026, 11, 21, 12, 0, tzinfo=UTC)
IDS = [Guid(f"00000000-0000-4000-8000-00000000000{number}") for number in range(1, 5)]
ids = st.sampled_from(IDS)


@st.composite
def some_contacts(draw: st.DrawFn) -> list[Contact]:
    """Real and virtual contacts, some of them merged or erased."""
    made = []
    for number, id_ in enumerate(IDS):
        earlier = st.sampled_from(IDS[: number + 1])
        keeper = draw(st.none() | earlier)
        kind = ContactType.VIRTUAL_PERSON if keeper else ContactType.REAL_PERSON
        removed_at = draw(st.sampled_from([None, None, NOW]))
        merged_into = draw(st.none() | earlier) if removed_at else None
        given_ = {"keeper_id": keeper, "removed_at": removed_at, "merged_into": merged_into}
        made.append(a_contact(id_, contact_type=kind, **given_))
    return made


some_connections = st.builds(
    lambda sender, receiver, status, requested: a_connection(
        id=new_id(),
        sender_id=sender,
        receiver_id=receiver,
        sender_role_id=new_id(),
        status=status,
        request_id=new_id() if requested else None,
    ),
    ids,
    ids,
    st.sampled_from([ConnectionStatus.ACTIVE, *ConnectionStatus]),
    st.booleans(),
)


@contextmanager
def stored(these: list[Contact], between: list[Connection]) -> Iterator[Runner]:
    """A database with these rows."""
    runner = stores.a_runner(metadata, [contacts, connections])
    try:
        runner.insert(contacts, [_contact_row(each) for each in these])
        runner.insert(connections, [_connection_row(each) for each in between])
        yield runner
    finally:
        runner.close()


def _contact_row(contact: Contact) -> dict[str, Any]:
    row = {name: getattr(contact, name) for name in contacts.columns.keys()}  # noqa: SIM118 - columns are no dict
    return row | {"contact_type": contact.contact_type.code}


def _connection_row(connection: Connection) -> dict[str, Any]:
    pair = pair_of(connection.sender_id, connection.receiver_id)
    return asdict(connection) | {"status": connection.status.value, "key": connection.key, "pair": pair}


def by_sql(runner: Runner, asker: Guid, other: Guid) -> Relation | None:
    """The relation as queries read it."""
    asking = bindparam("asker", type_=contacts.c.id.type)
    query = Query(select(relation_to(asking)).where(contacts.c.id == bindparam("other")), lambda found: found)
    found: Relation | None = runner.at(NOW, lambda tx: tx.one(query, asker=asker, other=other))
    return found


@given(some_contacts(), st.lists(some_connections, max_size=6))
def test_both_agree(these: list[Contact], between: list[Connection]) -> None:
    """For every pair of contacts, themselves included: every status, both directions, with and without a request."""
    with stored(these, between) as runner:
        pairs = list(product(IDS, these))
        assert [relation(asker, other, between) for asker, other in pairs] == [
            by_sql(runner, asker, other.id) for asker, other in pairs
        ]


@pytest.mark.parametrize("status", ConnectionStatus)
@pytest.mark.parametrize("requested", [True, False])
@pytest.mark.parametrize("outgoing", [True, False])
@pytest.mark.parametrize("kept", [True, False])
def test_both_agree_on_one_connection(status: ConnectionStatus, *, requested: bool, outgoing: bool, kept: bool) -> None:
    """Each case by itself, with the relation that the domain says."""
    asker, other = (a_contact(id_, keeper_id=None) for id_ in IDS[:2])
    if kept:
        other = a_contact(other.id, contact_type=ContactType.VIRTUAL_PERSON, keeper_id=asker.id)
    sender, receiver = (asker.id, other.id) if outgoing else (other.id, asker.id)
    connection = a_connection(sender_id=sender, receiver_id=receiver, status=status)
    connection = replace(connection, request_id=connection.request_id if requested else None)
    agreed = status is ConnectionStatus.ACTIVE and (requested or not outgoing)
    near = Relation.CONNECTED if agreed else Relation.STRANGER
    expected = Relation.KEEPER if kept else near
    with stored([asker, other], [connection]) as runner:
        assert [expected] * 2 == [relation(asker.id, other, [connection]), by_sql(runner, asker.id, other.id)]
