"""The contract as a file, in the format of ServiceStack's `/types/metadata`, with .NET names.

`contract_file` makes it from a catalog. The same classes read such files from this host or another one.

`notNull` and `enforced` carry two facts that .NET's type names cannot express; other readers ignore them.
"""

from collections.abc import Iterator, Mapping, Sequence
from typing import Final

import msgspec

from servicehost.contract.catalog import Catalog, Operation, Service
from servicehost.contract.references import referenced
from servicehost.contract.types import (
    EnumOf,
    ListOf,
    MapOf,
    MemberModel,
    MessageModel,
    Nullable,
    Ref,
    Scalar,
    TypeNode,
    is_value_type,
)

ANY: Final = "ANY"
"""The action of an operation that supports every method."""

_ACTING: Final = ("POST", "PUT", "PATCH", "DELETE")
_HOST_NAMESPACE: Final = "ServiceStack"
_SYSTEM: Final = "System"
_COLLECTIONS: Final = "System.Collections.Generic"

SCALAR_NAMES: Final[Mapping[Scalar, str]] = {
    Scalar.STRING: "String",
    Scalar.BOOL: "Boolean",
    Scalar.INT: "Int32",
    Scalar.LONG: "Int64",
    Scalar.DOUBLE: "Double",
    Scalar.DECIMAL: "Decimal",
    Scalar.GUID: "Guid",
    Scalar.DATETIME: "DateTime",
    Scalar.DURATION: "TimeSpan",
    Scalar.BYTES: "Byte[]",
}
""".NET names of scalars."""


class _Part(msgspec.Struct, rename="camel", omit_defaults=True, frozen=True):
    """A part of the file: camelCase names, defaults omitted."""


class TypeName(_Part, frozen=True):
    """A type by name."""

    name: str
    namespace: str = ""
    generic_args: Sequence[str] = ()


class DataContract(_Part, frozen=True):
    """DataContract properties of a type or a member."""

    namespace: str | None = None
    order: int | None = None


class PropertyType(_Part, frozen=True):
    """A member.

    Attributes:
        name: its wire name.
        type: the .NET name of its type, with the number of its arguments: ``List`1``.
        namespace: the namespace of that type.
        is_value_type: the type is a value type, or `Nullable` of one.
        is_enum: the type is an enumeration, or `Nullable` of one.
        generic_args: the type's arguments, written as `List<String>` if they have arguments themselves.
        description: the published description.
        data_member: set in types that have a data contract.
        param_type: the parameter location, if stated.
        display_type: the type shown on pages, if it differs.
        is_required: the member is marked required.
        not_null: the type is a reference type and the value is never null.
        enforced: whether absence is refused, if that does not follow from `is_required`.
    """

    name: str
    type: str
    namespace: str = ""
    is_value_type: bool = False
    is_enum: bool = False
    generic_args: Sequence[str] = ()
    description: str | None = None
    data_member: DataContract | None = None
    param_type: str | None = None
    display_type: str | None = None
    is_required: bool | None = None
    not_null: bool = False
    enforced: bool | None = None


class MetadataType(_Part, frozen=True):
    """A message or an enumeration.

    Attributes:
        name: its name.
        namespace: its .NET namespace.
        inherits: its base type.
        description: the published description.
        is_enum: the type is an enumeration.
        data_contract: set for the host's own messages.
        properties: the members that the type declares itself.
        enum_names: the names of an enumeration's values as identifiers.
        enum_member_values: the wire texts of those values, if some differ from the names.
    """

    name: str
    namespace: str = ""
    inherits: TypeName | None = None
    description: str | None = None
    is_enum: bool = False
    data_contract: DataContract | None = None
    properties: Sequence[PropertyType] = ()
    enum_names: Sequence[str] = ()
    enum_member_values: Sequence[str] = ()


class RouteType(_Part, frozen=True):
    """A route.

    Attributes:
        path: the path template.
        verbs: its HTTP methods, separated by commas; None for all.
    """

    path: str
    verbs: str | None = None


class OperationType(_Part, frozen=True):
    """An operation.

    Attributes:
        request: its request.
        response: its response.
        actions: the supported HTTP methods, or `ANY`. An operation that changes state does not support GET.
        returns_void: the operation has no response message.
        method: the HTTP method that clients use.
        return_type: the name of the response.
        routes: its routes.
        requires_auth: the operation requires a sign-in.
        required_roles: roles that the caller must have.
    """

    request: MetadataType
    response: MetadataType | None = None
    actions: Sequence[str] = ()
    returns_void: bool = False
    method: str | None = None
    return_type: TypeName | None = None
    routes: Sequence[RouteType] = ()
    requires_auth: bool = False
    required_roles: Sequence[str] = ()


class Config(_Part, frozen=True):
    """Default options of generated sources."""

    base_url: str = ""
    make_partial: bool = False
    make_virtual: bool = False
    add_return_marker: bool = False
    add_description_as_comments: bool = False
    add_doc_annotations: bool = False
    add_service_stack_types: bool = False
    add_model_extensions: bool = False
    add_property_accessors: bool = False
    setters_return_this: bool = False
    add_default_xml_namespace: str | None = None


class MetadataTypes(_Part, frozen=True, kw_only=True):
    """The whole file.

    Attributes:
        config: default options of generated sources.
        namespaces: every namespace in the file.
        types: types that are neither requests nor responses.
        operations: the published operations, by name.
    """

    config: Config = Config()
    namespaces: Sequence[str] = ()
    types: Sequence[MetadataType] = ()
    operations: Sequence[OperationType]


def contract_file(catalog: Catalog) -> dict[str, object]:
    """The content of `/types/metadata`: every published operation and all types that it uses."""
    service, operations = catalog.service, catalog.sorted()
    own = [part for operation in operations for part in (operation.request, operation.response) if part]
    parts = dict.fromkeys(part for model in own for part in referenced(model))
    others = sorted((part for part in parts if part not in own), key=lambda part: part.name)
    file = MetadataTypes(
        config=_config(service),
        namespaces=sorted({_SYSTEM, _COLLECTIONS, *(_namespace(part, service) for part in parts)}),
        types=[_type(part, service) for part in others],
        operations=[_operation(operation, service) for operation in operations],
    )
    plain: dict[str, object] = msgspec.json.decode(msgspec.json.encode(file))
    return plain


def _config(service: Service) -> Config:
    return Config(
        base_url=service.base_url,
        make_partial=True,
        make_virtual=True,
        add_return_marker=True,
        add_description_as_comments=True,
        add_doc_annotations=True,
        add_service_stack_types=True,
        add_model_extensions=True,
        add_property_accessors=True,
        setters_return_this=True,
        add_default_xml_namespace="http://schemas.servicestack.net/types",
    )


def _operation(operation: Operation, service: Service) -> OperationType:
    contract, response = operation.contract, operation.response
    single = {route.verbs[0] for route in contract.routes if len(route.verbs) == 1}
    return OperationType(
        request=_type(operation.request, service),
        response=_type(response, service) if response else None,
        actions=_ACTING if contract.changes_state else (ANY,),
        returns_void=response is None,
        method=single.pop() if len(single) == 1 else "POST",
        return_type=TypeName(name=response.name, namespace=_namespace(response, service)) if response else None,
        routes=[RouteType(path=route.template, verbs=",".join(route.verbs) or None) for route in contract.routes],
        requires_auth=contract.access.authenticated,
        required_roles=(contract.access.role,) if contract.access.role else (),
    )


def _type(part: MessageModel | EnumOf, service: Service) -> MetadataType:
    return _enumeration(part, service) if isinstance(part, EnumOf) else _message(part, service)


def _enumeration(node: EnumOf, service: Service) -> MetadataType:
    identifiers = [
        name if name.isidentifier() else _pascal(member.name) for name, member in node.by_wire_name().items()
    ]
    return MetadataType(
        name=node.name,
        namespace=_namespace(node, service),
        is_enum=True,
        enum_names=identifiers,
        enum_member_values=() if identifiers == list(node.names) else node.names,
    )


def _message(model: MessageModel, service: Service) -> MetadataType:
    own = model.python.data_contract
    return MetadataType(
        name=model.name,
        namespace=_namespace(model, service),
        inherits=TypeName(name=model.base.name, namespace=_namespace(model.base, service)) if model.base else None,
        description=model.published_description.strip() or None,
        data_contract=DataContract(namespace=model.python.namespace) if own else None,
        properties=list(_properties(model, service)),
    )


def _properties(model: MessageModel, service: Service) -> Iterator[PropertyType]:
    for order, member in enumerate(model.own_published, start=1):
        name, arguments = _clr(member.type)
        core, declared = member.core, member.declared
        yield PropertyType(
            name=member.name,
            type=name,
            namespace=_namespace_of(member.type, service),
            is_value_type=is_value_type(core),
            is_enum=isinstance(core, EnumOf),
            generic_args=arguments,
            description=declared.shown or None,
            data_member=DataContract(order=order) if model.python.data_contract else None,
            param_type=declared.place,
            display_type=declared.data_type,
            is_required=declared.required or None,
            not_null=not (member.nullable or is_value_type(core)),
            enforced=_enforced(member),
        )


def _enforced(member: MemberModel) -> bool | None:
    """Whether absence is refused, if the contract states it explicitly."""
    return None if member.declared.enforced is None else member.enforced


def _clr(node: TypeNode) -> tuple[str, Sequence[str]]:
    """The .NET name and the arguments of a type."""
    match node:
        case Nullable(inner) if is_value_type(inner):
            return "Nullable`1", [_clr_text(inner)]
        case Nullable(inner):
            return _clr(inner)
        case ListOf(item):
            return "List`1", [_clr_text(item)]
        case MapOf(key, value):
            return "Dictionary`2", [_clr_text(key), _clr_text(value)]
        case Scalar():
            return SCALAR_NAMES[node], ()
        case EnumOf():
            return node.name, ()
        case Ref(model):
            return model.name, ()


def _clr_text(node: TypeNode) -> str:
    """The .NET name of a type, including its arguments."""
    name, arguments = _clr(node)
    return f"{name.partition('`')[0]}<{','.join(arguments)}>" if arguments else name


def _namespace(part: MessageModel | EnumOf, service: Service) -> str:
    is_own = isinstance(part, MessageModel) and part.python.data_contract
    return _HOST_NAMESPACE if is_own else part.clr_namespace or service.clr_namespace


def _namespace_of(node: TypeNode, service: Service) -> str:
    match node:
        case Nullable(inner):
            return _SYSTEM if is_value_type(inner) else _namespace_of(inner, service)
        case Scalar():
            return _SYSTEM
        case ListOf() | MapOf():
            return _COLLECTIONS
        case EnumOf():
            return _namespace(node, service)
        case Ref(model):
            return _namespace(model, service)


def _pascal(name: str) -> str:
    return "".join(word.capitalize() for word in name.split("_"))


__all__ = [
    "ANY",
    "SCALAR_NAMES",
    "Config",
    "DataContract",
    "MetadataType",
    "MetadataTypes",
    "OperationType",
    "PropertyType",
    "RouteType",
    "TypeName",
    "contract_file",
]
