"""Samples in JSON: one line, null members omitted.

An empty Guid is shown with dashes and a nullable one without, as on the pages of ServiceStack hosts.
"""

import json
from typing import Final

from servicehost.contract.scalars import EMPTY_GUID
from servicehost.contract.types import EnumOf, ListOf, MapOf, MessageModel, Nullable, Ref, Scalar, TypeNode

Json = str | int | bool | list["Json"] | dict[str, "Json"]
"""A JSON value of a sample."""

_SCALARS: Final[dict[Scalar, Json]] = {
    Scalar.STRING: "String",
    Scalar.BOOL: False,
    Scalar.INT: 0,
    Scalar.LONG: 0,
    Scalar.DOUBLE: 0,
    Scalar.DECIMAL: 0,
    Scalar.GUID: EMPTY_GUID,
    Scalar.DATETIME: "0001-01-01T00:00:00.0000000",
    Scalar.DURATION: "PT0S",
    Scalar.BYTES: "AA==",
}


def json_text(model: MessageModel) -> str:
    """Return the sample of a message in one line."""
    return json.dumps(json_value(model), separators=(",", ":"), ensure_ascii=False)


def json_value(model: MessageModel) -> Json:
    """Return the sample of a message as parsed JSON."""
    return _message(model, ())


def _message(model: MessageModel, outer: tuple[MessageModel, ...]) -> Json:
    values = {member.name: _value(member.type, (*outer, model)) for member in model.published}
    return {name: value for name, value in values.items() if value is not None}


def _value(node: TypeNode, outer: tuple[MessageModel, ...]) -> Json | None:
    match node:
        case Nullable(Scalar.GUID):
            return EMPTY_GUID.replace("-", "")
        case Nullable(inner):
            return _value(inner, outer)
        case Scalar():
            return _SCALARS[node]
        case EnumOf():
            return node.names[0]
        case ListOf(item):
            value = _value(item, outer)
            return [] if value is None else [value]
        case MapOf(_, inner):
            value = _value(inner, outer)
            return {} if value is None else {"String": value}
        case Ref(model):
            return None if model in outer else _message(model, outer)


__all__ = ["Json", "json_text", "json_value"]
