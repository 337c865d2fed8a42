"""A small service whose contract uses every feature of an OpenAPI document."""

import enum
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Annotated, Any

from servicehost.contract.call import Call
from servicehost.contract.catalog import Catalog, Service
from servicehost.contract.messages import Member, Message, Public, Request, RoleHolder, Route
from servicehost.contract.scalars import Guid, Long
from servicehost.contract.status import ResponseStatus

SERVICE = Service(
    name="Shop",
    public_url="https://shop.example.com",
    namespace="urn:shop",
    clr_namespace="Acme.Shop",
)


class Size(enum.Enum):
    """How large it is."""

    SMALL = "Small"
    EXTRA_LARGE = "Extra Large"


class Line(Message):
    """One line of an order."""

    item_id: Guid
    note: str | None = None
    amount: Annotated[int, Member("How many.", required=True)] = 1


class Paged(Message):
    """One page of a list."""

    page_size: Annotated[int | None, Member("Rows of a page.")] = None


class OrderResponse(Message):
    """The order."""

    order_id: Guid
    placed: datetime
    total: Decimal | None = None
    lines: list[Line]
    response_status: Annotated[ResponseStatus | None, Member()] = None


class ChangeOrder(Request[OrderResponse]):
    """Change an order."""

    routes = (
        Route("/orders/{OrderId}/cancel", sets={"Action": "cancel"}),
        Route("/orders/{OrderId}/ship", sets={"Action": "ship"}),
    )

    order_id: Annotated[Guid, Member("The order.", required=True)]
    reason: Annotated[str | None, Member("Why.", required=True)] = None
    lines: Annotated[list[Line], Member("What is changed.", required=True)]
    action: Annotated[str | None, Member("The act.", published=False)] = None


class FindOrders(Paged, Request[OrderResponse]):
    """Find orders."""

    routes = (Route("/orders"),)
    changes_state = False

    text: Annotated[str, Member("What to look for.", required=True)]
    sizes: Annotated[list[Size], Member("Only these.")]
    labels: Annotated[dict[str, str] | None, Member("With these labels.")] = None
    cheapest: Annotated[bool, Member("The cheapest only.", place="query")] = False


class AddOrder(Request[OrderResponse]):
    """Add an order."""

    routes = (Route("/orders", verbs=("PUT",)),)

    line: Line
    delay: timedelta | None = None
    stamp: bytes = b""
    count: Long = 0
    weight: float = 0.0


class Ping(Request[None]):
    """Do nothing."""

    access = RoleHolder("clerk")
    routes = (Route("/ping", verbs=("GET", "POST")),)


class LookAround(Request[OrderResponse]):
    """Search without parameters."""

    access = Public
    changes_state = False


class HelloResponse(Message):
    """The greeting."""

    camel_case = True
    data_contract = True

    user_name: str | None = None


class Hello(Request[HelloResponse]):
    """Greet a person."""

    camel_case = True
    data_contract = True
    access = Public
    routes = (Route("/greetings"),)

    user_name: str | None = None


class Page(Request[None]):
    """An HTML page."""

    published = False
    changes_state = False
    routes = (Route("/orders/{OrderId}/cancel", verbs=("GET",)),)

    order_id: Guid


async def nothing(_message: Any, _call: Call) -> None:
    """Return None: these services are documented, not called."""


def catalog_of(*requests: type[Request[Any]], service: Service = SERVICE) -> Catalog:
    """Return a catalog of only these requests."""
    return Catalog(service, dict.fromkeys(requests, nothing))


def shop() -> Catalog:
    """Return the catalog of the whole shop."""
    return catalog_of(ChangeOrder, FindOrders, AddOrder, Ping, LookAround, Hello, Page)


__all__ = [
    "SERVICE",
    "AddOrder",
    "ChangeOrder",
    "FindOrders",
    "Hello",
    "HelloResponse",
    "Line",
    "LookAround",
    "OrderResponse",
    "Page",
    "Paged",
    "Ping",
    "Size",
    "catalog_of",
    "nothing",
    "shop",
]
