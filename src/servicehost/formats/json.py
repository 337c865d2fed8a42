"""JSON: one line, names as declared, nulls omitted.

| type | written as |
|---|---|
| message | object; its own members, then inherited ones; null members are omitted, `false`, 0, `""`, `[]` are not |
| Nullable | the value; null only as a list item |
| list, dictionary | array, object; null values of a dictionary are omitted |
| string, Guid | string; a Guid in lower case with dashes |
| bool, int, long | `true`, digits |
| double | shortest text; null if not finite, because JSON has no such numbers |
| decimal | number with its scale, `1.50` |
| DateTime | `"2026-11-14T22:13:20Z"`, with a fraction of six digits unless it is zero |
| TimeSpan | `"P1DT2H"` |
| byte[] | base64 |
| enumeration | its wire name |

With `Style.camel_case`, member names (but not dictionary keys) are in camelCase. Reading accepts names in any casing
and all other forms that `lenient` lists.
"""

from collections.abc import Mapping
from types import GenericAlias
from typing import Annotated, Any, Final

import msgspec
from msgspec import UNSET, Meta, UnsetType

from servicehost.contract.lengths import Bounds
from servicehost.contract.scalars import CANONICAL_GUID
from servicehost.contract.types import EnumOf, ListOf, MapOf, MessageModel, Nullable, Scalar, TypeNode
from servicehost.formats._json_tree import parse_json
from servicehost.formats._plain import compile_plain
from servicehost.formats.codec import Decoder, Encoder, Format, Reader, Style, Values
from servicehost.formats.lenient import compile_members_reader, compile_value_reader
from servicehost.formats.scalars import INT_RANGE, LONG_RANGE

encoder: Final = msgspec.json.Encoder(decimal_format="number")
"""Encodes the output of `compile_plain`, and JSON lines."""


def compile_encoder(node: TypeNode, style: Style) -> Encoder:
    """The encoder of a type. Usually msgspec alone, if it writes the type in the contract's form."""
    plain = compile_plain(node, style)
    encode = encoder.encode
    return encode if plain is None else lambda value: encode(plain(value))


def compile_decoder(node: TypeNode, _style: Style) -> Decoder:
    """The decoder of complete values of a type."""
    read = compile_value_reader(node)
    return lambda body: read(parse_json(body))


def compile_reader(model: MessageModel, _style: Style) -> Reader:
    """The reader of request bodies: a fast strict reader first, then a lenient one for bodies that it refuses.

    For every body that the strict reader accepts, the lenient reader returns the same result.
    """
    lenient = compile_lenient_reader(model)
    strict = compile_strict_reader(model)
    if strict is None:
        return lenient

    def read(body: bytes) -> Values:
        try:
            return strict(body)
        except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
            return lenient(body)

    return read


def compile_lenient_reader(model: MessageModel) -> Reader:
    """The lenient reader, which accepts all supported forms and reports all errors together."""
    read = compile_members_reader(model)
    return lambda body: read(parse_json(body))


def compile_strict_reader(model: MessageModel) -> Reader | None:
    """The reader of bodies that have exactly the documented form; None if it does not support a member's type.

    It decodes to a body twin of the message: a struct with the same members, all optional, and unknown members
    forbidden. It raises msgspec's errors.
    """
    annotations = {member: _strict_type(member.type, member.bounds) for member in model.members}
    if None in annotations.values():
        return None
    twin = msgspec.defstruct(
        f"{model.name}Body",
        [
            (member.attribute, annotation | None | UnsetType, msgspec.field(default=UNSET, name=member.name))
            for member, annotation in annotations.items()
        ],
        forbid_unknown_fields=True,
    )
    decode = msgspec.json.Decoder(twin).decode
    to_dict = msgspec.structs.asdict

    def read(body: bytes) -> Values:
        members = to_dict(decode(body))
        return {attribute: value for attribute, value in members.items() if value is not UNSET and value is not None}

    return read


_STRICT_SCALARS: Final[Mapping[Scalar, Any]] = {
    Scalar.BOOL: bool,
    Scalar.INT: Annotated[int, Meta(ge=INT_RANGE.start, lt=INT_RANGE.stop)],
    Scalar.LONG: Annotated[int, Meta(ge=LONG_RANGE.start, le=LONG_RANGE.stop - 1)],
    Scalar.DOUBLE: float,
    Scalar.GUID: Annotated[str, Meta(pattern=CANONICAL_GUID)],
}


def _strict_type(node: TypeNode, bounds: Bounds) -> Any:
    """The msgspec type that accepts exactly the values of this type within the bounds; None if msgspec has none."""
    match node:
        case Scalar.STRING:
            return Annotated[str, Meta(max_length=bounds.length)]
        case Scalar():
            return _STRICT_SCALARS.get(node)
        case EnumOf(python):
            return python if all(isinstance(member.value, str) for member in python) else None
        case Nullable(inner):
            strict = _strict_type(inner, bounds)
            return strict and strict | None
        case ListOf(item):
            strict = _strict_type(item, bounds)
            return strict and Annotated[GenericAlias(list, (strict,)), Meta(max_length=bounds.items)]
        case MapOf(Scalar.STRING as key, value):
            strict, name = _strict_type(value, bounds), _strict_type(key, bounds)
            return strict and Annotated[GenericAlias(dict, (name, strict)), Meta(max_length=bounds.items)]
        case _:
            return None


FORMAT: Final = Format(
    name="json",
    page_name="json",
    content_type="application/json; charset=utf-8",
    sample_content_type="application/json",
    media_types=("application/json", "text/json"),
    encoder=compile_encoder,
    decoder=compile_decoder,
    reader=compile_reader,
)

__all__ = [
    "FORMAT",
    "compile_decoder",
    "compile_encoder",
    "compile_lenient_reader",
    "compile_reader",
    "compile_strict_reader",
]
