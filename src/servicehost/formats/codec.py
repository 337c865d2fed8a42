"""What a wire format is: a name, its media types, and codecs compiled once for each type."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from servicehost.contract.types import MessageModel, TypeNode

Encoder = Callable[[Any], bytes]
"""A value of the type it was compiled for -> the body."""

Decoder = Callable[[bytes], Any]
"""A body -> a whole value of the type it was compiled for.

Raises `MalformedBody` for a body that is not of the format and `UnreadableMembers` for values of a wrong type.
"""

Values = Mapping[str, Any]
"""The members that a request body gives, by attribute, each of its declared type; absent members are absent."""

Reader = Callable[[bytes], Values]
"""The body of a request -> the members that it gives, whether or not the required ones are there.

Raises as a `Decoder`; all unreadable members are named at once.
"""


@dataclass(frozen=True)
class Style:
    """What a host decides about its formats.

    Attributes:
        namespace: XML namespace of messages that declare none.
        camel_case: JSON and JSV member names in camelCase instead of as declared.
    """

    namespace: str
    camel_case: bool = False


@dataclass(frozen=True)
class Format:
    """One wire format.

    Attributes:
        name: suffix, `?format=` value and path segment (`json`).
        page_name: what documentation pages call it (`other` for JSON lines); also understood in requests.
        content_type: of answers.
        sample_content_type: the Accept and Content-Type of the samples on documentation pages.
        media_types: what Accept and Content-Type may call it, without parameters; the first is its own.
        encoder: compiles the encoder of a type.
        decoder: compiles the decoder of a type.
        reader: compiles the reader of request bodies.
        page_query: what a page's link to the same answer in this format adds to the query, for people.
        download: answers carry `Content-Disposition: attachment`.
        documented: it has a column in the list of operations and a page for each of them.
        for_people: what it writes is the inside of a page, which HTTP puts a page around. It is written only when it is
            asked for by name, and never read.
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
