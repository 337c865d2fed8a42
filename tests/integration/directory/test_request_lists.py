"""The lists of requests, filtered by the type of the other contact."""

from collections.abc import AsyncIterator

import pytest
from tests.support.world import PERSON, VIRTUAL, World, by, requests_in

from platform_api.contacts import WrongValue
from platform_api.directory import GetConnectionRequests
from servicehost.contract.scalars import EMPTY_GUID, Guid


@pytest.fixture
async def world() -> AsyncIterator[World]:
    """A small world, new for each test."""
    small = World()
    yield small
    small.close()


async def _sent(world: World, sender: Guid, *types: Guid) -> list[str | None]:
    """The types of the contacts in the list of sent requests, for this filter."""
    message = GetConnectionRequests(contact_id=sender, contact_types=list(types), action="sent")
    found = requests_in(await world.directory.connection_requests(message, by(sender)))
    return [model.contact.contact_type_id for model in found if model.contact]


async def _sender(world: World) -> Guid:
    """A person who has asked a member, and then invited an address."""
    sender = await world.person("sender@example.com")
    await world.ask(sender, await world.person("member@example.com"))
    await world.invite(sender, "nobody@example.com")
    return sender


async def test_only_requests_with_contacts_of_the_types_are_listed(world: World) -> None:
    """The filter compares the type of the other contact."""
    assert [VIRTUAL] == await _sent(world, await _sender(world), VIRTUAL)


@pytest.mark.parametrize("types", [(), (EMPTY_GUID,)])
async def test_no_type_wants_all(world: World, types: tuple[Guid, ...]) -> None:
    """The empty Guid, which some clients send for an unset value, filters nothing."""
    assert [VIRTUAL, PERSON] == await _sent(world, await _sender(world), *types)


async def test_an_unknown_type_is_refused(world: World) -> None:
    """An unknown type is refused, since ignoring the filter would list other requests."""
    sender = await _sender(world)

    with pytest.raises(WrongValue) as refusal:
        await _sent(world, sender, Guid("01900000-0000-7000-8000-000000000009"))

    assert ["ContactTypes"] == [error.field for error in refusal.value.fields]
