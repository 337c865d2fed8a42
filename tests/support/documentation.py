"""Code blocks in the README and in `docs/`."""

import re
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).parents[2]

_FENCES = re.compile(r"^```(\w*)\n(.*?)^```$", re.DOTALL | re.MULTILINE)


@dataclass(frozen=True)
class Block:
    """A code block.

    Attributes:
        page: file path relative to the root of the project.
        number: number of the block on the page, from 1.
        language: info string of the opening fence.
        text: text between the fences.
    """

    page: str
    number: int
    language: str
    text: str

    def __str__(self) -> str:
        return f"{self.page}-{self.number}"


def blocks() -> list[Block]:
    """Return every block, in the order of the pages."""
    pages = [ROOT / "README.md", *sorted((ROOT / "docs").rglob("*.md"))]
    return [
        Block(str(page.relative_to(ROOT)), number, *found.groups())
        for page in pages
        for number, found in enumerate(_FENCES.finditer(page.read_text(encoding="utf-8")), start=1)
    ]


def shell_blocks() -> list[Block]:
    """Return the blocks of shell commands."""
    return [block for block in blocks() if block.language == "sh"]


__all__ = ["ROOT", "Block", "blocks", "shell_blocks"]
