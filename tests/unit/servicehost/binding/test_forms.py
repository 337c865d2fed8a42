"""Tests of urlencoded and multipart forms."""

import pytest

from servicehost.binding import forms
from servicehost.binding.forms import MAX_FIELDS, MULTIPART, URLENCODED, is_form, read_form
from servicehost.contract.errors import MalformedBody

BOUNDARY = "frontier"


def multipart(*parts: tuple[str, str], closed: bool = True) -> bytes:
    """A multipart body; each part is the text after `form-data; ` and the content."""
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
    """Forms are recognised by media type, in any casing and with any parameters."""
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
    """Files are ignored."""
    body = multipart(('name="upload"; filename="a.txt"', "content"), ('name="Name"', "x"))

    assert [("name", "x")] == await read_form(f"{MULTIPART}; boundary={BOUNDARY}", body)


async def test_a_form_of_any_size() -> None:
    """Fields may be as long as the body, and as many as the host's limit."""
    content_type = f"{MULTIPART}; boundary={BOUNDARY}"
    long = "x" * 2_000_000
    parts = [('name="a"', "1")] * MAX_FIELDS

    assert [("name", long)] == await read_form(content_type, multipart(('name="Name"', long)))
    assert [("a", "1")] * MAX_FIELDS == await read_form(content_type, multipart(*parts))
    assert [("a", "1")] * MAX_FIELDS == list(await read_form(URLENCODED, b"&".join([b"a=1"] * MAX_FIELDS)))
    assert MAX_FIELDS == 1000


@pytest.mark.parametrize("disposition", ['name="a"', 'name="a"; filename="a"'])
async def test_the_limit_of_fields_and_files_is_that_of_the_host(
    disposition: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The number of fields and files is limited by the host, not by the library."""
    monkeypatch.setattr(forms, "MAX_FIELDS", 2)

    with pytest.raises(MalformedBody, match=r"Maximum number of fi(eld|le)s is 2"):
        await read_form(f"{MULTIPART}; boundary={BOUNDARY}", multipart(*[(disposition, "1")] * 3))


UNREADABLE = "The multipart form cannot be read. "


@pytest.mark.parametrize(
    ("content_type", "body", "message"),
    [
        (MULTIPART, multipart(('name="a"', "1")), f"{UNREADABLE}Missing boundary in multipart."),
        (
            f"{MULTIPART}; boundary={BOUNDARY}",
            b"no multipart at all",
            f"{UNREADABLE}Invalid multipart data.",
        ),
        (
            f"{MULTIPART}; boundary={BOUNDARY}",
            multipart(('name="a"', "1"), closed=False),
            "The multipart form ends before its closing boundary. Send the whole form.",
        ),
        (
            f"{MULTIPART}; boundary={BOUNDARY}",
            multipart(("", "1")),
            f'{UNREADABLE}The Content-Disposition header field "name" must be provided.',
        ),
        (
            f"{MULTIPART}; boundary={BOUNDARY}",
            multipart(*[('name="a"', "1")] * (MAX_FIELDS + 1)),
            f"{UNREADABLE}Too many fields. Maximum number of fields is 1000.",
        ),
        (
            f"{MULTIPART}; boundary={BOUNDARY}",
            multipart(*[('name="a"; filename="a"', "1")] * (MAX_FIELDS + 1)),
            f"{UNREADABLE}Too many files. Maximum number of files is 1000.",
        ),
        (URLENCODED, b"a=%FF", "The form is not UTF-8. Percent-encode the bytes of UTF-8 text."),
        (URLENCODED, b"a=1&" * MAX_FIELDS, "The form has more than 1000 fields. Send fewer."),
    ],
)
async def test_malformed(content_type: str, body: bytes, message: str) -> None:
    """Truncated forms, bodies that are not forms, and forms with too many fields are refused."""
    with pytest.raises(MalformedBody) as refused:
        await read_form(content_type, body)

    assert refused.value.message == message
