"""A service whose messages have every type in every form, and names that are keywords of some language."""

import enum
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Annotated, ClassVar

import msgspec

from servicehost.contract.call import Call
from servicehost.contract.catalog import Catalog, Service
from servicehost.contract.messages import Interface, Member, Message, Request, Route
from servicehost.contract.scalars import Guid, Long
from servicehost.contract.status import ResponseStatus


class Tone(enum.StrEnum):
    """Tone of voice; the text of one value is not an identifier, another is a keyword."""

    PLAIN = "Plain"
    DEFAULT = "default"
    VERY_WARM = "Very Warm"


class Leaf(Message):
    """A recursive message."""

    id: Guid
    tone: Tone = Tone.PLAIN
    leaves: list["Leaf"] = msgspec.field(default_factory=list)
    stem: "Leaf | None" = None


class Scalars(Message):
    """Every scalar, and every nullable one."""

    text: str = ""
    maybe_text: str | None = None
    flag: bool = False
    is_flag: bool | None = None
    number: int = 0
    maybe_number: int | None = None
    big: Long = 0
    ratio: float = 0.0
    maybe_ratio: float | None = None
    price: Decimal = Decimal(0)
    maybe_price: Decimal | None = None
    id: Guid
    maybe_id: Guid | None = None
    at: datetime
    maybe_at: datetime | None = None
    lasts: timedelta = timedelta()
    maybe_lasts: timedelta | None = None
    data: bytes = b""
    tone: Tone = Tone.PLAIN
    maybe_tone: Tone | None = None
    leaf: Leaf | None = None


class Collections(Message):
    """Lists and dictionaries of everything, required and optional."""

    texts: Annotated[list[str], Member("Texts.", required=True)] = msgspec.field(default_factory=list)
    ids: list[Guid] | None = None
    numbers: list[int] = msgspec.field(default_factory=list)
    prices: list[Decimal] = msgspec.field(default_factory=list)
    moments: list[datetime] = msgspec.field(default_factory=list)
    tones: list[Tone] = msgspec.field(default_factory=list)
    leaves: list[Leaf] = msgspec.field(default_factory=list)
    table: list[list[int]] = msgspec.field(default_factory=list)
    labels: Annotated[dict[str, str], Member("Labels.", required=True)] = msgspec.field(default_factory=dict)
    counts: dict[str, int] | None = None
    by_name: dict[str, Leaf] = msgspec.field(default_factory=dict)
    groups: dict[str, list[Leaf]] = msgspec.field(default_factory=dict)


class Awkward(Message):
    """Names with a meaning in some language."""

    class_: str | None = msgspec.field(default=None, name="class")
    default: str | None = msgspec.field(default=None, name="default")
    when: str | None = msgspec.field(default=None, name="when")
    description: str | None = msgspec.field(default=None, name="description")
    init: str | None = msgspec.field(default=None, name="init")
    this: str | None = msgspec.field(default=None, name="this")
    json: str | None = msgspec.field(default=None, name="json")
    context: str | None = msgspec.field(default=None, name="context")
    container: str | None = msgspec.field(default=None, name="container")
    first_name: str | None = msgspec.field(default=None, name="first-name")
    dollars: str | None = msgspec.field(default=None, name="us$")
    tone: Tone = Tone.PLAIN


class Page(Message):
    """Members for paging."""

    number: int = 0
    container: str | None = msgspec.field(default=None, name="container")


class FormsResponse(Message):
    """Everything."""

    scalars: Scalars | None = None
    collections: Collections | None = None
    awkward: Awkward | None = None
    response_status: ResponseStatus | None = None


class GetForms(Page, Request[FormsResponse]):
    """Get everything: "quoted", $dollars and {braces}."""

    routes: ClassVar[tuple[Route, ...]] = (Route("/forms/{Number}", ("GET",)), Route("/forms", ("GET",)))

    lasts: timedelta | None = None
    decoder: str | None = msgspec.field(default=None, name="decoder")
    texts: Annotated[list[str], Member("Texts.", required=True)] = msgspec.field(default_factory=list)
    tones: Annotated[dict[str, Tone], Member("Tones.", required=True)] = msgspec.field(default_factory=dict)
    tone: Tone = Tone.PLAIN
    class_: str | None = msgspec.field(default=None, name="Class")
    response_type: str | None = None
    forms_response: FormsResponse | None = None


class CountForms(Page, Request[FormsResponse]):
    """Count without own members."""

    routes: ClassVar[tuple[Route, ...]] = (Route("/forms/count"),)


class Receipt(Message):
    """A type of another namespace."""

    clr_namespace: ClassVar[str | None] = "Acme.Forms.Models"

    number: int = 0


class ForgetFormsResponse(Message):
    """What was forgotten: "all", or */ some."""

    api_response: ClassVar[bool] = True

    receipt: Receipt | None = None


class ForgetForms(Request[ForgetFormsResponse]):
    """Forget everything."""

    routes: ClassVar[tuple[Route, ...]] = (Route("/forms", ("DELETE",)),)
    implements: ClassVar[tuple[Interface, ...]] = (Interface("IForgetful", ("Reason",)),)
    response_declared: ClassVar[bool] = False

    reason: Annotated[str | None, Member("")] = None


async def _answer(_message: object, _call: Call) -> None:
    return None


def every_form() -> Catalog:
    """Return the catalog of the service."""
    service = Service("Forms", "https://forms.example.com", "urn:forms", "Acme.Forms")
    return Catalog(service, dict.fromkeys((GetForms, CountForms, ForgetForms), _answer))


__all__ = ["every_form"]
