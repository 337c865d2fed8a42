"""Making text safe that somebody typed and somebody else gets by mail."""

import re
import unicodedata

MAX_NAME = 50
"""How many characters of a name reach a mail."""

_INVISIBLE = frozenset("\u034f\u115f\u1160\u17b4\u17b5\u2800\u3164\uffa0")
"""Characters that show nothing although Unicode calls them letters, marks or symbols."""

_BREAKS = re.compile(r"[\t\n\v\f\r\x1c-\x1f\x85\u2028\u2029]")
_LINK = re.compile(
    r"""
      [a-z][a-z0-9+.-]*:/\S*           # any scheme: https://..., ftp:/...
    | (?:mailto|tel|sms|javascript|data):\S*
    | \bwww\.\S*
    | \S*@\S*                          # an e-mail address, whole
    | [\w-]+(?:\.[\w-]+)+[/?#:]\S*     # a host with a path, a query or a port
    """,
    re.IGNORECASE | re.VERBOSE,
)
_HOST_DOT = re.compile(r"(?<=\w)[.\u3002\uff0e\uff61](?=[^\W\d_]\w)")
_DIGITS = re.compile(r"\+?\d{7,}|\+?\d(?:[ ().-]{0,2}\d){8,}")
_STRIPPED = " ,;:/\\|<>-"
_READ = 500


def one_line(text: str) -> str:
    """`text` in one line, without control, bidi and zero-width characters; runs of blanks become one."""
    shown = "".join(character for character in _BREAKS.sub(" ", text) if _shows(character))
    return " ".join(unicodedata.normalize("NFC", shown).split())


def clean_name(text: str) -> str:
    """A name that carries no message of its own: what may stand in a mail to a stranger.

    Control, bidi and zero-width characters, line breaks, URLs, e-mail addresses and long runs of digits are taken
    out, what mail programs would make a link of is broken up, and at most `MAX_NAME` characters are left.
    The result may be empty.
    """
    name = one_line(text[:_READ])
    while (cleaner := _without_links(name)) != name:
        name = cleaner
    if len(name) > MAX_NAME:
        name = name[: MAX_NAME - 1].rstrip(_STRIPPED) + "…"
    return name


def _shows(character: str) -> bool:
    """Whether a reader can see it: neither control, format, unassigned nor blank in disguise."""
    if character in _INVISIBLE or "\ufe00" <= character <= "\ufe0f" or "\U000e0100" <= character <= "\U000e01ef":
        return False
    category = unicodedata.category(character)
    return category[0] != "C" and category not in ("Zl", "Zp")


def _without_links(text: str) -> str:
    """One round of taking out; what is left may show something new to take out."""
    text = _LINK.sub(" ", text)
    text = _DIGITS.sub(" ", text)
    text = _HOST_DOT.sub(" ", text)
    return " ".join(text.split()).strip(_STRIPPED)


__all__ = ["MAX_NAME", "clean_name", "one_line"]
