"""Pages of lists: every row once whatever happens meanwhile, true totals, and refusals that say how to go on."""

import random
from collections.abc import AsyncIterator, Callable, Iterator
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec.structs import replace
from tests.support.accounts import CHEAP
from tests.support.crowd import Crowd, a_crowd
from tests.support.postgres import finished
from tests.support.stores import Store
from tests.support.world import PERSON, World, by, run

from platform_api.directory import GetConnectionRequests, GetConnectionRequestsResponse, GetConnectionsToContact
from platform_api.foundation.well_known import ContactType
from platform_api.lists.errors import PagingRequired, WrongPage, WrongSort
from platform_api.lists.messages import SortOrder
from platform_api.lists.settings import PageLimits
from platform_api.mail.messages import GetMailboxMessages
from platform_api.mail.services import MailboxService
from servicehost.contract.call import ListAnswer
from servicehost.contract.scalars import Guid
from servicehost.security.passwords import Passwords

LIMITS = PageLimits(default_page=4, largest_page=20, whole_list=8, deepest=12)
SIZE = 24
_TYPE_IDS = [kind.id for kind in ContactType]


@pytest.fixture
async def world() -> AsyncIterator[World]:
    """A small world with short lists."""
    small = World(lists=LIMITS)
    yield small
    small.close()


@pytest.fixture(scope="module")
def crowds() -> Iterator[Callable[[Store], Crowd]]:
    """Return the world on a kind of database, shared by all tests; a test that changes it undoes the change."""
    passwords = Passwords(CHEAP)
    made: dict[Store, Crowd] = {}

    def on(store: Store) -> Crowd:
        if store not in made:
            made[store] = finished(a_crowd(SIZE, passwords))
        return made[store]

    yield on
    for crowd in made.values():
        crowd.world.close()
    passwords.close()


@pytest.fixture
def crowd(crowds: Callable[[Store], Crowd], store: Store) -> Crowd:
    """Return the shared world."""
    return crowds(store)


@pytest.fixture
def own_crowd() -> Iterator[Crowd]:
    """Return a world for one test."""
    passwords = Passwords(CHEAP)
    made = finished(a_crowd(SIZE, passwords))
    yield made
    made.world.close()
    passwords.close()


def _received(who: Guid, **members: Any) -> GetConnectionRequests:
    return GetConnectionRequests(contact_id=who, action="received", **members)


def _sent(who: Guid, **members: Any) -> GetConnectionRequests:
    return GetConnectionRequests(contact_id=who, action="sent", **members)


def _own(who: Guid, other: Guid | None = None, **members: Any) -> GetConnectionsToContact:
    return GetConnectionsToContact(
        contact_id=other or who, requestor_contact_id=who, contact_type_id=PERSON, is_paged_mode=True, **members
    )


async def _ask(world: World, message: Any, who: Guid) -> ListAnswer:
    if isinstance(message, GetConnectionRequests):
        return await world.directory.connection_requests(message, by(who))
    return await world.directory.connections_to_contact(message, by(who))


def _ids(answer: ListAnswer) -> list[Guid]:
    found: Any = answer.message
    if hasattr(found, "connections"):
        return [model.connection_id for model in found.connections]
    return [model.connection_request_id for model in found.connection_requests]


def _cursor(answer: ListAnswer) -> str | None:
    following: Any = answer.next
    return following.after if following else None


async def _walk(world: World, message: Any, who: Guid, between: Callable[[], None] = lambda: None) -> list[Guid]:
    """The ids of all pages, one after the other; `between` happens after each."""
    walked: list[Guid] = []
    after = None
    while True:
        answer = await _ask(world, replace(message, after=after), who)
        walked += _ids(answer)
        after = _cursor(answer)
        if after is None:
            return walked
        between()


LISTS: dict[str, tuple[Callable[..., Any], dict[str, Any]]] = {
    "received": (_received, {}),
    "received and ignored": (_received, {"include_ignored_requests": True}),
    "sent": (_sent, {}),
    "own": (_own, {}),
    "own, also removed": (_own, {"include_removed": True}),
}


@pytest.mark.parametrize("size", [1, 3, 7])
@pytest.mark.parametrize(("make", "members"), LISTS.values(), ids=LISTS)
async def test_pages_have_every_row_once_and_say_how_many(
    crowd: Crowd, make: Callable[..., Any], members: dict[str, Any], size: int
) -> None:
    """In the order of the whole list, which starts with the newest."""
    whole = await _ask(crowd.world, make(crowd.hub, page_size=500, **members), crowd.hub)

    walked = await _walk(crowd.world, make(crowd.hub, page_size=size, **members), crowd.hub)

    assert sorted(walked, reverse=True) == walked == _ids(whole)
    assert len(walked) == whole.total


async def test_connections_with_another_contact_are_counted_too(crowd: Crowd) -> None:
    """They ended, so they are listed only where that is wanted."""
    live = await _ask(crowd.world, _own(crowd.hub, crowd.peer), crowd.hub)
    every = await _ask(crowd.world, _own(crowd.hub, crowd.peer, include_removed=True, page_size=500), crowd.hub)

    assert (0, SIZE) == (live.total, every.total)
    assert crowd.connections["with peer"][::-1] == _ids(every)


@pytest.mark.parametrize("kinds", [[0], [3], [1, 2], [0, 1, 2, 3]])
@pytest.mark.parametrize("action", ["received", "sent"])
async def test_filtered_totals_count_the_filtered_rows(crowd: Crowd, kinds: list[int], action: str) -> None:
    """By the types of the other contacts, and with ignored requests where they are wanted."""
    types = [_TYPE_IDS[number] for number in kinds]
    make = _received if action == "received" else _sent
    whole = await _ask(crowd.world, make(crowd.hub, include_ignored_requests=True, page_size=500), crowd.hub)
    message = make(crowd.hub, include_ignored_requests=True, contact_types=types, page_size=500)
    answer = await _ask(crowd.world, message, crowd.hub)
    every: Any = whole.message
    expected = [each for each in every.connection_requests if each.contact.contact_type_id in types]

    assert GetConnectionRequestsResponse(connection_requests=expected) == answer.message
    assert len(expected) == answer.total


_WALKS: tuple[tuple[Callable[..., Any], str], ...] = (
    (_received, "received"),
    (_sent, "sent"),
    (_own, "active sent"),
    (_own, "active received"),
)


@pytest.mark.sqlite_only(reason="undoes each walk on the connection that all units share")
@given(seed=st.integers(0, 2**32), size=st.integers(1, 5))
@settings(max_examples=25, deadline=None)
def test_a_walk_meets_every_row_that_stays_exactly_once(crowds: Callable[[Store], Crowd], seed: int, size: int) -> None:
    """Whatever is sent, withdrawn, accepted and removed between its pages."""
    crowd = crowds(Store.SQLITE)
    for walk in _WALKS:
        with crowd.world.database.trial():
            _walk_and_disturb(crowd, *walk, seed, size)


@pytest.mark.parametrize("number", range(len(_WALKS)))
def test_a_walk_on_either_database_meets_every_row_that_stays_exactly_once(own_crowd: Crowd, number: int) -> None:
    """One walk, with whatever happens between its pages."""
    _walk_and_disturb(own_crowd, *_WALKS[number], seed=number, size=3)


def _walk_and_disturb(crowd: Crowd, make: Callable[..., Any], group: str, seed: int, size: int) -> None:
    gone: set[Guid] = set()
    chosen = random.Random(seed)  # noqa: S311 - no secret

    def disturb() -> None:
        if chosen.random() < 0.5:
            run(crowd.world.invite(crowd.hub, f"new{chosen.random()}@example.com"))
        for kind, act in (("received", crowd.world.accept), ("sent", crowd.world.cancel)):
            request = chosen.choice(crowd.requests[kind])
            if request not in gone:
                run(act(crowd.hub, request))
                gone.add(request)
        connection = chosen.choice(crowd.connections["active received"])
        if connection not in gone:
            run(crowd.world.remove(crowd.hub, connection))
            gone.add(connection)

    walked = run(_walk(crowd.world, make(crowd.hub, page_size=size), crowd.hub, disturb))
    staying = crowd.connections[group] if make is _own else crowd.requests[group]

    assert len(walked) == len(set(walked))
    assert set(staying) - gone <= set(walked)


async def _askers(world: World, count: int) -> Guid:
    receiver = await world.person("receiver@example.com")
    for number in range(count):
        await world.ask(await world.person(f"sender{number}@example.com"), receiver)
    return receiver


async def test_a_list_without_pages_has_a_limit_and_says_how_to_read_on(world: World) -> None:
    """At the limit it is whole; beyond it, nothing is cut silently."""
    receiver = await _askers(world, LIMITS.whole_list)
    assert LIMITS.whole_list == len(await world.received(receiver))
    await world.ask(await world.person("late@example.com"), receiver)

    with pytest.raises(PagingRequired) as refusal:
        await world.received(receiver)

    assert [("PageSize", "PagingRequired")] == [(each.field, each.code) for each in refusal.value.fields]


async def test_a_page_by_number_lies_where_the_cursor_leads(crowd: Crowd) -> None:
    """The same rows either way."""
    walked = await _walk(crowd.world, _own(crowd.hub, page_size=7, include_removed=True), crowd.hub)
    for number in range(len(walked) // 7 + 2):
        answer = await _ask(
            crowd.world, _own(crowd.hub, page_size=7, include_removed=True, page_number=number + 1), crowd.hub
        )
        assert walked[number * 7 : number * 7 + 7] == _ids(answer)


@pytest.mark.parametrize("number", [4, 2**31, 2**63, 10**30])
async def test_a_page_too_far_from_the_beginning_is_reached_by_cursor(world: World, number: int) -> None:
    """The refusal names After, whatever the number; 12 rows can be passed over, and no more."""
    who = await world.person("somebody@example.com")
    await _ask(world, _own(who, page_number=3), who)

    with pytest.raises(PagingRequired, match="After"):
        await _ask(world, _own(who, page_number=number), who)


@pytest.mark.parametrize(
    ("expected", "members"),
    [
        (["PageNumber"], {"page_number": -1}),
        (["PageNumber"], {"page_number": -(2**63)}),
        (["PageSize"], {"page_size": -1}),
        (["PageSize"], {"page_size": 21}),
        (["PageSize"], {"page_size": 2**63}),
        (["PageNumber", "PageSize"], {"page_number": -1, "page_size": 501}),
        (["After"], {"after": "nonsense"}),
    ],
)
async def test_a_page_that_cannot_be_is_refused_by_name(
    world: World, expected: list[str], members: dict[str, Any]
) -> None:
    """All that is wrong with it."""
    who = await world.person("somebody@example.com")
    with pytest.raises(WrongPage) as refusal:
        await _ask(world, _own(who, **members), who)

    assert expected == [field.field for field in refusal.value.fields]


@pytest.mark.parametrize(
    ("field", "index", "order"),
    [
        ("SortIndex", 1, SortOrder.ASCENDING),
        ("SortIndex", -1, SortOrder.DESCENDING),
        ("SortIndex", 2**31, SortOrder.ASCENDING),
        ("SortOrder", 0, SortOrder.DESCENDING),
    ],
)
async def test_an_order_that_the_list_does_not_have_is_refused(
    world: World, field: str, index: int, order: SortOrder
) -> None:
    """It would be ignored otherwise, and the list would lie."""
    who = await world.person("somebody@example.com")
    with pytest.raises(WrongSort, match=r"0 \(its own order, ascending\)") as refusal:
        await _ask(world, _own(who, sort_index=index, sort_order=order), who)

    assert [(field, "WrongSort")] == [(each.field, each.code) for each in refusal.value.fields]


async def test_the_mailbox_is_paged_by_the_same_rules(world: World) -> None:
    """Too far from the beginning is too far there, too."""
    with pytest.raises(PagingRequired, match="After"):
        await MailboxService(world.database, LIMITS).messages(GetMailboxMessages(page_number=2**40), by(Guid("0")))


async def test_longer_lists_are_read_beside_the_event_loop(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    """The whole list at once, and a page by number that passes over many rows."""
    monkeypatch.setattr("platform_api.lists.pages.SHORT_READ", 3)
    receiver = await _askers(world, 3)
    assert (3, 0) == (len(await world.received(receiver)), world.database.long)
    await world.ask(await world.person("late@example.com"), receiver)
    answers = [
        await _ask(world, _received(receiver), receiver),
        await _ask(world, _own(receiver, page_size=2, page_number=3), receiver),
    ]

    assert 2 == world.database.long
    assert [True, False] == [answer.large for answer in answers]
    assert 4 == len(_ids(answers[0]))
