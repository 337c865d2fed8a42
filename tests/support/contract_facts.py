"""The published contract as a table of facts in an independent format, against which the catalog is tested."""

from dataclasses import dataclass
from pathlib import Path

FACTS = Path(__file__).parents[1] / "integration" / "contract_facts"
"""The folder of the facts, and of pages written by hand from them."""


@dataclass(frozen=True)
class MemberFacts:
    """One member as shown by pages and sources.

    Attributes:
        name: name.
        place: the Parameter column.
        type: type on the wire.
        required: the Required column.
        states: a letter for each argument of its attribute; a hyphen for no attribute.
        shown_type: the Data Type column.
        stated_name: name in its attribute.
    """

    name: str
    place: str
    type: str
    required: str
    states: str
    shown_type: str
    stated_name: str


@dataclass(frozen=True)
class TypeFacts:
    """The request of an operation, a model or an enumeration.

    Attributes:
        kind: operation, type or enum.
        name: name.
        words: words of its first line.
        lines: split lines below it.
    """

    kind: str
    name: str
    words: tuple[str, ...]
    lines: tuple[tuple[str, ...], ...]

    @property
    def routes(self) -> list[tuple[str, str]]:
        """Verbs and path of each route of an operation."""
        return [(verbs.replace("_", " "), path) for path, verbs in (line for line in self.lines if line[0][0] == "/")]

    @property
    def members(self) -> list[MemberFacts]:
        """Members of a request or a model."""
        return [_member(line) for line in self.lines if len(line) > 1 and line[0][0] != "/"]

    def said(self, key: str) -> str | None:
        """Return the value of `key=value` in the first line."""
        return next((word.partition("=")[2] for word in self.words if word.startswith(f"{key}=")), None)


def _member(line: tuple[str, ...]) -> MemberFacts:
    name, place, type_, required, states, *rest = line
    further = dict(word.split("=", 1) for word in rest)
    return MemberFacts(name, place, type_, required, states, further.get("as", type_), further.get("name", name))


def facts(file: str) -> list[TypeFacts]:
    """Read the facts of a file."""
    lines = (FACTS / file).read_text(encoding="utf-8").splitlines()
    found: list[TypeFacts] = []
    for line in lines:
        if line.startswith("  "):
            last = found.pop()
            found.append(TypeFacts(last.kind, last.name, last.words, (*last.lines, tuple(line.split()))))
        elif line and not line.startswith("#"):
            kind, name, *words = line.split()
            found.append(TypeFacts(kind, name, tuple(words), ()))
    return found


__all__ = ["FACTS", "MemberFacts", "TypeFacts", "facts"]
