"""Tests of addresses: routing and binding the address of a message gives the same message."""

import enum
import re
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Annotated, Any, ClassVar

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.support.asgi import send

from servicehost import Access, Call, Catalog, Guid, Host, HostSettings, Long, Member, Message, Page, Public, Request
from servicehost import Route as At
from servicehost.contract.catalog import Service
from servicehost.contract.types import Nullable, Scalar, TypeNode
from servicehost.http import Addresses, NoAddress

SERVICE = Service("Places", "https://places.example/below", mount="/api")
ID = Guid("0193a1b2-0000-7000-8000-000000000001")
OTHER = Guid("0193a1b2-0000-7000-8000-000000000002")


class Colour(enum.Enum):
    """A colour."""

    RED = "Red"
    BLUE = "Blue"


class Part(Message):
    """A part of a message."""

    name: str | None = None
    numbers: list[int] = msgspec.field(default_factory=list)


class Looking(Request[None]):
    """Base of requests that only read."""

    access: ClassVar[Access] = Public
    changes_state: ClassVar[bool] = False


class FindPlaces(Looking):
    """Has several routes, and members of every type."""

    routes: ClassVar[tuple[At, ...]] = (
        At("/places", verbs=("GET",)),
        At("/places/{Name}"),
        At("/places/{Name}/{PlaceId}", verbs=("POST", "GET")),
        At("/places/near/{Name}", sets={"Action": "near"}),
    )

    name: str | None = None
    place_id: Guid | None = None
    action: Annotated[str | None, Member(published=False)] = None
    count: int = 0
    size: Annotated[int, Member()] = 50
    large: Long = Long(0)
    share: float = 0.0
    price: Decimal = Decimal(0)
    open_now: bool = False
    colour: Colour = Colour.RED
    since: datetime | None = None
    within: timedelta | None = None
    ids: list[Guid] = msgspec.field(default_factory=list)
    numbers: list[int] = msgspec.field(default_factory=list)
    words: list[str] = msgspec.field(default_factory=list)
    meta: dict[str, str] | None = None
    part: Part | None = None


class FindOwnPlaces(Looking):
    """Hides the name `own` in the path of another route."""

    routes: ClassVar[tuple[At, ...]] = (At("/places/own"),)


class ReadFile(Looking):
    """Has a route with a wildcard."""

    routes: ClassVar[tuple[At, ...]] = (At("/files/{ignore}/{Path*}"),)

    path: str | None = None


class RemovePlace(Request[None]):
    """Changes state."""

    access: ClassVar[Access] = Public
    routes: ClassVar[tuple[At, ...]] = (At("/places/{PlaceId}/remove", verbs=("DELETE",)), At("/removed/{PlaceId}"))

    place_id: Annotated[Guid, Member(required=True)]
    reason: str = "none"


class SecretPage(Looking):
    """Is unpublished, so it has only its declared route."""

    published: ClassVar[bool] = False
    routes: ClassVar[tuple[At, ...]] = (At("/secret/{Token}"),)

    token: str | None = None


class ReadFeed(Looking):
    """Has a dot in its route."""

    routes: ClassVar[tuple[At, ...]] = (At("/places.feed"),)


class DropPlace(Request[None]):
    """Has a route for another method only."""

    access: ClassVar[Access] = Public
    routes: ClassVar[tuple[At, ...]] = (At("/places/{PlaceId}/drop", verbs=("delete", "PUT")),)

    place_id: Guid | None = None


class HiddenPlace(Looking):
    """Has no route, and another request's route hides its predefined path."""


class RenamePlace(Request[None]):
    """Has no route, and another request's route hides its predefined path for another method only."""

    access: ClassVar[Access] = Public

    name: str | None = None


class ReadShadows(Looking):
    """Hides the predefined paths of two requests."""

    routes: ClassVar[tuple[At, ...]] = (
        At("/hiddenplace/{Path*}", verbs=("GET",)),
        At("/renameplace/{Path*}", verbs=("GET",)),
    )

    path: str | None = None


class Front(Looking):
    """Is served outside the mount."""

    published: ClassVar[bool] = False
    routes: ClassVar[tuple[At, ...]] = (At("/"), At("/{Word}"))

    word: str | None = None


class Outside(Looking):
    """Is published, but has no predefined path outside the mount."""

    routes: ClassVar[tuple[At, ...]] = (At("/outside/{Word}"),)

    word: str | None = None


REQUESTS = (
    FindPlaces, FindOwnPlaces, ReadFile, RemovePlace, SecretPage, ReadFeed, DropPlace, HiddenPlace, RenamePlace, ReadShadows
)  # fmt: skip
_bound: list[Any] = []


def addresses() -> Addresses:
    """New addresses of the requests above."""
    return Addresses(SERVICE, REQUESTS, (Front, Outside))


async def _keep(message: Any, _call: Call) -> Page:
    _bound.append(message)
    return Page("")


HOST = Host(
    Catalog(SERVICE, dict.fromkeys(REQUESTS, _keep)), settings=HostSettings(access_log=False), pages={Front: _keep}
)


async def _arrived(address: str, method: str = "GET") -> Any:
    """The message bound from an address."""
    _bound.clear()
    answered = await send(HOST, method, address.removeprefix("/below"))

    assert (200, 1) == (answered.status, len(_bound)), (address, answered.text)
    return _bound[0]


_texts = st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=12)
_odd = st.sampled_from(["own", "near", "Own", ".", "..", "a/b", "a.json", ".csv", "a+b c", "50%", "ü", "?&=#", "{x}"])
_guids = st.sampled_from([ID, OTHER])
_numbers = st.integers(-(2**31), 2**31 - 1)
_EARLY, _LATE = (datetime(year, 1, 1) for year in (1900, 2100))  # noqa: DTZ001 - hypothesis wants them so
_names = _texts | _odd
_places = st.builds(
    FindPlaces,
    name=st.none() | _names,
    place_id=st.none() | _guids,
    action=st.none() | st.sampled_from(["near", "far"]),
    count=_numbers,
    size=_numbers,
    large=st.integers(-(2**63), 2**63 - 1),
    share=st.floats(allow_nan=False, allow_infinity=False),
    price=st.decimals(allow_nan=False, allow_infinity=False, places=3, min_value=-(10**9), max_value=10**9),
    open_now=st.booleans(),
    colour=st.sampled_from(Colour),
    since=st.none() | st.datetimes(timezones=st.just(UTC), min_value=_EARLY, max_value=_LATE),
    within=st.none() | st.integers(-(10**9), 10**9).map(lambda seconds: timedelta(seconds=seconds)),
    ids=st.lists(_guids, max_size=3),
    numbers=st.lists(_numbers, max_size=3),
    words=st.lists(_names, max_size=3),
    meta=st.none() | st.dictionaries(_names, _names, min_size=1, max_size=2),
    part=st.none() | st.builds(Part, name=_names, numbers=st.lists(_numbers, max_size=2)),
)


@given(message=_places)
async def test_the_address_of_a_message_leads_back_to_it(message: FindPlaces) -> None:
    """The address of any message is routed and bound to an equal message."""
    assert message == await _arrived(addresses().path_of(message))


@given(path=st.lists(_names.filter(lambda text: "/" not in text), min_size=1, max_size=4).map("/".join))
async def test_a_wildcard_leads_back_too(path: str) -> None:
    """Values that a browser would resolve in a path, or a path cannot represent, are in the query."""
    message = ReadFile(path=path)

    assert message == await _arrived(addresses().path_of(message))


@pytest.mark.parametrize("word", [".", "..", "a.json", "x/y", "favicon.ico"])
async def test_pages_outside_the_mount_lead_back(word: str) -> None:
    """Pages outside the mount have absolute routes and no predefined path."""
    message = Front(word=word)

    assert message == await _arrived(addresses().path_of(message))


@pytest.mark.parametrize(
    ("message", "expected"),
    [
        (FindPlaces(), "/below/api/places"),
        (FindPlaces(count=3, size=50), "/below/api/places?Count=3"),
        (FindPlaces(name="Rome"), "/below/api/places/Rome"),
        (FindPlaces(name="St. Moritz"), "/below/api/places/St%2E%20Moritz"),
        (FindPlaces(name="a/b", place_id=ID), f"/below/api/places/a%2Fb/{ID}"),
        (FindPlaces(name="Rome", action="near"), "/below/api/places/near/Rome"),
        (FindPlaces(name="Rome", action="far"), "/below/api/places/Rome?Action=far"),
        (FindPlaces(name="own"), "/below/api/places?Name=own"),
        (FindPlaces(name=".."), "/below/api/places?Name=.."),
        (FindPlaces(place_id=ID, name=""), f"/below/api/places?PlaceId={ID}"),
        (FindPlaces(ids=[ID, OTHER]), f"/below/api/places?Ids={ID}%2C{OTHER}"),
        (FindPlaces(numbers=[1, -2]), "/below/api/places?Numbers=1%2C-2"),
        (FindPlaces(words=["a,b"]), "/below/api/places?Words=%5B%22a%2Cb%22%5D"),
        (FindPlaces(open_now=True, colour=Colour.BLUE), "/below/api/places?OpenNow=true&Colour=Blue"),
        (FindOwnPlaces(), "/below/api/places/own"),
        (ReadFile(path="a/b.txt"), "/below/api/files/-/a/b%2Etxt"),
        (ReadFile(), "/below/api/files/-"),
        (ReadFile(path="a//b"), "/below/api/ReadFile?Path=a%2F%2Fb"),
        (RemovePlace(place_id=ID, reason="gone"), f"/below/api/removed/{ID}?Reason=gone"),
        (ReadFeed(), "/below/api/places.feed"),
        (DropPlace(place_id=ID), f"/below/api/places/{ID}/drop"),
        (RenamePlace(name="Rome"), "/below/api/RenamePlace?Name=Rome"),
        (Front(), "/below/"),
        (Front(word="hello"), "/below/hello"),
    ],
)
def test_the_best_route(message: Request[Any], expected: str) -> None:
    """The best route supports the request's kind of method and has the most members in the path; defaults are omitted."""
    assert expected == addresses().path_of(message)


def test_urls_begin_with_the_public_url() -> None:
    """The path of the public URL precedes the mount exactly once."""
    plain = Addresses(Service("Places", "http://127.0.0.1:8080/", mount="/"), REQUESTS)
    twice = Addresses(Service("Places", "https://x/x/X/", mount="/X"), REQUESTS)

    assert "https://x/x/X/X/places/own" == twice.url_of(FindOwnPlaces())

    assert "https://places.example/below/api/places/own" == addresses().url_of(FindOwnPlaces())
    assert ("/places/own", "http://127.0.0.1:8080/places/own") == (
        plain.path_of(FindOwnPlaces()),
        plain.url_of(FindOwnPlaces()),
    )


def test_routes_behind_a_reserved_segment_are_not_used() -> None:
    """A route hidden by the host's own pages is not used."""
    reserving = Addresses(SERVICE, REQUESTS, reserved={"places", "readfile"})

    assert "/below/api/FindPlaces?Name=Rome" == reserving.path_of(FindPlaces(name="Rome"))
    with pytest.raises(NoAddress):
        reserving.path_of(ReadFile(path=".."))


@pytest.mark.parametrize(
    ("message", "reason"),
    [
        (FindPlaces(name="\ud800"), "FindPlaces has no address: a text has a character that UTF-8 cannot represent."),
        (FindPlaces(share=float("nan")), "FindPlaces has no address: no text represents the value of Share."),
        (FindPlaces(words=["x" * 5000]), "FindPlaces has no address: no text represents the value of Words."),
        (RemovePlace(place_id=Guid("00000000-0000-0000-0000-000000000000")), "RemovePlace has no address: PlaceId is not set."),
        (RemovePlace(place_id=ID, reason=""), "RemovePlace has no address: Reason is not set."),
        (SecretPage(), "SecretPage has no address: no route fits its values."),
        (HiddenPlace(), "HiddenPlace has no address: no route fits its values."),
        (SecretPage(token=".."), "SecretPage has no address: no route fits its values."),
    ],
)  # fmt: skip
def test_messages_without_an_address(message: Request[Any], reason: str) -> None:
    """A message that no address represents raises an error."""
    with pytest.raises(NoAddress, match=re.escape(reason)):
        addresses().path_of(message)


def test_pages_outside_the_mount_have_no_names() -> None:
    """Even if they are published."""
    with pytest.raises(NoAddress, match="no route fits its values"):
        Addresses(SERVICE, (), (Outside,)).path_of(Outside(word=".."))


def test_a_message_of_another_service() -> None:
    """A request of another service has no address."""
    with pytest.raises(NoAddress) as refusal:
        Addresses(SERVICE, ()).url_of(FindOwnPlaces())

    assert "FindOwnPlaces has no address: the service does not have this request." == str(refusal.value)


@pytest.mark.parametrize(
    ("known", "expected"),
    [
        ((), "?Name=Rome&Count=3"),
        (("name",), "?Count=3"),
        (("name", "count"), ""),
        (("place_id",), "?Name=Rome&Count=3"),
    ],
)
def test_the_query_at_a_known_path(known: tuple[str, ...], expected: str) -> None:
    """The query contains the members that are not in the path."""
    assert expected == addresses().query_of(FindPlaces(name="Rome", count=3), known)


def test_paths_of_the_host_in_public() -> None:
    """Public paths start with the root, and URLs with the origin."""
    assert "/below/x" == addresses().public_path("/x")
    assert "https://places.example/below/x" == addresses().absolute("/below/x")


def test_requests_are_compiled_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """Routes are compiled once for each request class."""
    compiled: list[Any] = []

    def compile_writer(node: TypeNode) -> type[str]:
        compiled.append(node)
        return str

    monkeypatch.setattr("servicehost.addresses.compile_text_writer", compile_writer)
    once = addresses()
    for name in ("Rome", "Paris"):
        once.path_of(SecretPage(token=name))

    assert [Nullable(Scalar.STRING)] == compiled


async def test_changing_requests_lead_back_by_post() -> None:
    """State-changing requests have addresses, for the forms of pages."""
    message = RemovePlace(place_id=ID, reason="gone, or so")

    assert message == await _arrived(addresses().path_of(message), "POST")


async def test_handlers_make_addresses() -> None:
    """Handlers get `path_of` from the host, which also has it for programs."""
    made: list[str] = []

    async def handler(message: FindOwnPlaces, call: Call) -> None:
        made.append(call.path_of(FindPlaces(name="Rome")))

    host = Host(Catalog(SERVICE, {FindOwnPlaces: handler, FindPlaces: _keep}), settings=HostSettings(access_log=False))
    await send(host, "GET", "/api/places/own")

    assert ["/below/api/places/Rome"] == made == [host.addresses.path_of(FindPlaces(name="Rome"))]


def test_a_call_without_a_host() -> None:
    """A call without a host raises an error instead of returning an address."""
    with pytest.raises(LookupError, match="FindOwnPlaces has no address"):
        Call().path_of(FindOwnPlaces())
