"""Cleaning of text that one person typed and another person gets by mail."""

import re
import unicodedata

MAX_NAME = 50
"""Greatest length of a name in a mail, in characters."""

_JOINERS = "\u200c\u200d"
_INVISIBLE = frozenset(
    "\u034f\u115f\u1160\u17b4\u17b5\u180b\u180c\u180d\u180f\u2800\u3164\uffa0\U00013441\U00013442\U00016fe4\U0001d159"
)
"""Characters that are invisible although Unicode classifies them as letters, marks or symbols."""

_VIRAMA = 9
"""The combining class of the signs that join two consonants in the scripts of India and its neighbours."""

_ARABIC = "AL"

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
_HOST_DOT = re.compile(r"(?<=\S)[.\u2024\u3002\ufe52\uff0e\uff61](?=[^\W\d_]\S)")
_DIGITS = re.compile(r"\+?\d{7,}|\+?\d(?:[ ().-]{0,2}\d){8,}")
_STRIPPED = " ,;:/\\|<>-"
_READ = 500


def one_line(text: str) -> str:
    """`text` in one line, without control, bidi and zero-width characters; runs of blanks become one.

    Joiners stay where Arabic and Indic scripts are written with them.
    """
    shown = "".join(character for character in _BREAKS.sub(" ", text) if _shows(character) or character in _JOINERS)
    return " ".join(_without_stray_joiners(unicodedata.normalize("NFC", shown)).split())


def clean_name(text: str) -> str:
    """A name that cannot carry a message, for a mail to a stranger.

    Control, bidi and zero-width characters, line breaks, URLs, e-mail addresses and long runs of digits are
    removed, text that mail programs would turn into a link is broken up, and at most `MAX_NAME` characters are left.
    The result may be empty: see `name_or_somebody`.
    """
    name = one_line(text[:_READ])
    while (cleaner := _without_links(name)) != name:
        name = cleaner
    if len(name) > MAX_NAME:
        name = one_line(name[: MAX_NAME - 1].rstrip(_STRIPPED) + "…")
    return name


def name_or_somebody(text: str, *, begins: bool = False) -> str:
    """A clean name, or a placeholder if nothing is left; `begins` tells whether a sentence begins with it."""
    return clean_name(text) or ("Somebody" if begins else "somebody")


def _shows(character: str) -> bool:
    """Whether a character is visible: not a control, format or unassigned character, and not a disguised blank."""
    if character in _INVISIBLE or "\ufe00" <= character <= "\ufe0f" or "\U000e0100" <= character <= "\U000e01ef":
        return False
    category = unicodedata.category(character)
    return category[0] != "C" and category not in ("Zl", "Zp")


def _without_stray_joiners(text: str) -> str:
    """Text with only those zero-width joiners that change its writing; others could hide a message."""
    if not any(joiner in text for joiner in _JOINERS):
        return text
    around = zip(f" {text}", text, f"{text[1:]} ", strict=False)
    return "".join(each for before, each, after in around if each not in _JOINERS or _joins(before, each, after))


def _joins(before: str, joiner: str, after: str) -> bool:
    """Whether a joiner follows a virama, or keeps two Arabic letters apart; close to the rules of RFC 5892, A.1 and A.2."""
    if unicodedata.combining(before) == _VIRAMA:
        return True
    apart = joiner == "\u200c" and unicodedata.category(before) == unicodedata.category(after) == "Lo"
    return apart and unicodedata.bidirectional(before) == unicodedata.bidirectional(after) == _ARABIC


def _without_links(text: str) -> str:
    """Text after one round of removal; the rest may contain another link."""
    text = _LINK.sub(" ", text)
    text = _DIGITS.sub(" ", text)
    text = _HOST_DOT.sub(" ", text)
    return one_line(text).strip(_STRIPPED)


__all__ = ["MAX_NAME", "clean_name", "name_or_somebody", "one_line"]
