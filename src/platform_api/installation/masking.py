"""Masking of secrets in logs: text that looks like a password, a token or a credential is not written.

Code that logs must leave secrets out. Masking is the second line of defence, for mistakes and for libraries that put a
whole request into an error message. When in doubt, text is masked.
"""

import functools
import re
from collections.abc import Mapping
from typing import Any, Final

MASK: Final = "********"
DEPTH: Final = 8
"""Depth to which nested values are written; deeper ones are omitted."""

_WORDS: Final = (
    r"password|passwd|passphrase|secret|token|authorization|cookie|credential|api[-_]?key|private[-_]?key|jwt|session"
)
_HINTS: Final = (
    *("passw", "passphrase", "secret", "token", "authorization", "cookie", "credential", "key", "jwt", "session"),
    *("bearer", "basic", "digest", "://", "eyj"),
)
"""No pattern matches a text without any of these; most texts have none."""

_SECRET_NAME: Final = re.compile(_WORDS, re.IGNORECASE)
# The texts come from strangers, such as paths of 32 KB. A pattern therefore matches only at the beginning of a run of word
# characters, looks for a secret name in it once, and consumes the whole run: trying every position would take quadratic
# time.
_NAME: Final = rf"(?i)((?<![\w-])(?=[\w-]*?(?:{_WORDS}))[\w-]++(?:\\?[\"'])?\s*+[:=]\s*+)"
_TEXTS: Final = (
    # A named value in quotes, in JSON, in JSON inside JSON, in a Python repr.
    (re.compile(_NAME + r"(?:\\\"[^\"]*+\"|\"(?:[^\"\\]|\\.)*+\"|'(?:[^'\\]|\\.)*+')"), rf"\1{MASK}"),
    # A whole header line: everything after the name is secret, blanks included.
    (re.compile(r"(?i)\b((?:proxy-)?authorization|(?:set-)?cookie)(\s*[:=]\s*)[^\r\n]+"), rf"\1\2{MASK}"),
    # A named value without quotes, in JSV, a query or a form; also one whose quote was cut off.
    (re.compile(_NAME + r"[\"']?[^\s&;,\"'}\])>]+"), rf"\1{MASK}"),
    # A scheme of the Authorization header, wherever it stands.
    (re.compile(r"(?i)\b(bearer|basic|digest)\s++\S+"), rf"\1 {MASK}"),
    # A named value in XML.
    (re.compile(rf"(?i)(<(?=[\w:.-]*?(?:{_WORDS}))[\w:.-]++(?:\s[^<>]*+)?>)[^<]+"), rf"\1{MASK}"),
    # User information in a URL.
    (re.compile(r"://[^/\s@]++@"), f"://{MASK}@"),
    # A JWT.
    (re.compile(r"(?<![\w-])(?=[\w-]*?\beyJ[\w-]{8})[\w-]++\.[\w-]+(?:\.[\w-]*+)*+"), MASK),
)
_LONGEST_NAME: Final = 40
_LONG: Final = re.compile(rf"(?<![\w-])[\w-]{{{_LONGEST_NAME},}}")
_TRAITS: Final = (re.compile(r"[a-z]"), re.compile(r"[A-Z]"), re.compile(r"[0-9_-]"))


@functools.lru_cache(maxsize=1024)
def is_secret_name(name: str) -> bool:
    """Whether values with this name are secret."""
    return _SECRET_NAME.search(name) is not None


def masked_text(text: str) -> str:
    """The text with everything replaced that looks like a secret."""
    if _is_suspicious(text.lower()):
        for pattern, replacement in _TEXTS:
            text = pattern.sub(replacement, text)
    return _LONG.sub(_masked_if_random, text) if len(text) >= _LONGEST_NAME else text


def _is_suspicious(lowered: str) -> bool:
    for hint in _HINTS:  # noqa: SIM110 - a third of the time of any(), for every text of every entry
        if hint in lowered:
            return True
    return False


def _masked_if_random(run: re.Match[str]) -> str:
    """Mask random bytes in URL-safe text, such as a MAC: long, with upper and lower case and a digit or sign, unlike names."""
    return MASK if all(trait.search(run[0]) for trait in _TRAITS) else run[0]


def masked(value: object, depth: int = DEPTH) -> object:
    """The value without secrets, as strings, numbers, booleans, None, lists and dictionaries."""
    match value:
        case None | bool() | int() | float():
            return value
        case str():
            return masked_text(value)
        case Mapping() | list() | tuple() | set() | frozenset() if depth == 0:
            return "..."
        case Mapping():
            return masked_members(value, depth)
        case list() | tuple() | set() | frozenset():
            return [masked(item, depth - 1) for item in value]
        case _:
            return masked_text(str(value))


def masked_members(values: Mapping[Any, object], depth: int = DEPTH) -> dict[str, object]:
    """The members by name: those with a secret name are masked as a whole, the values of others are masked."""
    return {
        _masked_name(name): MASK if is_secret_name(name) else masked(value, depth - 1)
        for name, value in ((str(key), value) for key, value in values.items())
    }


@functools.lru_cache(maxsize=1024)
def _masked_name(name: str) -> str:
    return masked_text(name)


__all__ = ["MASK", "is_secret_name", "masked", "masked_members", "masked_text"]
