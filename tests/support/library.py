"""A small service whose types use every feature of pages and sources, in several namespaces."""

import enum
from typing import Annotated, Any, ClassVar

import msgspec

from servicehost.contract.call import Call
from servicehost.contract.catalog import Catalog, Service
from servicehost.contract.messages import Interface, Member, Message, Public, Request, Route
from servicehost.contract.scalars import EMPTY_GUID, Guid
from servicehost.contract.status import ResponseStatus

MODELS = "Acme.Common.Models"
ENTITY = "Acme.Entity"
ANONYMOUS = Interface("IAnonymous", ("TenantId", "Host"))


class Direction(enum.Enum):
    """An enumeration of another namespace."""

    clr_namespace = enum.nonmember(MODELS)

    UP = "Up"
    DOWN = "Down"


class Paged(Message):
    """A base type of another namespace."""

    clr_namespace: ClassVar[str | None] = MODELS

    page: Annotated[int, Member("Page.")] = 0
    direction: Annotated[Direction, Member("Order.", data_type="int")] = Direction.UP


class Person(Message):
    """A base type of models."""

    clr_namespace: ClassVar[str | None] = MODELS

    name: Annotated[str | None, Member("Name.")] = None


class Author(Person):
    """Derives from a type of its own namespace, and contains one of a third."""

    clr_namespace: ClassVar[str | None] = MODELS

    born: Annotated[int | None, Member("Year.", api_name="BirthYear")] = None
    mark: Annotated["Mark | None", Member("Mark.", states_name=False, states_type=False, place="body")] = None


class Mark(Message):
    """A serializable class without a contract."""

    clr_namespace: ClassVar[str | None] = ENTITY
    serializable: ClassVar[bool] = True

    id: Annotated[Guid, Member()] = EMPTY_GUID
    name: Annotated[str | None, Member()] = None


class FindAuthorsResponse(Message):
    """The authors that were found."""

    api_response: ClassVar[bool] = True

    authors: Annotated[list[Author], Member("Found.", stated=False)] = msgspec.field(default_factory=list)
    response_status: Annotated[ResponseStatus | None, Member()] = None


class FindAuthors(Paged, Request[FindAuthorsResponse]):
    """Find authors, as the document of the service says."""

    api_description: ClassVar[str | None] = "Find authors. "
    access = Public
    routes = (Route("/authors/{Shelf}"),)
    implements = (ANONYMOUS,)

    shelf: Annotated[Guid, Member("Shelf.", required=True)]
    since: Annotated[Guid | None, Member("Since.", states_type=False, place="query")] = None
    tags: Annotated[list[Guid], Member("Tags.", required=True)] = msgspec.field(default_factory=list)
    tenant_id: Annotated[Guid, Member()] = EMPTY_GUID
    host: Annotated[str | None, Member("Not shown.", stated=False)] = None


class Fields(Message):
    """A type of a framework."""

    framework: ClassVar[bool] = True


class ChangeShelfResponse(Message):
    """Response with nothing but a status."""

    response_status: Annotated[ResponseStatus | None, Member()] = None


class ChangeShelf(Request[ChangeShelfResponse]):
    """Not published."""

    api_description: ClassVar[str | None] = ""
    response_declared: ClassVar[bool] = False
    access = Public
    routes = (Route("/shelves/{ShelfNumber}", verbs=("PUT",)),)

    shelf: Annotated[Guid, Member()] = EMPTY_GUID
    form: Annotated[Fields | None, Member("")] = None
    shelf_number: Annotated[Guid, Member("Another name of Shelf.", published=False)] = EMPTY_GUID


async def _answer(_message: Any, _call: Call) -> None:
    return None


def library() -> Catalog:
    """Return the catalog of the service."""
    service = Service(
        name="Library",
        public_url="https://library.example.com",
        namespace="http://schemas.datacontract.org/2004/07/Acme.Library.ServiceModel",
        clr_namespace="Acme.Library.ServiceModel",
    )
    return Catalog(service, dict.fromkeys((FindAuthors, ChangeShelf), _answer))


__all__ = ["Mark", "library"]
