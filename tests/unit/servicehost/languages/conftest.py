"""A small service that uses every form of type that a generator supports."""

import enum
from datetime import datetime
from typing import Annotated

import pytest

from servicehost.contract.call import Call
from servicehost.contract.catalog import Catalog, Service
from servicehost.contract.messages import Member, Message, Request, Route
from servicehost.contract.scalars import Guid
from servicehost.contract.status import ResponseStatus


class Tone(enum.StrEnum):
    """How to greet."""

    PLAIN = "Plain"
    WARM = "Warm"
    VERY_WARM = "Very Warm"


class PagedModel(Message):
    """What every list can be asked for."""

    page_number: int = 1
    page_size: Annotated[int | None, Member("Rows of a page.")] = None


class Greeting(Message):
    """One greeting."""

    id: Guid
    text: str | None = None
    tone: Tone = Tone.PLAIN
    replies: list["Greeting"]


class HelloResponse(Message):
    """The greetings that were made."""

    greetings: list[Greeting]
    response_status: ResponseStatus | None = None


class Hello(Request[HelloResponse]):
    """Say hello to someone."""

    routes = (Route("/hello/{Name}", ("GET",)), Route("/hello/{Name}/loudly", ("GET",)))

    name: Annotated[str, Member("Who to greet", required=True)]
    id: Guid
    friend_ids: Annotated[list[Guid], Member("Friends to greet", required=True)]
    tone: Tone = Tone.PLAIN
    labels: dict[str, int] | None = None
    when: datetime | None = None
    secret: Annotated[str | None, Member(published=False)] = None


class SearchGreetings(Request[HelloResponse], PagedModel):
    """Greetings that say "this" or */ that."""

    routes = (Route("/greetings"),)

    text: Annotated[str | None, Member('With "quotes", [brackets],\nlines and */ ends', data_type="string?")] = None


class Forget(Request[None]):
    """Forget all greetings."""

    routes = (Route("/greetings/forget", ("POST",)),)


async def _answer(_message: object, _call: Call) -> None:
    return None


@pytest.fixture(scope="session")
def catalog() -> Catalog:
    """Return the catalog of the service."""
    service = Service(
        name="Acme",
        public_url="https://api.example.com",
        namespace="http://schemas.example.com/acme",
        clr_namespace="Acme.ServiceModel",
    )
    return Catalog(service, {Hello: _answer, SearchGreetings: _answer, Forget: _answer})
