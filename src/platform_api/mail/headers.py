"""Values of header fields, written so that readers get exactly the given text and never read it as syntax.

`email.policy` is not used: it parses the given text, so a name that looks like an encoded word (RFC 2047) would be
decoded, and versions of Python fold it differently.
"""

import re
from base64 import b64encode
from collections.abc import Iterator

from platform_api.mail.text import one_line

LINE = 76
"""Greatest length of a line with an encoded word, in characters."""

LONGEST_LINE = 900
"""Greatest length of an unfolded value, in characters; SMTP allows lines of 998."""

_LONGEST_WORD = 75
_PLAIN = re.compile(r"[ -~]*")
_ATEXT = r"[^\x00-\x20\x7f\"(),:;<>@\[\\\].]+"
_DOT_ATOM = re.compile(rf"{_ATEXT}(?:\.{_ATEXT})*")
_ATOMS = re.compile(r"[A-Za-z0-9]+(?: [A-Za-z0-9]+)*")
_QUOTED = re.compile(r'(["\\]|(?<==)\?)')


def is_plain(text: str) -> bool:
    """Whether text is printable ASCII that no reader takes for an encoded word."""
    return _PLAIN.fullmatch(text) is not None and "=?" not in text


def unstructured(field: str, text: str) -> str:
    """The value of a free-text field such as Subject: unchanged if it is plain and short, else encoded."""
    line = one_line(text)
    room = LINE - len(field) - len(": ")
    return line if is_plain(line) and len(line) <= room else encoded(line, room)


def mailbox(field: str, address: str, name: str = "") -> str:
    """The value of a field with one address, such as From, and the name that readers see beside it."""
    shown = one_line(name)
    if not shown:
        return _addr_spec(address)
    phrase = _phrase(shown, LINE - len(field) - len(": "))
    separator = " " if len(field) + len(phrase) + len(address) < LINE - len(":  <>") else "\r\n "
    return f"{phrase}{separator}<{_addr_spec(address)}>"


def encoded(text: str, room: int) -> str:
    """Text as encoded words, one on each line; the first has `room` characters. No character is divided."""
    return "\r\n ".join(f"=?utf-8?b?{b64encode(piece).decode()}?=" for piece in _pieces(text, room))


def _pieces(text: str, room: int) -> Iterator[bytes]:
    """Text in UTF-8, in pieces that fit into one encoded word each."""
    piece, size = b"", _bytes_in(room)
    for character in text:
        added = character.encode()
        if len(piece) + len(added) > size:
            yield piece
            piece, size = b"", _bytes_in(_LONGEST_WORD)
        piece += added
    yield piece


def _bytes_in(room: int) -> int:
    """Number of bytes that fit into an encoded word of at most `room` characters."""
    return (min(room, _LONGEST_WORD) - len("=?utf-8?b??=")) // 4 * 3


def _phrase(name: str, room: int) -> str:
    """A name before an address: as plain words if possible, else quoted, else encoded."""
    written = name if _ATOMS.fullmatch(name) else _quoted(name)
    return written if is_plain(name) and len(written) <= room else encoded(name, room)


def _addr_spec(address: str) -> str:
    """An address in a header field; a local part that a reader might decode or divide is quoted."""
    local, _, domain = address.rpartition("@")
    return address if _DOT_ATOM.fullmatch(local) and "=?" not in local else f"{_quoted(local)}@{domain}"


def _quoted(text: str) -> str:
    r"""A quoted string. The ? of =? is escaped too, so that readers do not take it for an encoded word."""
    return '"' + _QUOTED.sub(r"\\\1", text) + '"'


__all__ = ["LINE", "LONGEST_LINE", "encoded", "is_plain", "mailbox", "unstructured"]
