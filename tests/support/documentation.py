"""The blocks of code in the README and in `docs/`."""

import re
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).parents[2]

_FENCES = re.compile(r"^```(\w*)\n(.*?)^```$", re.DOTALL | re.MULTILINE)


@dataclass(frozen=True)
class Block:
    """A block of code.

    Attributes:
        page: the file, as a path from the root of the project.
        number: its place among the blocks of the page, from 1.
        language: what stands behind the opening fence.
        text: what is between the fences.
    """

    page: str
    number: int
    language: str
    text: str

    def __str__(self) -> str:
        return f"{self.page}-{self.number}"


def blocks() -> list[Block]:
    """Every block, in the order of the pages."""
    pages = [ROOT / "README.md", *sorted((ROOT / "docs").rglob("*.md"))]
    return [
        Block(str(page.relative_to(ROOT)), number, *found.groups())
        for page in pages
        for number, found in enumerate(_FENCES.finditer(page.read_text(encoding="utf-8")), start=1)
    ]


def shell_blocks() -> list[Block]:
    """Those that a reader types into a shell."""
    return [block for block in blocks() if block.language == "sh"]


__all__ = ["ROOT", "Block", "blocks", "shell_blocks"]
