"""Text helpers for all generators: names, descriptions and indentation."""

import re
import unicodedata
from collections.abc import Iterable, Iterator

_SPACES = re.compile(r"\s+")
_IDENTIFIER = re.compile(r"[A-Za-z_]\w*\Z", re.ASCII)
_NOT_IN_IDENTIFIERS = re.compile(r"\W", re.ASCII)
_JOINERS = "\u200c\u200d"


def one_line(text: str) -> str:
    """Return the text as one line that every compiler accepts.

    White space becomes single blanks. Control characters, bidirectional formatting characters, byte order marks and lone
    surrogates are removed, because some compilers reject them even in comments.
    """
    return _SPACES.sub(" ", "".join(filter(_is_readable, text))).strip()


def _is_readable(letter: str) -> bool:
    return letter.isspace() or letter in _JOINERS or unicodedata.category(letter) not in ("Cc", "Cf", "Cs")


def apart(text: str, *marks: str) -> str:
    """Insert a blank into each occurrence of the marks, so that none of them opens or closes anything."""
    for mark in marks:
        while mark in text:
            text = text.replace(mark, f"{mark[:-1]} {mark[-1]}")
    return text


def quoted(text: str, mark: str = '"') -> str:
    """Return a single-line text as a string literal of the C family."""
    escaped = text.replace("\\", "\\\\").replace(mark, f"\\{mark}")
    return f"{mark}{escaped}{mark}"


def is_identifier(name: str) -> bool:
    """Whether the name is a valid identifier in every language, apart from keywords."""
    return _IDENTIFIER.match(name) is not None


def as_identifier(name: str) -> str:
    """Replace characters that are invalid in identifiers with underscores; generators state the wire name as well."""
    kept = _NOT_IN_IDENTIFIERS.sub("_", name)
    return kept if is_identifier(kept) else f"_{kept}"


def capitalised(name: str) -> str:
    """Return the name with its first letter in upper case."""
    return name[:1].upper() + name[1:]


def camel(name: str) -> str:
    """Return camelCase by ServiceStack's rules: `IPAddress` is `ipAddress`, `ID` is `id`, `URLs` is `urLs`."""
    for index, letter in enumerate(name):
        next_is_lower = name[index + 1 : index + 2].islower()
        if not letter.isupper() or (index > 0 and next_is_lower):
            return name[:index].lower() + name[index:]
    return name.lower()


def snake(name: str) -> str:
    """Return snake_case, derived from camelCase: `UShort` is `u_short`, `Line2A` is `line2_a`."""
    return "".join(f"_{c.lower()}" if c.isupper() or not c.isalnum() else c for c in camel(name))


def snake_identifier(name: str) -> str:
    """Return snake_case as an identifier, with one underscore for any characters between two words."""
    return re.sub("_+", "_", as_identifier(snake(name)))


def pascal(name: str) -> str:
    """Return PascalCase from the parts between underscores: `API_Key` is `ApiKey`, `REAL_PERSON` is `RealPerson`."""
    parts = [camel(part) for part in name.split("_") if part]
    return "".join(part[0].upper() + part[1:] for part in parts)


def indented(lines: Iterable[str], by: str = "    ") -> Iterator[str]:
    """Indent the lines one level; empty lines stay empty."""
    return (by + line if line else line for line in lines)


def starred_comment(text: str | None) -> Iterator[str]:
    """Yield a text that is already safe as a three-line comment, or nothing for None."""
    if text is not None:
        yield from ["/**", f"* {text}", "*/"]


def blank_before_each(blocks: Iterable[Iterable[str]]) -> Iterator[str]:
    """Yield the lines of all blocks, with an empty line before each block."""
    for block in blocks:
        yield ""
        yield from block


def blank_after(blocks: Iterable[tuple[Iterable[str], bool]]) -> Iterator[str]:
    """Yield the lines of all blocks, with an empty line after each block marked for it except the last."""
    wanted = False
    for block, blank in blocks:
        if wanted:
            yield ""
        yield from block
        wanted = blank


__all__ = [
    "apart",
    "as_identifier",
    "blank_after",
    "blank_before_each",
    "camel",
    "capitalised",
    "indented",
    "is_identifier",
    "one_line",
    "pascal",
    "quoted",
    "snake",
    "snake_identifier",
    "starred_comment",
]
