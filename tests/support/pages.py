"""Visible text of a page, as the contract records it."""

import re
from html.parser import HTMLParser

_CELLS = frozenset(("td", "th"))
_ROWS = frozenset(("table", "thead", "tbody", "tr"))
_BLOCKS = _ROWS | {
    "main",
    "p",
    "div",
    "h1",
    "h2",
    "h3",
    "ul",
    "ol",
    "li",
    "caption",
    "figure",
    "figcaption",
    "pre",
    "br",
}
_SILENT = frozenset(("nav", "script", "style"))
_VOID = frozenset(("br", "hr", "img", "input", "link", "meta"))


class _Reader(HTMLParser):
    """Collects the lines of `<main>`."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.lines: list[str] = []
        self._open: list[str] = []
        self._line = ""
        self._cell = ""

    def handle_starttag(self, tag: str, _attributes: list[tuple[str, str | None]]) -> None:
        """Start a line at each block."""
        if tag in _BLOCKS:
            self._end_line()
        if tag not in _VOID:
            self._open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        """End a line at each block; cells continue a line."""
        if tag in _CELLS:
            self._line += self._cell.strip()
            self._cell = ""
        if tag in _BLOCKS:
            self._end_line()
        assert self._open, f"</{tag}> closes nothing"
        assert self._open.pop() == tag, f"</{tag}> closes another element"

    def handle_data(self, data: str) -> None:
        """Collapse white space outside `<pre>` to one blank; drop it between cells."""
        around = set(self._open)
        if "main" not in around or _SILENT & around or self._open[-1] in _ROWS:
            return
        text = data if "pre" in around else re.sub(r"\s+", " ", data)
        if _CELLS & around:
            self._cell += text
        else:
            self._line += text

    def _end_line(self) -> None:
        self.lines += self._line.split("\n") if "pre" in self._open else [self._line.strip()]
        self._line = ""


def visible_text(html: str) -> list[str]:
    """Return the lines of a page's visible text.

    This is the text of `<main>` without `<nav>`, scripts and styles. The cells of a table row are joined without separators;
    each row or block is one line; blank lines are dropped; trailing blanks inside `<pre>` are kept.
    """
    reader = _Reader()
    reader.feed(html)
    reader.close()
    return without_blank_lines(reader.lines)


def without_blank_lines(lines: list[str]) -> list[str]:
    """Return the lines that are not blank."""
    return [line for line in lines if line.strip()]


__all__ = ["visible_text", "without_blank_lines"]
