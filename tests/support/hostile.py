"""Descriptions that try to escape from comments, and a service that uses them, for tests of every language."""

import re
import types
from datetime import UTC, datetime
from typing import Annotated

from hypothesis import strategies as st

from servicehost.contract.call import Call
from servicehost.contract.catalog import Catalog, Service
from servicehost.contract.messages import Member, Request, Route
from servicehost.languages import LANGUAGES, Options, source

NOW = datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC)
SERVICE = Service("Acme", "https://api.example.com", "http://schemas.example.com/acme", "Acme.ServiceModel")

NASTY = [
    "\"quotes\" and 'quotes'",
    "[brackets] {braces} (parentheses) <angles>",
    "line\nbreak\r\nand\u2028others\u2029here\x85",
    "*/ alert(1) /*",
    "**//*/",
    "*\u202e/ hidden",
    "//",
    "`${alert(1)}`",
    '"""',
    "'''",
    "=end",
    "(* nested *)",
    "<!-- --> ]]>",
    "?> <?php",
    "\\",
    "\\u002a/ \\u0022 \\N{x} \\x",
    "naïve 中文 🙂",
    "\x00\x1b[31m",
    'ends with a quote"',
    "#{x} $x %s {0}",
]
texts: st.SearchStrategy[str] = st.one_of(
    st.sampled_from(NASTY), st.text(max_size=40), st.text(alphabet="*/\"'\\#-=<>?{}()\n a", max_size=20)
)
paragraphs: st.SearchStrategy[str] = texts.map(lambda text: re.sub("\n+", "\n", text))
"""The same without empty lines: only the first paragraph of a docstring describes an operation."""


async def _answer(_message: object, _call: Call) -> None:
    return None


def catalog_described(texts: list[str]) -> Catalog:
    """Return a service with these descriptions on a request and its members."""
    members = {f"m{index}": Annotated[str | None, Member(text)] for index, text in enumerate(texts)}
    namespace: dict[str, object] = {
        "__annotations__": members,
        "__doc__": texts[0],
        "__module__": __name__,
        "routes": (Route("/x"),),
    }
    namespace |= dict.fromkeys(members)
    request = types.new_class("Hostile", (Request,), {}, lambda body: body.update(namespace))
    return Catalog(SERVICE, {request: _answer})


def whole_file(texts: list[str], key: str) -> str:
    """Return the file of a service with these descriptions."""
    return source(catalog_described(texts), LANGUAGES[key], Options(), NOW)


__all__ = ["NASTY", "NOW", "SERVICE", "catalog_described", "paragraphs", "texts", "whole_file"]
