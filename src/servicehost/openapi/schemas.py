"""Types as JSON Schema, in the dialect of OpenAPI 3.1.

| type | schema |
|---|---|
| string, bool, double | `string`, `boolean`, `number` |
| int, long, decimal | `integer` with format `int32` or `int64`, `number` with format `decimal` |
| Guid, DateTime, TimeSpan | `string` with format `uuid`, `date-time`, `duration` |
| byte[] | `string` with content encoding `base64` |
| list, dictionary | `array`, `object` with additional properties |
| enumeration | a component: `string` with its names |
| message | a component: `object` with all its members, those of its base among them |
| Nullable | the same with `null` beside the type; not in a path or a query, which have no null |

A member is required in a request when its absence is refused, and then null, the empty text and the empty Guid are no
values of it; in an answer when it is always there. Members of a message inside a request are never required: what is
absent there has its empty value.

Texts, lists and dictionaries of requests have `maxLength`, `maxItems` and `maxProperties`; those of answers have none.
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

EXTENSION: Final = "Extension, which documentation pages and generated sources leave out."
"""How the description of an unpublished member begins."""

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
"""Ends the name of every schema.

Client generators make names of their own from operation ids and from the names of bodies and responses, such as
`CancelConnectionRequest`, `AuthenticateBody` and `ResponseError`. None of them ends so.
"""


class Writing(enum.Enum):
    """How a message is written; the value is part of the name of its component."""

    AS_DECLARED = ""
    CAMEL_CASE = "CamelCase"
    AS_TEXT = "Text"
    """A value in a path or a query, which has no null and no names for XML."""


class Schemas:
    """The schemas of a document. Messages and enumerations become components when they are first referred to.

    Attributes:
        components: the schemas by the name that references use.
    """

    def __init__(self, catalog: Catalog) -> None:
        self.components: dict[str, Part] = {}
        self._namespace = catalog.service.namespace
        self._inputs = frozenset(_held(operation.request for operation in catalog.sorted()))
        self._names: dict[tuple[object, ...], str] = {}

    def message(self, model: MessageModel, writing: Writing = Writing.AS_DECLARED) -> str:
        """The name of the component of a message."""
        return self._component(model, model.name, model.members, writing)

    def body(self, model: MessageModel, members: Sequence[MemberModel]) -> str:
        """The name of the component of a request's body: the whole message, or the members that the path leaves open."""
        name = model.name if len(members) == len(model.members) else f"{model.name}Body"
        return self._component(model, name, members, Writing.AS_DECLARED)

    def of(self, node: TypeNode, writing: Writing = Writing.AS_DECLARED, bounds: Bounds | None = None) -> Part:
        """The schema of a type, with the bounds of a member that is part of a request."""
        match node:
            case Nullable(inner):
                return _nullable(self.of(inner, writing, bounds))
            case Scalar.STRING if bounds is not None:
                return {**_SCALARS[node], "maxLength": bounds.length}
            case Scalar():
                return dict(_SCALARS[node])
            case EnumOf():
                return reference("schemas", self._enumeration(node))
            case Ref(model):
                return reference("schemas", self.message(model, _inside(writing)))
            case ListOf(item):
                return {**self._list(item, writing, bounds), **_most("maxItems", bounds)}
            case MapOf():
                return {**self._map(node, writing, bounds), **_most("maxProperties", bounds)}

    def given(self, member: MemberModel, writing: Writing = Writing.AS_TEXT, *, bounded: bool = True) -> Part:
        """The schema of a member where there is no null. What counts as absent is no value of one that must be given."""
        schema = self.of(member.core, writing, member.bounds if bounded else None)
        return {**schema, **_NOT_ABSENT.get(member.core, {})} if member.enforced else schema

    def _component(self, model: MessageModel, name: str, members: Sequence[MemberModel], writing: Writing) -> str:
        key = (model, writing, frozenset(member.name for member in members))
        if key not in self._names:
            # The name is taken before the schema is made, since a message may hold itself.
            entered = self._names[key] = self._entered(name + writing.value)
            self.components[entered].update(self._object(model, members, writing))
        return self._names[key]

    def _enumeration(self, node: EnumOf) -> str:
        if (node,) not in self._names:
            entered = self._names[node,] = self._entered(node.name)
            text = node.python.__dict__.get("__doc__")
            self.components[entered].update({"type": "string", "enum": list(node.names), **_described(text or "")})
        return self._names[node,]

    def _entered(self, wanted: str) -> str:
        """A name that no other component has."""
        number, name = 1, wanted + SUFFIX
        while name in self.components:
            number += 1
            name = f"{wanted}{number}{SUFFIX}"
        self.components[name] = {}
        return name

    def _object(self, model: MessageModel, members: Sequence[MemberModel], writing: Writing) -> Part:
        required = [member for member in members if self._is_required(model, member)]
        bounded = self._is_given(model)
        properties = {
            wire_name(member, writing): self._property(member, writing, required=member in required, bounded=bounded)
            for member in members
        }
        names = [wire_name(member, writing) for member in required]
        root = {"name": model.name, "namespace": message_namespace(model, self._namespace)}
        return {
            "type": "object",
            **_described(model.description),
            "properties": properties,
            **({"required": names} if names else {}),
            **({"xml": root} if writing is Writing.AS_DECLARED else {}),
        }

    def _is_required(self, model: MessageModel, member: MemberModel) -> bool:
        if issubclass(model.python, Request):
            return member.enforced
        return model not in self._inputs and not member.nullable

    def _is_given(self, model: MessageModel) -> bool:
        """Whether it is a request or part of one, so that its texts and lists are bounded."""
        return issubclass(model.python, Request) or model in self._inputs

    def _property(self, member: MemberModel, writing: Writing, *, required: bool, bounded: bool) -> Part:
        if required and member.enforced:
            schema = self.given(member, writing, bounded=bounded)
        else:
            schema = self.of(member.type, writing, member.bounds if bounded else None)
        return {**schema, **_described(description_of(member))}

    def _map(self, node: MapOf, writing: Writing, bounds: Bounds | None) -> Part:
        key = self.of(node.key, bounds=bounds)
        names = {} if key == _SCALARS[Scalar.STRING] else {"propertyNames": key}
        return {"type": "object", **names, "additionalProperties": self.of(node.value, writing, bounds)}

    def _list(self, item: TypeNode, writing: Writing, bounds: Bounds | None) -> Part:
        items = self.of(item, writing, bounds)
        if writing is not Writing.AS_DECLARED:
            return {"type": "array", "items": items}
        namespace = content_namespace(ListOf(item), self._namespace)
        items["xml"] = {"name": contract_name(item, self._namespace), "namespace": namespace}
        return {"type": "array", "items": items, "xml": {"wrapped": True}}


def reference(kind: str, name: str) -> Part:
    """A reference to a component."""
    return {"$ref": f"#/components/{kind}/{name}"}


def description_of(member: MemberModel) -> str:
    """The description of a member; that of an unpublished one says what it is."""
    text = member.declared.description or ""
    return text if member.declared.published else f"{EXTENSION} {text}".rstrip()


def wire_name(member: MemberModel, writing: Writing) -> str:
    """The name of a member as a message of its kind is written."""
    return camel(member.name) if writing is Writing.CAMEL_CASE else member.name


def _inside(writing: Writing) -> Writing:
    """How a message inside a value is written: texts hold JSON."""
    return Writing.AS_DECLARED if writing is Writing.AS_TEXT else writing


def _described(text: str) -> Part:
    return {"description": " ".join(text.split())} if text else {}


def _held(requests: Iterable[MessageModel]) -> Iterator[MessageModel]:
    """The messages that requests hold, at any depth."""
    members = (member.type for request in requests for member in request.members)
    return (node.model for node in reachable(members) if isinstance(node, Ref))


def _most(keyword: str, bounds: Bounds | None) -> Part:
    return {} if bounds is None else {keyword: bounds.items}


def _nullable(schema: Part) -> Part:
    if "$ref" in schema:
        return {"anyOf": [schema, {"type": "null"}]}
    return {**schema, "type": [schema["type"], "null"]}


__all__ = ["EXTENSION", "SUFFIX", "Part", "Schemas", "Writing", "description_of", "reference", "wire_name"]
