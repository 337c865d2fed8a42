"""Types as JSON Schema, in the dialect of OpenAPI 3.1.

| type | schema |
|---|---|
| string, bool, double | `string`, `boolean`, `number` |
| int, long, decimal | `integer` with format `int32` or `int64`, `number` with format `decimal` |
| Guid, DateTime, TimeSpan | `string` with format `uuid`, `date-time`, `duration` |
| byte[] | `string` with content encoding `base64` |
| list, dictionary | `array`, `object` with additional properties |
| enumeration | a component: `string` with its names |
| message | a component: `object` with all its members, including those of its base types |
| Nullable | the same with `null` beside the type; not in a path or a query, which have no null |

A member of a request is required if the host rejects its absence; null, the empty text and the empty Guid are then invalid.
A member of a response is required if it is always present. Members of a message inside a request are never required:
absent ones get their empty value.

Texts, lists and dictionaries of requests have `maxLength`, `maxItems` and `maxProperties`; those of responses do not.
"""

import enum
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Final

from servicehost.contract.catalog import Catalog
from servicehost.contract.datacontract import content_namespace, contract_name, message_namespace
from servicehost.contract.folds import reachable
from servicehost.contract.lengths import Bounds
from servicehost.contract.messages import Request
from servicehost.contract.scalars import EMPTY_GUID
from servicehost.contract.types import EnumOf, ListOf, MapOf, MemberModel, MessageModel, Nullable, Ref, Scalar, TypeNode
from servicehost.languages.text import camel

Part = dict[str, object]
"""A part of the document."""

EXTENSION: Final = "Extension, omitted from documentation pages and generated sources."
"""Start of the description of an unpublished member."""

_SCALARS: Final[Mapping[Scalar, Mapping[str, str]]] = {
    Scalar.STRING: {"type": "string"},
    Scalar.BOOL: {"type": "boolean"},
    Scalar.INT: {"type": "integer", "format": "int32"},
    Scalar.LONG: {"type": "integer", "format": "int64"},
    Scalar.DOUBLE: {"type": "number", "format": "double"},
    Scalar.DECIMAL: {"type": "number", "format": "decimal"},
    Scalar.GUID: {"type": "string", "format": "uuid"},
    Scalar.DATETIME: {"type": "string", "format": "date-time"},
    Scalar.DURATION: {"type": "string", "format": "duration"},
    Scalar.BYTES: {"type": "string", "contentEncoding": "base64"},
}

_NOT_ABSENT: Final[Mapping[TypeNode, Mapping[str, object]]] = {
    Scalar.STRING: {"minLength": 1},
    Scalar.GUID: {"not": {"const": EMPTY_GUID}},
}


SUFFIX: Final = "Dto"
"""Suffix of every schema name.

Client generators derive names from operation ids and from the names of bodies and responses, such as
`CancelConnectionRequest`, `AuthenticateBody` and `ResponseError`. None of these ends with the suffix, so names do not clash.
"""


class Notation(enum.Enum):
    """Notation of a message; the value is part of the name of its component."""

    AS_DECLARED = ""
    CAMEL_CASE = "CamelCase"
    AS_TEXT = "Text"
    """A value in a path or a query, without null and without XML names."""


class Schemas:
    """The schemas of a document. Messages and enumerations become components at their first use.

    Attributes:
        components: schemas by component name.
    """

    def __init__(self, catalog: Catalog) -> None:
        self.components: dict[str, Part] = {}
        self._namespace = catalog.service.namespace
        self._inputs = frozenset(_held(operation.request for operation in catalog.sorted()))
        self._names: dict[tuple[object, ...], str] = {}

    def message(self, model: MessageModel, notation: Notation = Notation.AS_DECLARED) -> str:
        """Return the component name of a message."""
        return self._component(model, model.name, model.members, notation)

    def body(self, model: MessageModel, members: Sequence[MemberModel]) -> str:
        """Return the component name of a request body: the whole message, or the members that the path does not set."""
        name = model.name if len(members) == len(model.members) else f"{model.name}Body"
        return self._component(model, name, members, Notation.AS_DECLARED)

    def of(self, node: TypeNode, notation: Notation = Notation.AS_DECLARED, bounds: Bounds | None = None) -> Part:
        """Return the schema of a type, with the bounds of a member that is part of a request."""
        match node:
            case Nullable(inner):
                return _nullable(self.of(inner, notation, bounds))
            case Scalar.STRING if bounds is not None:
                return {**_SCALARS[node], "maxLength": bounds.length}
            case Scalar():
                return dict(_SCALARS[node])
            case EnumOf():
                return reference("schemas", self._enumeration(node))
            case Ref(model):
                return reference("schemas", self.message(model, _inside(notation)))
            case ListOf(item):
                return {**self._list(item, notation, bounds), **_most("maxItems", bounds)}
            case MapOf():
                return {**self._map(node, notation, bounds), **_most("maxProperties", bounds)}

    def given(self, member: MemberModel, notation: Notation = Notation.AS_TEXT, *, bounded: bool = True) -> Part:
        """Return the schema of a member where null is impossible. For a required member it excludes values that count as absent."""
        schema = self.of(member.core, notation, member.bounds if bounded else None)
        return {**schema, **_NOT_ABSENT.get(member.core, {})} if member.enforced else schema

    def _component(self, model: MessageModel, name: str, members: Sequence[MemberModel], notation: Notation) -> str:
        key = (model, notation, frozenset(member.name for member in members))
        if key not in self._names:
            # The name is reserved before the schema is built, since a message may contain itself.
            entered = self._names[key] = self._entered(name + notation.value)
            self.components[entered].update(self._object(model, members, notation))
        return self._names[key]

    def _enumeration(self, node: EnumOf) -> str:
        if (node,) not in self._names:
            entered = self._names[node,] = self._entered(node.name)
            text = node.python.__dict__.get("__doc__")
            self.components[entered].update({"type": "string", "enum": list(node.names), **_described(text or "")})
        return self._names[node,]

    def _entered(self, wanted: str) -> str:
        """Reserve and return a unique component name."""
        number, name = 1, wanted + SUFFIX
        while name in self.components:
            number += 1
            name = f"{wanted}{number}{SUFFIX}"
        self.components[name] = {}
        return name

    def _object(self, model: MessageModel, members: Sequence[MemberModel], notation: Notation) -> Part:
        required = [member for member in members if self._is_required(model, member)]
        bounded = self._is_given(model)
        properties = {
            wire_name(member, notation): self._property(member, notation, required=member in required, bounded=bounded)
            for member in members
        }
        names = [wire_name(member, notation) for member in required]
        root = {"name": model.name, "namespace": message_namespace(model, self._namespace)}
        return {
            "type": "object",
            **_described(model.description),
            "properties": properties,
            **({"required": names} if names else {}),
            **({"xml": root} if notation is Notation.AS_DECLARED else {}),
        }

    def _is_required(self, model: MessageModel, member: MemberModel) -> bool:
        if issubclass(model.python, Request):
            return member.enforced
        return model not in self._inputs and not member.nullable

    def _is_given(self, model: MessageModel) -> bool:
        """Whether the message is a request or part of one, so that its texts and lists are bounded."""
        return issubclass(model.python, Request) or model in self._inputs

    def _property(self, member: MemberModel, notation: Notation, *, required: bool, bounded: bool) -> Part:
        if required and member.enforced:
            schema = self.given(member, notation, bounded=bounded)
        else:
            schema = self.of(member.type, notation, member.bounds if bounded else None)
        return {**schema, **_described(description_of(member))}

    def _map(self, node: MapOf, notation: Notation, bounds: Bounds | None) -> Part:
        key = self.of(node.key, bounds=bounds)
        names = {} if key == _SCALARS[Scalar.STRING] else {"propertyNames": key}
        return {"type": "object", **names, "additionalProperties": self.of(node.value, notation, bounds)}

    def _list(self, item: TypeNode, notation: Notation, bounds: Bounds | None) -> Part:
        items = self.of(item, notation, bounds)
        if notation is not Notation.AS_DECLARED:
            return {"type": "array", "items": items}
        namespace = content_namespace(ListOf(item), self._namespace)
        items["xml"] = {"name": contract_name(item, self._namespace), "namespace": namespace}
        return {"type": "array", "items": items, "xml": {"wrapped": True}}


def reference(kind: str, name: str) -> Part:
    """Return a reference to a component."""
    return {"$ref": f"#/components/{kind}/{name}"}


def description_of(member: MemberModel) -> str:
    """Return the description of a member; that of an unpublished member is marked as such."""
    text = member.declared.description or ""
    return text if member.declared.published else f"{EXTENSION} {text}".rstrip()


def wire_name(member: MemberModel, notation: Notation) -> str:
    """Return the name of a member in this notation."""
    return camel(member.name) if notation is Notation.CAMEL_CASE else member.name


def _inside(notation: Notation) -> Notation:
    """Return the notation of a message nested in a value: texts contain JSON."""
    return Notation.AS_DECLARED if notation is Notation.AS_TEXT else notation


def _described(text: str) -> Part:
    return {"description": " ".join(text.split())} if text else {}


def _held(requests: Iterable[MessageModel]) -> Iterator[MessageModel]:
    """Return the messages that requests contain, at any depth."""
    members = (member.type for request in requests for member in request.members)
    return (node.model for node in reachable(members) if isinstance(node, Ref))


def _most(keyword: str, bounds: Bounds | None) -> Part:
    return {} if bounds is None else {keyword: bounds.items}


def _nullable(schema: Part) -> Part:
    if "$ref" in schema:
        return {"anyOf": [schema, {"type": "null"}]}
    return {**schema, "type": [schema["type"], "null"]}


__all__ = ["EXTENSION", "SUFFIX", "Notation", "Part", "Schemas", "description_of", "reference", "wire_name"]
