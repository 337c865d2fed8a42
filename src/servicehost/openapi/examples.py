"""The samples of the documentation pages, converted to the formats that the schemas require.

Pages show empty Guids, nullable Guids without dashes, and dates without a time zone, as ServiceStack hosts do. An empty
Guid counts as absent in a required member, and the other two are invalid in JSON Schema's formats.
"""

from collections.abc import Collection, Mapping
from typing import Final

from servicehost.contract.types import ListOf, MapOf, MemberModel, MessageModel, Nullable, Ref, Scalar, TypeNode
from servicehost.openapi.schemas import Notation, wire_name
from servicehost.samples import json_value
from servicehost.samples.as_json import Json

_AS_PROMISED: Final[dict[Scalar, Json]] = {
    Scalar.GUID: "0193a1b2-5c6d-7e8f-9a0b-1c2d3e4f5a6b",
    Scalar.DATETIME: "2026-11-14T22:13:20Z",
}

Example = Mapping[str, Json]
"""A message as parsed JSON."""


def example(
    model: MessageModel, members: Collection[MemberModel] | None = None, notation: Notation = Notation.AS_DECLARED
) -> Example:
    """Return the sample of a message as JSON, with all published members or the given ones."""
    shown = model.published if members is None else [member for member in model.published if member in members]
    return _members(json_value(model), shown, notation)


def _members(sample: Json, members: Collection[MemberModel], notation: Notation) -> dict[str, Json]:
    values = sample if isinstance(sample, dict) else {}
    return {
        wire_name(member, notation): _value(values[member.name], member.type, notation)
        for member in members
        if member.name in values
    }


def _value(sample: Json, node: TypeNode, notation: Notation) -> Json:
    match node, sample:
        case Nullable(inner), _:
            return _value(sample, inner, notation)
        case Scalar(), _:
            return _AS_PROMISED.get(node, sample)
        case ListOf(item), list():
            return [_value(each, item, notation) for each in sample]
        case MapOf(key, value), dict():
            return {str(_value(name, key, notation)): _value(each, value, notation) for name, each in sample.items()}
        case Ref(model), dict():
            return _members(sample, model.published, notation)
        case _:
            return sample


__all__ = ["Example", "example"]
