"""Tests of MessagePack. `test_laws` checks its round trips."""

import tracemalloc
from datetime import timedelta
from typing import Any

import msgspec
import pytest
from tests.support.tracks import AT, CAMEL, Derived, Grade, Item, Nothing, Plain, decoded, encoded, read, track

from servicehost.contract.errors import MalformedBody, UnreadableMembers
from servicehost.formats.msgpack import FORMAT

pack = msgspec.msgpack.encode
unpack = msgspec.msgpack.decode


def test_worked_example() -> None:
    """A message is a map of names; values use MessagePack's types if it has them."""
    expected: dict[str, Any] = {
        "Id": 1,
        "Name": 'A "b"',
        "Key": "01234567-89ab-cdef-0123-456789abcdef",
        "At": AT,
        "Len": "PT1H30M",
        "Ok": True,
        "Tags": ["a,b", "c"],
        "Meta": {"k": "v"},
        "Kind": "Rock",
        "Price": "1.50",
    }
    assert expected == unpack(encoded(FORMAT, track()))


def test_bytes_and_numbers() -> None:
    """Bytes and numbers use MessagePack's types."""
    written = unpack(encoded(FORMAT, Item(data=b"\x00\xff", weight=0.5, grade=Grade.GOOD)))

    assert (b"\x00\xff", 0.5, "GOOD") == (written["Data"], written["Weight"], written["Grade"])


def test_camel_case() -> None:
    """CamelCase changes the names of members, not the keys of dictionaries."""
    written = unpack(encoded(FORMAT, track(meta={"Key": "v"}), style=CAMEL))

    assert {"id", "name", "meta"} < set(written)
    assert {"Key": "v"} == written["meta"]


def test_own_members_first() -> None:
    """Members are in JSON order."""
    assert ["Delta", "Charlie", "Beta", "Alpha"] == list(
        unpack(encoded(FORMAT, Derived(delta=1, charlie="c", beta=2, alpha="a")))
    )


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        ({"connectionid": "0123456789abcdef0123456789abcdef", "COUNT": "7"}, {"count": 7}),
        ({"Count": 7.0, "Unknown": [1, {"a": None}]}, UnreadableMembers),
        ({"Weight": 1.5, "Ok": 1}, {"weight": 1.5, "ok": True}),
        ({b"Count": 7}, {}),
        ({1: 2}, {}),
    ],
)
def test_reads_what_was_meant(given: dict[Any, Any], expected: Any) -> None:
    """Names in any casing and JSON forms of values are accepted; unknown names are ignored."""
    if expected is UnreadableMembers:
        with pytest.raises(UnreadableMembers):
            read(FORMAT, pack(given), Plain)
        return
    members = read(FORMAT, pack(given), Plain)
    assert expected == {name: value for name, value in members.items() if name != "connection_id"}


def test_reads_texts_of_other_types() -> None:
    """Texts are accepted for instants and numbers, and numbers for texts."""
    item = decoded(FORMAT, pack({"Data": "AP8=", "Weight": "0.5", "Grade": 7, "Size": "9"}), Item)

    assert Item(data=b"\x00\xff", weight=0.5, grade=Grade.GOOD, size=9) == item


def test_durations_are_texts() -> None:
    """Durations are texts, as in the other formats."""
    assert timedelta(hours=1) == decoded(FORMAT, pack("PT1H"), timedelta)


def test_empty_body() -> None:
    """An empty body contains no members."""
    assert {} == read(FORMAT, b"", Plain)


@pytest.mark.parametrize(
    "body",
    [
        b"\xc1",
        b"\xa1\xff",
        b"\x81",
        b"\x01\x02",
        b"\x81\x80\x01",
        b"\x81\x90\x01",
        b"\x81\xc0\x01",
        b"\x81\xa1a\xd6\x05abcd",
        b"\xd7\xff" + b"\xff" * 8,
        b"\x91" * 100_000,
        b"\x81\xa1x" * 65 + b"\x01",
        pack([1]),
    ],
)
def test_malformed(body: bytes) -> None:
    """Bodies that are not maps, extension types and deep nesting are refused."""
    with pytest.raises(MalformedBody):
        read(FORMAT, body, Plain)


@pytest.mark.parametrize("head", [b"\xdd", b"\xdf", b"\xdb", b"\xc6"])
def test_announced_sizes_are_not_believed(head: bytes) -> None:
    """The size that a body announces has no effect on its cost."""
    tracemalloc.start()
    try:
        with pytest.raises(MalformedBody):
            read(FORMAT, head + b"\x3f\xff\xff\xff", Plain)
        assert tracemalloc.get_traced_memory()[1] < 100_000
    finally:
        tracemalloc.stop()


def test_message_without_members() -> None:
    """A message without members is an empty map."""
    assert b"\x80" == encoded(FORMAT, Nothing())
