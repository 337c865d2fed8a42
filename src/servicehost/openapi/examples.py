"""The samples of the documentation pages, in the forms that the schemas promise.

Pages show empty Guids, nullable ones without dashes, and dates without their zone, as hosts of this kind do. An empty
Guid is none where one must be given, and the other two are not of their formats in JSON Schema.
"""

from collections.abc import Collection, Mapping
from typing import Final

from servicehost.contract.types import ListOf, MapOf, MemberModel, MessageModel, Nullable, Ref, Scalar, TypeNode
from servicehost.openapi.schemas import Writing, wire_name
from servicehost.samples import json_value
from servicehost.samples.as_json import Json

_AS_PROMISED: Final[dict[Scalar, Json]] = {
    Scalar.GUID: "0193a1b2-5c6d-7e8f-9a0b-1c2d3e4f5a6b",
    Scalar.DATETIME: "2026-11-14T22:13:20Z",
}

Example = Mapping[str, Json]
"""A message as `json` would parse it."""


def example(
    model: MessageModel, members: Collection[MemberModel] | None = None, writing: Writing = Writing.AS_DECLARED
) -> Example:
    """The sample of a message as JSON, of all its published members or of some."""
    shown = model.published if members is None else [member for member in model.published if member in members]
    return _members(json_value(model), shown, writing)


def _members(sample: Json, members: Collection[MemberModel], writing: Writing) -> dict[str, Json]:
    values = sample if isinstance(sample, dict) else {}
    return {
        wire_name(member, writing): _value(values[member.name], member.type, writing)
        for member in members
        if member.name in values
    }


def _value(sample: Json, node: TypeNode, writing: Writing) -> Json:
    match node, sample:
        case Nullable(inner), _:
            return _value(sample, inner, writing)
        case Scalar(), _:
            return _AS_PROMISED.get(node, sample)
        case ListOf(item), list():
            return [_value(each, item, writing) for each in sample]
        case MapOf(key, value), dict():
            return {str(_value(name, key, writing)): _value(each, value, writing) for name, each in sample.items()}
        case Ref(model), dict():
            return _members(sample, model.published, writing)
        case _:
            return sample


__all__ = ["Example", "example"]
