"""Descriptions never become code in Go, Rust, Ruby and Zig, parsed as their compilers parse them."""

import re

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from tests.support.hostile import NASTY, NOW, catalog_described, texts

from servicehost.languages import LANGUAGES, Options, source

STRING = r'"(?:\\.|[^"\\\n])*"'
TOKENS = {
    "go": rf"/\*.*?\*/|//[^\n]*|{STRING}|`[^`]*`",
    "rust": rf"/\*.*?\*/|//[^\n]*|{STRING}",
    "ruby": rf"^=begin$.*?^=end$|#[^\n]*|{STRING}|'(?:\\.|[^'\\])*'",
    "zig": rf"//[^\n]*|{STRING}",
}
"""The comments and the strings of each language: whatever begins first is what it is."""


def file_of(key: str, described: list[str], as_comments: str) -> str:
    """Return the file of a service with these descriptions."""
    options = Options.from_query([("AddDescriptionAsComments", as_comments)])
    return source(catalog_described([f"Says {text}" for text in described]), LANGUAGES[key], options, NOW)


def code_of(key: str, text: str) -> str:
    """Return a source without comments; in Rust a comment must not open another one."""

    def kept(token: re.Match[str]) -> str:
        assert not (key == "rust" and token[0].startswith("/*") and "/*" in token[0][2:])
        return token[0] if token[0][0] in "\"'`" else ""

    code = re.sub(TOKENS[key], kept, text, flags=re.DOTALL | re.MULTILINE)
    return "\n".join(line for line in code.split("\n") if line.strip())


@pytest.mark.parametrize("as_comments", ["True", "False"])
@pytest.mark.parametrize("key", TOKENS)
@given(described=st.lists(texts, min_size=1, max_size=3))
@example(described=NASTY)
@settings(max_examples=40)
def test_descriptions_never_leave_their_comments(key: str, as_comments: str, described: list[str]) -> None:
    """Without comments, the source is the same as with harmless descriptions."""
    plain = file_of(key, ["so"] * len(described), as_comments)
    assert code_of(key, plain) == code_of(key, file_of(key, described, as_comments))
