"""How a service is declared: messages, their members, their routes and who may send them.

A message is a `msgspec.Struct` whose annotations are its contract:

    class Hello(Request[HelloResponse]):
        "Say hello."

        access = Public
        routes = (Route("/hello/{Name}"),)

        name: Annotated[str, Member("Who to greet.", required=True)]

Attributes are snake_case; the wire name is PascalCase unless `msgspec.field(name=...)` says otherwise.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import partial
from typing import Any, ClassVar, Generic, Literal, TypeVar, dataclass_transform, get_origin

import msgspec

from servicehost.contract.lengths import ITEMS

Place = Literal["path", "query", "body", "form"]
"""Where a documentation page says that a member travels."""

DATACONTRACT_NAMESPACE = "http://schemas.datacontract.org/2004/07/"
"""Prefix of the XML namespace that DataContract gives a CLR namespace."""


@dataclass(frozen=True)
class Member:
    """What the contract says of one member, beside its type.

    Documentation pages and generated sources print an attribute with what the member states, and derive the rest. A
    member states what is given here; `states_type`, `states_name` and `stated` say so where the value alone does not.

    Attributes:
        description: the published description; None states none, and an empty one is stated as empty.
        required: marked Yes on the pages. Whether absence is refused depends on the type (`MemberModel.enforced`).
        place: the Parameter column of the page; None lets the page derive it from the routes.
        data_type: the stated data type where its spelling differs from the type on the wire.
        states_type: a described member states its data type, in the ordinary spelling unless `data_type` has another.
        states_name: a described member states its name.
        api_name: the name in the attribute where it differs from the member's own; it stands nowhere else.
        stated: False states nothing: only OpenAPI shows the description.
        published: False keeps the member off pages, samples, types and generated sources; it is bound all the same.
        enforced: overrides whether an absent value is refused; None lets the type decide.
        length: the greatest length of its text, or of each of its texts, in requests; None takes the default for its
            name (`lengths.default_length`). Never shown on pages or in generated sources.
        items: the most items or entries that it may have in requests.
        deferred: the operation refuses an absent value, together with what else is wrong; binding lets it pass.
    """

    description: str | None = None
    required: bool = False
    place: Place | None = None
    data_type: str | None = None
    states_type: bool = True
    states_name: bool = True
    api_name: str | None = None
    stated: bool = True
    published: bool = True
    enforced: bool | None = None
    length: int | None = None
    items: int = ITEMS
    deferred: bool = False

    @property
    def shown(self) -> str | None:
        """The description on pages and in sources; None where the member states none."""
        return self.description if self.stated else None


@dataclass(frozen=True)
class Interface:
    """A .NET interface that requests implement. Pages name it in their sources and declare it nowhere.

    Attributes:
        name: its name.
        members: the members that it declares, by wire name.
    """

    name: str
    members: tuple[str, ...] = ()


@dataclass(frozen=True)
class Route:
    """A path template of an operation, relative to the host's mount.

    Attributes:
        template: literal segments and `{Member}` placeholders; the last may be a wildcard, `{Member*}`.
        verbs: the methods that it answers; empty for all verbs.
        sets: values of members (by wire name) that this route fixes; a contradicting value is an error.
    """

    template: str
    verbs: tuple[str, ...] = ()
    sets: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Access:
    """Who may send a request.

    Attributes:
        authenticated: a principal is required.
        role: a role that the principal must hold, by name; asked of the application for each call.
    """

    authenticated: bool
    role: str | None = None


Public = Access(authenticated=False)
Authenticated = Access(authenticated=True)


def RoleHolder(role: str) -> Access:  # noqa: N802 - reads as a kind of access, beside Public and Authenticated
    """Access for principals that hold `role`."""
    return Access(authenticated=True, role=role)


_Field: Any = type(msgspec.field())


def _always_written(default: Any) -> Any:
    """The default as one that is written too, unless it is null: msgspec leaves out only defaults that it can compare."""
    given = default if isinstance(default, _Field) else msgspec.field(default=default)
    value: Any = given.default
    factory: Any = given.default_factory
    kind: Any = type(value)
    if isinstance(value, (bool, int, float, str, list, dict)):
        make = partial(kind, value)
    elif factory in (list, dict):
        make = partial(factory)  # no longer the factory that msgspec compares with
    else:
        return default
    return msgspec.field(default_factory=make, name=given.name)


@dataclass_transform(kw_only_default=True, field_specifiers=(msgspec.field,))
class MessageMeta(msgspec.StructMeta):
    """Makes every message keyword-only, PascalCase on the wire, and leaves out nulls but not `false`, 0 or `[]`."""

    def __new__(
        mcls: "type[MessageMeta]", name: str, bases: tuple[type, ...], namespace: dict[str, Any], **options: Any
    ) -> "MessageMeta":
        """Build the class with the options that are not inherited."""
        for attribute, annotation in namespace.get("__annotations__", {}).items():
            if attribute in namespace and get_origin(annotation) is not ClassVar:
                namespace[attribute] = _always_written(namespace[attribute])
        options.setdefault("kw_only", True)
        options.setdefault("rename", "pascal")
        options.setdefault("omit_defaults", True)
        return super().__new__(mcls, name, bases, namespace, **options)


@dataclass_transform(kw_only_default=True, field_specifiers=(msgspec.field,))
class Message(msgspec.Struct, metaclass=MessageMeta):
    """A typed value of the contract: a request, a response, or a part of one.

    The namespaces, `serializable`, `framework` and `api_response` hold for the class that declares them, not for
    those that derive from it.

    Class attributes:
        namespace: XML namespace of the type; None derives it from `clr_namespace`.
        clr_namespace: .NET namespace of the type; None takes the service's. An enumeration declares its own as
            `clr_namespace = enum.nonmember("...")`.
        data_contract: True for the host's own messages, which XML writes in declared order.
        serializable: a serializable .NET class without a data contract: XML names its members by their backing fields.
        framework: a type of a .NET framework, which pages name and describe nowhere.
        api_response: states its description in an `ApiResponse` attribute.
        camel_case: JSON names are camelCase under `/api/{Operation}` (the host's own messages).
    """

    namespace: ClassVar[str | None] = None
    clr_namespace: ClassVar[str | None] = None
    data_contract: ClassVar[bool] = False
    serializable: ClassVar[bool] = False
    framework: ClassVar[bool] = False
    api_response: ClassVar[bool] = False
    camel_case: ClassVar[bool] = False


R = TypeVar("R")


class Request(Message, Generic[R]):
    """A message that can be sent; `R` is the message that answers it.

    Class attributes:
        access: who may send it.
        routes: its routes; it is served at the predefined ones too.
        implements: the interfaces that pages list.
        api_description: the published description, blanks included; None takes the docstring's, an empty one publishes
            none. OpenAPI shows the docstring's.
        response_declared: False for a request that sources do not connect with its response.
        changes_state: it refuses GET and HEAD and foreign origins. Derive no exception lightly.
        aliases: further operation names under which it is found at `/api/{name}`, not published.
        published: False keeps it off index, pages, types and OpenAPI, and away from the predefined routes
            (the pages of a web app); its declared routes answer all the same.
    """

    access: ClassVar[Access] = Authenticated
    routes: ClassVar[tuple[Route, ...]] = ()
    implements: ClassVar[tuple[Interface, ...]] = ()
    api_description: ClassVar[str | None] = None
    response_declared: ClassVar[bool] = True
    changes_state: ClassVar[bool] = True
    aliases: ClassVar[tuple[str, ...]] = ()
    published: ClassVar[bool] = True


__all__ = [
    "DATACONTRACT_NAMESPACE",
    "Access",
    "Authenticated",
    "Interface",
    "Member",
    "Message",
    "MessageMeta",
    "Place",
    "Public",
    "Request",
    "RoleHolder",
    "Route",
]
