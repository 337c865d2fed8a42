"""The relation of a contact that asks to another contact, from their connections."""

import pytest
from tests.support.contacts import a_contact
from tests.support.life_cycle import a_connection

from platform_api.connections.relations import relation
from platform_api.connections.values import Connection
from platform_api.contacts.visibility import Relation
from platform_api.foundation.well_known import ConnectionStatus, ContactType
from servicehost.contract.scalars import Guid

ASKER, OTHER, THIRD = (Guid(f"00000000-0000-4000-8000-00000000000{number}") for number in (1, 2, 3))
REQUEST = Guid("00000000-0000-7000-8000-000000000009")
NOT_ACTIVE = [status for status in ConnectionStatus if status is not ConnectionStatus.ACTIVE]


def between(sender: Guid, receiver: Guid, request: Guid | None = REQUEST, **members: object) -> Connection:
    """An active connection, made by a request or without one."""
    return a_connection(sender_id=sender, receiver_id=receiver, request_id=request, **members)


def seen(*connections: Connection, keeper: Guid | None = None) -> Relation:
    """The relation of the asker to the other contact."""
    kind = ContactType.VIRTUAL_PERSON if keeper else ContactType.REAL_PERSON
    return relation(ASKER, a_contact(OTHER, contact_type=kind, keeper_id=keeper), connections)


def test_without_a_connection_a_contact_is_a_stranger() -> None:
    """This applies even if another contact keeps the other contact."""
    assert [Relation.STRANGER] * 2 == [seen(), seen(keeper=THIRD)]


def test_a_contact_is_itself() -> None:
    """The relation to oneself does not depend on connections."""
    assert [Relation.SELF] * 2 == [
        relation(ASKER, a_contact(ASKER), ()),
        relation(ASKER, a_contact(ASKER), [between(ASKER, OTHER)]),
    ]


def test_a_contact_that_keeps_itself_is_itself() -> None:
    """Oneself comes before the keeper."""
    assert Relation.SELF is relation(ASKER, a_contact(ASKER, keeper_id=ASKER), ())


def test_the_keeper_is_the_keeper_with_or_without_a_connection() -> None:
    """The keeper comes before a connection."""
    assert [Relation.KEEPER] * 2 == [seen(keeper=ASKER), seen(between(OTHER, ASKER), keeper=ASKER)]


@pytest.mark.parametrize("request_id", [REQUEST, None])
def test_a_connection_that_the_other_contact_sent_connects(request_id: Guid | None) -> None:
    """With a request that was accepted, or in a role without acceptance."""
    assert Relation.CONNECTED is seen(between(OTHER, ASKER, request_id))


def test_a_connection_that_the_other_contact_accepted_connects() -> None:
    """An active connection with a request was accepted by its receiver."""
    assert Relation.CONNECTED is seen(between(ASKER, OTHER))


def test_a_connection_that_the_asker_made_alone_does_not_connect() -> None:
    """Otherwise a role without acceptance would show private telephone numbers to strangers."""
    assert Relation.STRANGER is seen(between(ASKER, OTHER, None))


@pytest.mark.parametrize("status", NOT_ACTIVE)
def test_only_an_active_connection_connects(status: ConnectionStatus) -> None:
    """Neither one that is pending nor one that has ended, in either direction."""
    ended = [between(ASKER, OTHER, status=status), between(OTHER, ASKER, status=status)]
    assert Relation.STRANGER is seen(*ended)


def test_connections_of_others_do_not_connect() -> None:
    """Both ends must be the two contacts."""
    pairs = [(ASKER, THIRD), (THIRD, ASKER), (OTHER, THIRD), (THIRD, OTHER), (ASKER, ASKER), (OTHER, OTHER)]
    assert Relation.STRANGER is seen(*(between(*pair) for pair in pairs))


def test_one_connection_among_many_is_enough() -> None:
    """Others may have ended, or show nothing."""
    removed = between(OTHER, ASKER, status=ConnectionStatus.REMOVED)
    assert Relation.CONNECTED is seen(
        removed, between(ASKER, OTHER, None), between(OTHER, ASKER), between(THIRD, OTHER)
    )
