"""Definition of a wire format: its name, its media types, and codecs that are compiled once for each type."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from servicehost.contract.types import MessageModel, TypeNode

Encoder = Callable[[Any], bytes]
"""Encodes a value of the type that it was compiled for."""

Decoder = Callable[[bytes], Any]
"""Decodes a body to a complete value of the type that it was compiled for.

Raises `MalformedBody` if the body is not valid in the format and `UnreadableMembers` for values of a wrong type.
"""

Values = Mapping[str, Any]
"""The members given in a request body, by attribute, with values of the declared types."""

Reader = Callable[[bytes], Values]
"""Reads the members given in a request body, without checking that the required ones are present.

Raises the errors of a `Decoder`; all unreadable members are reported together.
"""


@dataclass(frozen=True)
class Style:
    """Settings of a host that affect its formats.

    Attributes:
        namespace: XML namespace of messages that declare no namespace.
        camel_case: whether JSON and JSV member names are in camelCase instead of as declared.
    """

    namespace: str
    camel_case: bool = False


@dataclass(frozen=True)
class Format:
    """One wire format.

    Attributes:
        name: suffix, `?format=` value and path segment (`json`).
        page_name: the name on documentation pages (`other` for JSON lines); also accepted in requests.
        content_type: the Content-Type of responses.
        sample_content_type: the Accept and Content-Type of the samples on documentation pages.
        media_types: media types in Accept and Content-Type, without parameters; the preferred one first.
        encoder: compiles the encoder of a type.
        decoder: compiles the decoder of a type.
        reader: compiles the reader of request bodies.
        page_query: query text that a page appends to its link to this format.
        download: whether responses have `Content-Disposition: attachment`.
        documented: whether it has a column in the list of operations and a page for each operation.
        for_people: whether it writes page content, which the host wraps in a page. Such a format is used only if named
            explicitly, and never for request bodies.
    """

    name: str
    page_name: str
    content_type: str
    sample_content_type: str
    media_types: tuple[str, ...]
    encoder: Callable[[TypeNode, Style], Encoder]
    decoder: Callable[[TypeNode, Style], Decoder]
    reader: Callable[[MessageModel, Style], Reader]
    download: bool = False
    documented: bool = True
    for_people: bool = False
    page_query: str = ""


__all__ = ["Decoder", "Encoder", "Format", "Reader", "Style", "Values"]
