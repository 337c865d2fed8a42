"""Declaration of a service: messages, their members, routes and access.

A message is a `msgspec.Struct` whose annotations are its contract:

    class Hello(Request[HelloResponse]):
        "Say hello."

        access = Public
        routes = (Route("/hello/{Name}"),)

        name: Annotated[str, Member("Who to greet.", required=True)]

Attributes are snake_case; wire names are PascalCase unless `msgspec.field(name=...)` says otherwise.
"""

import enum
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import partial
from typing import Any, ClassVar, Generic, Literal, TypeVar, dataclass_transform, get_origin

import msgspec

from servicehost.contract.lengths import ITEMS

Place = Literal["path", "query", "body", "form"]
"""The parameter location shown on documentation pages."""

DATACONTRACT_NAMESPACE = "http://schemas.datacontract.org/2004/07/"
"""Prefix of the XML namespace that DataContract derives from a CLR namespace."""


@dataclass(frozen=True)
class Member:
    """Documentation and constraints of one member, in addition to its type.

    Documentation pages and generated sources print an attribute with the properties that a member states, and derive
    the rest. `states_type`, `states_name` and `stated` control this where the values alone do not.

    Attributes:
        description: the published description; None omits it, and an empty one is published as empty.
        required: shown as Yes on the pages. Whether absence is refused depends on the type (`MemberModel.enforced`).
        place: the Parameter column of the page; if None, derived from the routes.
        data_type: the stated data type if its spelling differs from the type on the wire.
        states_type: a described member states its data type, in the ordinary spelling unless `data_type` is given.
        states_name: a described member states its name.
        api_name: the name in the attribute if it differs from the member's name; used nowhere else.
        stated: if False, the attribute is omitted; only OpenAPI shows the description.
        published: if False, the member is bound but left out of pages, samples, types and generated sources.
        enforced: overrides whether an absent value is refused; if None, the type decides.
        length: maximum code points of a text, or of each text in a list, in requests; if None, the default for the name
            (`lengths.default_length`). Never shown on pages or in generated sources.
        items: maximum items or entries in requests.
        deferred: binding accepts an absent value; the operation refuses it and reports it together with its other
            errors.
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
        """The description on pages and in sources; None if the member states no description."""
        return self.description if self.stated else None


@dataclass(frozen=True)
class Interface:
    """A .NET interface that requests implement. Generated sources refer to it and do not declare it.

    Attributes:
        name: its name.
        members: the members that the interface declares, by wire name.
    """

    name: str
    members: tuple[str, ...] = ()


@dataclass(frozen=True)
class Route:
    """A path template of an operation, relative to the host's mount.

    Attributes:
        template: literal segments and `{Member}` placeholders; the last one may be a wildcard, `{Member*}`.
        verbs: the HTTP methods of the route; empty for all.
        sets: values that this route fixes, by the member's wire name; a contradicting value is an error.
    """

    template: str
    verbs: tuple[str, ...] = ()
    sets: Mapping[str, str] = field(default_factory=dict)


class SignInNeed(enum.Enum):
    """Whether an operation requires a sign-in."""

    OPEN = "open"
    """Credentials are ignored; the call has no principal."""

    KNOWN_IF_SIGNED_IN = "known if signed in"
    """The call has a principal if the request has valid credentials; they are optional."""

    REQUIRED = "required"
    """Without valid credentials the request is refused with 401."""


@dataclass(frozen=True)
class Access:
    """Access rule of a request.

    Attributes:
        sign_in: whether a sign-in is required.
        role: name of the role that the principal must have; the application is asked for each call.
    """

    sign_in: SignInNeed
    role: str | None = None

    def __post_init__(self) -> None:
        """Refuse a role without a required sign-in.

        Raises:
            ValueError: a role is given, but no sign-in is required.
        """
        if self.role is not None and not self.authenticated:
            raise ValueError(f"Only a caller who is signed in holds the role {self.role}; use RoleHolder")

    @property
    def authenticated(self) -> bool:
        """Whether a principal is required."""
        return self.sign_in is SignInNeed.REQUIRED


Public = Access(SignInNeed.OPEN)
KnownIfSignedIn = Access(SignInNeed.KNOWN_IF_SIGNED_IN)
Authenticated = Access(SignInNeed.REQUIRED)


def RoleHolder(role: str) -> Access:  # noqa: N802 - reads as a kind of access, beside Public and Authenticated
    """Access for principals with the role `role`."""
    return Access(SignInNeed.REQUIRED, role)


_Field: Any = type(msgspec.field())


def _always_written(default: Any) -> Any:
    """A default that is always written unless it is null: msgspec omits only defaults that it can compare."""
    given = default if isinstance(default, _Field) else msgspec.field(default=default)
    value: Any = given.default
    factory: Any = given.default_factory
    kind: Any = type(value)
    if isinstance(value, (bool, int, float, str, list, dict)):
        make = partial(kind, value)
    elif factory in (list, dict):
        make = partial(factory)  # msgspec does not recognise it as the default factory
    else:
        return default
    return msgspec.field(default_factory=make, name=given.name)


@dataclass_transform(kw_only_default=True, field_specifiers=(msgspec.field,))
class MessageMeta(msgspec.StructMeta):
    """Makes messages keyword-only and PascalCase on the wire; JSON omits nulls but keeps `false`, 0 and `[]`."""

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

    `serializable`, `framework`, `api_response` and the namespaces apply to the class that declares them and are not
    inherited.

    Class attributes:
        namespace: XML namespace of the type; if None, derived from `clr_namespace`.
        clr_namespace: .NET namespace of the type; if None, the service's. An enumeration declares its own as
            `clr_namespace = enum.nonmember("...")`.
        data_contract: True for the host's own messages, whose members XML writes in declared order.
        serializable: a serializable .NET class without a data contract: XML names its members after their backing
            fields.
        framework: a type of a .NET framework: pages name it but do not describe it.
        api_response: the description is stated in an `ApiResponse` attribute.
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
    """A message that can be sent to the host; `R` is the response message.

    Class attributes:
        access: the access rule.
        routes: declared routes, in addition to the predefined ones.
        implements: the interfaces that pages list.
        api_description: the published description, blanks included; if None, the docstring's; an empty one publishes no
            description. OpenAPI always shows the docstring's.
        response_declared: False for a request whose generated source does not name its response.
        changes_state: whether GET, HEAD and foreign origins are refused. Consider carefully before disabling it.
        aliases: additional, unpublished operation names for `/api/{name}`.
        published: if False, the request is left out of index, pages, types and OpenAPI and has no predefined routes
            (pages of a web app); its declared routes are served.
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
    "KnownIfSignedIn",
    "Member",
    "Message",
    "MessageMeta",
    "Place",
    "Public",
    "Request",
    "RoleHolder",
    "Route",
    "SignInNeed",
]
