"""Bodies of batches: lists of requests, in every format that has lists."""

import dataclasses
from collections.abc import Callable, Sequence
from typing import Any, cast

from servicehost.contract.messages import Message, MessageMeta
from servicehost.contract.types import ListOf, MessageModel, Nullable, Ref
from servicehost.formats.codec import Format, Style, Values

ItemsReader = Callable[[bytes], Sequence[Values]]
"""Reads a body and returns the given members of each request.

Raises the errors of a `Decoder`; fields of UnreadableMembers start with the position of the request, `[0].`.
"""


def compile_items_reader(format_: Format, model: MessageModel, style: Style, most: int) -> ItemsReader:
    """Compile the reader of a list of requests, in which every member may be absent.

    The reader raises PayloadTooLarge for more than `most` requests before it reads any of them.
    """
    decode = format_.decoder(ListOf(Ref(_twin(model)), most), style)
    attributes = [member.attribute for member in model.members]

    def read(body: bytes) -> Sequence[Values]:
        return [
            {attribute: value for attribute in attributes if (value := getattr(item, attribute)) is not None}
            for item in decode(body)
        ]

    return read


def _twin(model: MessageModel) -> MessageModel:
    attributes = [member.attribute for member in model.members]
    namespace: dict[str, Any] = {"__annotations__": dict.fromkeys(attributes, Any), "__module__": __name__}
    python = MessageMeta(model.name, (Message,), namespace | dict.fromkeys(attributes))
    return MessageModel(
        python=cast("type[Message]", python),
        name=model.name,
        description="",
        base=None,
        own=tuple(dataclasses.replace(member, type=Nullable(member.core), default=_absent) for member in model.members),
    )


def _absent() -> None:
    return None


__all__ = ["ItemsReader", "compile_items_reader"]
