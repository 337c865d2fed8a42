"""Any number of requests to an address are shown to the contact that verifies it."""

import pytest
from tests.support.world import World

from platform_api.connections import services, showing
from platform_api.connections.tokens import InvitationTokens, LinkVersion
from platform_api.connections.values import ConnectionRequest
from servicehost.contract.scalars import Guid

BATCH = 3
ADDRESS = "invited@example.com"


@pytest.fixture(autouse=True)
def _small_batches(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(showing, "BATCH", BATCH)


async def _invite(world: World, senders: int) -> list[Guid]:
    people = [await world.person(f"sender{number}@example.com") for number in range(senders)]
    for person in people:
        await world.invite(person, ADDRESS)
    return people


async def _more(world: World) -> int:
    """The number of runs of the periodic unit until it reports that there is no more."""
    runs = 1
    while await world.database.write(showing.show_more):
        runs += 1
    return runs


@pytest.mark.parametrize(("senders", "at_once", "runs"), [(0, 0, 1), (2, 2, 1), (3, 3, 2), (7, 3, 3)])
async def test_all_are_shown_a_batch_at_a_time(world: World, senders: int, at_once: int, runs: int) -> None:
    """The verification shows the first ones and the periodic unit the others, until there are no more."""
    await _invite(world, senders)
    invited = await world.person(ADDRESS)

    assert at_once == len(await world.received(invited))
    assert runs == await _more(world)
    assert senders == len(await world.received(invited))
    assert 1 == await _more(world)


async def test_whoever_is_blocked_meanwhile_is_shown_as_ignored(world: World) -> None:
    """Each is shown as if it were sent at the moment of the verification."""
    people = await _invite(world, 7)
    invited = await world.person(ADDRESS)
    for person in people:
        await world.block(invited, person)
    await _more(world)

    assert [] == await world.received(invited)
    assert 7 == len(await world.received(invited, ignored=True))


@pytest.mark.parametrize(("senders", "tried"), [(2, 2), (3, 3), (7, 3)])
async def test_a_token_is_compared_with_a_bounded_number_of_requests(
    world: World, monkeypatch: pytest.MonkeyPatch, senders: int, tried: int
) -> None:
    """Anybody can ask for the comparison, since it belongs to registering, and anybody can invite the address."""
    monkeypatch.setattr(services, "MOST_TRIED", BATCH)
    await _invite(world, senders)
    compared: list[Guid] = []

    class Counting(InvitationTokens):
        """InvitationTokens that count comparisons."""

        def recognise(self, request: ConnectionRequest, token: str) -> LinkVersion | None:
            """Compare, and count the comparison."""
            compared.append(request.id)
            return super().recognise(request, token)

    invitations = Counting(world.invitations.keys)
    proof = await world.database.read(lambda tx: services.prove_mailbox(tx, invitations, "none", ADDRESS))

    assert (None, tried) == (proof, len(set(compared)))
