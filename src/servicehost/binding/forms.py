"""Fields of HTML forms, urlencoded or multipart. Files are not bound to members and are discarded."""

from collections.abc import AsyncGenerator

from starlette.datastructures import Headers
from starlette.formparsers import MultiPartException, MultiPartParser

from servicehost.binding.pairs import Pairs, lowered, parse_pairs
from servicehost.contract.errors import MalformedAddress, MalformedBody
from servicehost.negotiation import media_type

URLENCODED = "application/x-www-form-urlencoded"
MULTIPART = "multipart/form-data"

MAX_FIELDS = 1000
"""Maximum number of fields and files of a form; far more than any page sends."""


def is_form(content_type: str) -> bool:
    """Whether a body of this Content-Type is a form."""
    return media_type(content_type) in (URLENCODED, MULTIPART)


async def read_form(content_type: str, body: bytes) -> Pairs:
    """The fields of a form; those without a value are absent.

    Raises:
        MalformedBody: the body does not match its content type, or has too many fields.
    """
    if media_type(content_type) == MULTIPART:
        return await _multipart(content_type, body)
    if body.count(b"&") >= MAX_FIELDS:
        raise MalformedBody(f"The form has more than {MAX_FIELDS} fields. Send fewer.")
    try:
        return parse_pairs(body)
    except MalformedAddress as error:
        raise MalformedBody("The form is not UTF-8. Percent-encode the bytes of UTF-8 text.") from error


class _FormParser(MultiPartParser):
    """Records whether it has seen the closing boundary, to detect truncated forms."""

    whole = False

    def on_end(self) -> None:
        self.whole = True


async def _multipart(content_type: str, body: bytes) -> Pairs:
    parser = _FormParser(
        Headers({"content-type": content_type}),
        _stream(body),
        max_files=MAX_FIELDS,
        max_fields=MAX_FIELDS,
        max_part_size=len(body),
    )
    try:
        form = await parser.parse()
    except MultiPartException as error:
        raise MalformedBody(f"The multipart form cannot be read. {error.message}") from error
    fields = [(lowered(name), value) for name, value in form.multi_items() if isinstance(value, str) and value]
    await form.close()
    if not parser.whole:
        raise MalformedBody("The multipart form ends before its closing boundary. Send the whole form.")
    return fields


async def _stream(body: bytes) -> AsyncGenerator[bytes, None]:
    yield body


__all__ = ["MAX_FIELDS", "MULTIPART", "URLENCODED", "is_form", "read_form"]
