"""Messages with every member filled, in the JSON of this server, for decoding by sources in other languages.

All members have different values, so that swapped ones are detected. `ResponseStatus` is absent, as in every successful
response.
"""

import json
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from itertools import count
from typing import Any

from servicehost.contract.catalog import Catalog
from servicehost.contract.messages import Message
from servicehost.contract.status import ResponseError, ResponseStatus
from servicehost.contract.types import EnumOf, ListOf, MapOf, MessageModel, Nullable, Ref, Scalar, TypeNode
from servicehost.formats.codec import Style
from servicehost.formats.json import FORMAT
from servicehost.languages.selection import Universe

_DEEPEST = 4


class _Filler:
    """Generates different values."""

    def __init__(self) -> None:
        self._numbers: Iterator[int] = count(1)

    def message(self, model: MessageModel, depth: int = 0) -> Message:
        """Return a message with its published members filled; below a certain depth, without nested messages."""
        members = (each for each in model.published if not _is_left_out(each.type, depth))
        return model.build({each.attribute: self.value(each.type, depth) for each in members})

    def value(self, node: TypeNode, depth: int) -> Any:
        """Return a value of a type: two items in a list, two entries in a dictionary."""
        match node:
            case Nullable(inner):
                return self.value(inner, depth)
            case ListOf(item):
                return [self.value(item, depth) for _ in range(2)]
            case MapOf(_, value):
                return {f"Key {next(self._numbers)} ü": self.value(value, depth) for _ in range(2)}
            case EnumOf(python):
                return list(python)[-1]
            case Ref(model):
                return self.message(model, depth + 1)
            case Scalar():
                return self._scalar(node, next(self._numbers))

    def _scalar(self, scalar: Scalar, number: int) -> Any:
        return {
            Scalar.STRING: f'text {number} "quoted" \\ / é 中 🙂\n</script>',
            Scalar.BOOL: True,
            Scalar.INT: number,
            Scalar.LONG: 2**53 + number,
            Scalar.DOUBLE: number + 0.25,
            Scalar.DECIMAL: Decimal(number) + Decimal("0.125"),
            Scalar.GUID: f"0193a1b2-5c6d-7e8f-9a0b-{number:012x}",
            Scalar.DATETIME: datetime(2026, 11, 14, 22, 13, 20, 123456, UTC) + timedelta(minutes=number),
            Scalar.DURATION: timedelta(days=1, hours=2, minutes=number),
            Scalar.BYTES: bytes((number % 256, 255, 0)),
        }[scalar]


def _is_left_out(node: TypeNode, depth: int) -> bool:
    match node:
        case Nullable(inner) | ListOf(inner) | MapOf(_, inner):
            return _is_left_out(inner, depth)
        case Ref(model):
            return model.python in (ResponseStatus, ResponseError) or depth >= _DEEPEST
        case _:
            return False


def messages(catalog: Catalog) -> dict[str, MessageModel]:
    """Return the published messages of a catalog by name, except error messages."""
    found = (each for each in Universe(catalog).types if isinstance(each, MessageModel))
    return {each.name: each for each in found if each.python not in (ResponseStatus, ResponseError)}


def filled(model: MessageModel) -> Message:
    """Return a message with every published member filled; always the same."""
    return _Filler().message(model)


def recorded(model: MessageModel, message: Message | None = None) -> str:
    """Return a message, filled by default, in the JSON for clients of `/api/{Operation}`."""
    style = Style("", camel_case=model.python.camel_case)
    return FORMAT.encoder(Ref(model), style)(message or filled(model)).decode()


def recordings(catalog: Catalog) -> dict[str, str]:
    """Return every published message of a catalog, filled, as JSON by name."""
    return {name: recorded(model) for name, model in messages(catalog).items()}


def understood(model: MessageModel, body: str) -> Message:
    """Return the request that the server reads from a body."""
    return model.build(FORMAT.reader(model, Style(""))(body.encode()))


def changed(catalog: Catalog, returned: Mapping[str, str]) -> dict[str, tuple[Message, Message]]:
    """Return the filled messages that changed in a round trip: the originals, and the messages read back."""
    pairs = {name: (filled(model), understood(model, returned[name])) for name, model in messages(catalog).items()}
    return {name: (was, came) for name, (was, came) in pairs.items() if was != came}


def misspelled(given: Mapping[str, str], returned: Mapping[str, str]) -> set[str]:
    """Return the names in returned JSON texts that are spelled differently from the originals.

    The server accepts names in any casing, so it would not detect this.
    """
    return {
        f"{message}.{name}"
        for message, text in returned.items()
        for name in set(_names(json.loads(text))) - set(_names(json.loads(given[message])))
    }


def _names(value: Any) -> Iterator[str]:
    match value:
        case dict():
            yield from value
            for each in value.values():
                yield from _names(each)
        case list():
            for each in value:
                yield from _names(each)


__all__ = ["changed", "filled", "messages", "misspelled", "recorded", "recordings", "understood"]
