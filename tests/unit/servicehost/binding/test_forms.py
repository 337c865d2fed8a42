"""Tests of urlencoded and multipart forms."""

import pytest

from servicehost.binding.forms import MAX_FIELDS, MULTIPART, URLENCODED, is_form, read_form
from servicehost.contract.errors import MalformedBody

BOUNDARY = "frontier"


def multipart(*parts: tuple[str, str], closed: bool = True) -> bytes:
    """A multipart body of parts: what stands behind `form-data; ` and the content."""
    written = [
        f"--{BOUNDARY}\r\nContent-Disposition: form-data; {disposition}\r\n\r\n{content}\r\n"
        for disposition, content in parts
    ]
    return ("".join(written) + (f"--{BOUNDARY}--\r\n" if closed else "")).encode()


@pytest.mark.parametrize(
    ("content_type", "expected"),
    [
        (URLENCODED, True),
        ("Multipart/Form-Data; boundary=x", True),
        ("application/x-www-form-urlencoded; charset=utf-8", True),
        ("application/json", False),
        ("", False),
    ],
)
def test_is_form(content_type: str, expected: bool) -> None:
    """Forms are known by their media type, in any casing and with any parameters."""
    assert expected == is_form(content_type)


async def test_urlencoded() -> None:
    """An urlencoded form is read like a query."""
    assert [("name", "a b"), ("ids", "1"), ("ids", "2")] == list(
        await read_form(URLENCODED, b"Name=a+b&Ids=1&ids=2&x=")
    )


async def test_multipart() -> None:
    """Parts are fields, in their order."""
    body = multipart(('name="Name"', "a b"), ('name="Empty"', ""), ('name="Roles"', '["x","y"]'))

    assert [("name", "a b"), ("roles", '["x","y"]')] == await read_form(f"{MULTIPART}; boundary={BOUNDARY}", body)


async def test_files_are_dropped() -> None:
    """A file is no value of a member."""
    body = multipart(('name="upload"; filename="a.txt"', "content"), ('name="Name"', "x"))

    assert [("name", "x")] == await read_form(f"{MULTIPART}; boundary={BOUNDARY}", body)


@pytest.mark.parametrize(
    ("content_type", "body"),
    [
        (MULTIPART, multipart(('name="a"', "1"))),
        (f"{MULTIPART}; boundary={BOUNDARY}", b"no multipart at all"),
        (f"{MULTIPART}; boundary={BOUNDARY}", multipart(('name="a"', "1"), closed=False)),
        (f"{MULTIPART}; boundary={BOUNDARY}", multipart(("", "1"))),
        (f"{MULTIPART}; boundary={BOUNDARY}", multipart(*[('name="a"', "1")] * (MAX_FIELDS + 1))),
        (URLENCODED, b"a=%FF"),
        (URLENCODED, b"a=1&" * MAX_FIELDS),
    ],
)
async def test_malformed(content_type: str, body: bytes) -> None:
    """What is cut short, not a form, or far too much of one is refused."""
    with pytest.raises(MalformedBody):
        await read_form(content_type, body)
