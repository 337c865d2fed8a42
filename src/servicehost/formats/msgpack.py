"""MessagePack: the same content as JSON in fewer bytes. Messages are maps with member names as declared.

| type | written as |
|---|---|
| message | map; its own members, then inherited ones; null members are omitted, `false`, 0, `""`, `[]` are not |
| Nullable | the value; nil only as a list item |
| list, dictionary | array, map; nil values of a dictionary are omitted |
| string, Guid | str; a Guid in lower case with dashes |
| bool, int, long, double | the corresponding types |
| decimal | str with its scale, `"1.50"`, because MessagePack has no exact decimals |
| DateTime | the timestamp extension |
| TimeSpan | str, `"P1DT2H"` |
| byte[] | bin |
| enumeration | str, its wire name |

With `Style.camel_case`, member names are in camelCase. Reading accepts names in any casing, and for each value also its
JSON form.
"""

from typing import Final

import msgspec

from servicehost.contract.types import ListOf, MessageModel, TypeNode
from servicehost.formats._msgpack_tree import parse_msgpack
from servicehost.formats._plain import compile_plain
from servicehost.formats.codec import Decoder, Encoder, Format, Reader, Style
from servicehost.formats.lenient import compile_members_reader, compile_value_reader

_encode: Final = msgspec.msgpack.Encoder().encode


def compile_encoder(node: TypeNode, style: Style) -> Encoder:
    """The encoder of a type."""
    plain = compile_plain(node, style)
    return _encode if plain is None else lambda value: _encode(plain(value))


def compile_decoder(node: TypeNode, style: Style) -> Decoder:  # noqa: ARG001 - reading understands every style
    """The decoder of complete values of a type."""
    read = compile_value_reader(node)
    most = node.most if isinstance(node, ListOf) else None
    return lambda body: read(parse_msgpack(body, most))


def compile_reader(model: MessageModel, style: Style) -> Reader:  # noqa: ARG001 - reading understands every style
    """The reader of request bodies."""
    read = compile_members_reader(model)
    return lambda body: read(parse_msgpack(body))


FORMAT: Final = Format(
    name="msgpack",
    page_name="x-msgpack",
    content_type="application/x-msgpack",
    sample_content_type="application/x-msgpack",
    media_types=("application/x-msgpack", "application/msgpack", "application/vnd.msgpack"),
    encoder=compile_encoder,
    decoder=compile_decoder,
    reader=compile_reader,
    documented=False,
)

__all__ = ["FORMAT", "compile_decoder", "compile_encoder", "compile_reader"]
