"""`python -m benchmarks.doubling`: cost of hostile input as its size doubles.

Each format, with each kind of hostile body, and each hostile header field, query and text is read at doubled sizes. The
output is the growth factor of each doubling, from the shortest time of interleaved rounds: about 2 is linear, about 4
quadratic.
"""

import time
from collections.abc import Callable
from functools import partial
from itertools import pairwise
from typing import Annotated

from benchmarks.heads import HEADS, Work
from benchmarks.texts import TEXTS
from servicehost.contract.errors import MalformedBody, UnreadableMembers
from servicehost.contract.messages import Member, Message
from servicehost.contract.types import TypeModel
from servicehost.formats.codec import Style
from servicehost.formats.registry import WIRE_FORMATS

SIZES = (20_000, 40_000, 80_000)
ROUNDS = 7

Make = Callable[[int], str]


class Inner(Message):
    """A nested message."""

    name: Annotated[str | None, Member("A name.")] = None


class Outer(Message):
    """The message that is read."""

    name: Annotated[str | None, Member("A name.")] = None
    count: Annotated[int, Member("A number.")] = 0
    names: Annotated[list[str], Member("A list.")] = []
    inner: Annotated[Inner | None, Member("A message.")] = None
    rows: Annotated[list[Inner], Member("Messages.")] = []


HOSTILE: dict[str, dict[str, Make]] = {
    "json": {
        "huge string": lambda n: '{"Name":"' + "a" * n + '"}',
        "escapes": lambda n: '{"Name":"' + "\\u0041" * (n // 6) + '"}',
        "repeated keys": lambda n: "{" + ",".join(['"Name":"a"'] * (n // 11)) + "}",
        "long number": lambda n: '{"Count":' + "9" * n + "}",
        "nesting": lambda n: '{"Inner":' * n,
        "wrong items": lambda n: '{"Rows":[' + ",".join(["7"] * (n // 2)) + "]}",
    },
    "xml": {
        "huge text": lambda n: "<Outer><Name>" + "a" * n + "</Name></Outer>",
        "repeated elements": lambda n: "<Outer>" + "<Name>a</Name>" * (n // 14) + "</Outer>",
        "attributes": lambda n: "<Outer " + " ".join(f'a{i}="1"' for i in range(n // 8)) + "/>",
        "character references": lambda n: "<Outer><Name>" + "&#65;" * (n // 5) + "</Name></Outer>",
        "nesting": lambda n: "<Inner>" * (n // 7),
    },
    "jsv": {
        "huge string": lambda n: "{Name:" + "a" * n + "}",
        "quotes": lambda n: '{Name:"' + '""' * (n // 2) + '"}',
        "open quote": lambda n: '{Name:"' + "a,}" * (n // 3),
        "repeated keys": lambda n: "{" + ",".join(["Name:a"] * (n // 7)) + "}",
        "nesting": lambda n: "{Inner:" * (n // 7),
    },
    "csv": {
        "huge cell": lambda n: "Name\r\n" + "a" * n + "\r\n",
        "many columns": lambda n: ",".join(["Name"] * (n // 5)) + "\r\n" + ",".join(["a"] * (n // 5)) + "\r\n",
        "many rows": lambda n: "Name\r\n" + "a\r\n" * (n // 3),
        "open quote": lambda n: 'Name\r\n"' + '""' * (n // 2),
    },
    "jsonl": {
        "many lines": lambda n: '{"Name":"a"}\n' * (n // 13),
        "empty lines": lambda n: "\n" * n,
    },
}
"""Bodies of approximately the given size in bytes, by format and kind."""


def main() -> None:
    """Measure, and print a row for each kind of input."""
    model = TypeModel().message(Outer)
    for format_ in WIRE_FORMATS:
        for kind, make in HOSTILE.get(format_.name, {}).items():
            read = _reader(format_.reader(model, Style("http://example.com/types")))
            bodies = [make(size).encode() for size in SIZES]
            _measure(format_.name, kind, [partial(read, body) for body in bodies])
    for kind, prepare in HEADS.items():
        _measure("head", kind, [prepare(size) for size in SIZES])
    for kind, prepare in TEXTS.items():
        _measure("text", kind, [prepare(size) for size in SIZES])


def _measure(room: str, kind: str, works: list[Work]) -> None:
    print(f"{room:6} {kind:22} " + "  ".join(f"{ratio:4.1f}" for ratio in _doublings(works)))


def _reader(read: Callable[[bytes], object]) -> Callable[[bytes], None]:
    def attempt(body: bytes) -> None:
        try:
            read(body)
        except (MalformedBody, UnreadableMembers):
            return

    return attempt


def _doublings(works: list[Work]) -> list[float]:
    """Return the growth factor of each work relative to the one before it."""
    times: list[list[float]] = [[] for _ in works]
    for _ in range(ROUNDS):
        for work, measured in zip(works, times, strict=True):
            began = time.perf_counter()
            work()
            measured.append(time.perf_counter() - began)
    least = [min(measured) for measured in times]
    return [later / earlier for earlier, later in pairwise(least)]


if __name__ == "__main__":
    main()

__all__ = ["HOSTILE", "main"]
