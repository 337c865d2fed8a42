"""Words and lines: what every generator does to names, descriptions and indentation."""

import re
import unicodedata
from collections.abc import Iterable, Iterator

_SPACES = re.compile(r"\s+")
_IDENTIFIER = re.compile(r"[A-Za-z_]\w*\Z", re.ASCII)
_NOT_IN_IDENTIFIERS = re.compile(r"\W", re.ASCII)
_JOINERS = "\u200c\u200d"


def one_line(text: str) -> str:
    """The text in one line that every compiler reads.

    White space of any kind becomes one blank. Control characters, marks that change the direction of writing, byte
    order marks and halves of surrogate pairs go: one compiler or another refuses each of them even in a comment.
    """
    return _SPACES.sub(" ", "".join(filter(_is_readable, text))).strip()


def _is_readable(letter: str) -> bool:
    return letter.isspace() or letter in _JOINERS or unicodedata.category(letter) not in ("Cc", "Cf", "Cs")


def apart(text: str, *marks: str) -> str:
    """The text with a blank inside each of the marks, so that none of them ends or opens anything."""
    for mark in marks:
        while mark in text:
            text = text.replace(mark, f"{mark[:-1]} {mark[-1]}")
    return text


def quoted(text: str, mark: str = '"') -> str:
    """The text, one line already, as a string literal of the C family."""
    escaped = text.replace("\\", "\\\\").replace(mark, f"\\{mark}")
    return f"{mark}{escaped}{mark}"


def is_identifier(name: str) -> bool:
    """Whether the name needs no quoting in any language, keywords aside."""
    return _IDENTIFIER.match(name) is not None


def as_identifier(name: str) -> str:
    """The name with an underscore for everything that no identifier has; languages state the name on the wire beside it."""
    kept = _NOT_IN_IDENTIFIERS.sub("_", name)
    return kept if is_identifier(kept) else f"_{kept}"


def capitalised(name: str) -> str:
    """The name with its first letter in upper case."""
    return name[:1].upper() + name[1:]


def camel(name: str) -> str:
    """The camelCase that hosts of this kind make: `IPAddress` is `ipAddress`, `ID` is `id`, `URLs` is `urLs`."""
    for index, letter in enumerate(name):
        next_is_lower = name[index + 1 : index + 2].islower()
        if not letter.isupper() or (index > 0 and next_is_lower):
            return name[:index].lower() + name[index:]
    return name.lower()


def snake(name: str) -> str:
    """The snake_case, made of the camelCase: `UShort` is `u_short`, `Line2A` is `line2_a`."""
    return "".join(f"_{c.lower()}" if c.isupper() or not c.isalnum() else c for c in camel(name))


def snake_identifier(name: str) -> str:
    """The snake_case as an identifier, with one underscore for all that stands between two words."""
    return re.sub("_+", "_", as_identifier(snake(name)))


def pascal(name: str) -> str:
    """The PascalCase of the parts between underscores: `API_Key` is `ApiKey`, `REAL_PERSON` is `RealPerson`."""
    parts = [camel(part) for part in name.split("_") if part]
    return "".join(part[0].upper() + part[1:] for part in parts)


def indented(lines: Iterable[str], by: str = "    ") -> Iterator[str]:
    """The lines one step further in; empty lines stay empty."""
    return (by + line if line else line for line in lines)


def starred_comment(text: str | None) -> Iterator[str]:
    """The text, safe already, as a comment of three lines; nothing for None."""
    if text is not None:
        yield from ["/**", f"* {text}", "*/"]


def blank_before_each(blocks: Iterable[Iterable[str]]) -> Iterator[str]:
    """The lines of all blocks, with an empty line before each."""
    for block in blocks:
        yield ""
        yield from block


def blank_after(blocks: Iterable[tuple[Iterable[str], bool]]) -> Iterator[str]:
    """The lines of all blocks, with an empty line after each that says so, unless it is the last."""
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
