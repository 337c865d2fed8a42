"""Descriptions never become code in the languages of apps, parsed as their compilers parse them."""

import re
from collections.abc import Callable, Iterator

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from tests.support.hostile import NASTY, NOW, catalog_described, texts

from servicehost.languages import LANGUAGES, Options, source

NESTING = frozenset({"dart", "kotlin", "swift"})
EXPRESSIONS = frozenset({"dart", "kotlin"})
KEYS = ["dart", "java", "kotlin", "php", "swift"]


def file_of(key: str, described: list[str], as_comments: str) -> str:
    """Return the file of a service with these descriptions."""
    options = Options.from_query([("AddDescriptionAsComments", as_comments)])
    return source(catalog_described([f"Says {text}" for text in described]), LANGUAGES[key], options, NOW)


def code_of(key: str, text: str) -> str:
    """Return a source without comments and string contents."""
    read = without_escapes(text) if key == "java" else text
    code = "".join(_tokens(read, key))
    return "\n".join(line for line in code.split("\n") if line.strip())


def without_escapes(text: str) -> str:
    r"""Decode Java's `\u` escapes, which Java does first, unless the backslash is escaped itself."""

    def character(found: re.Match[str]) -> str:
        digits = re.match(r"u+([0-9a-fA-F]{4})", found[2])
        assert digits, f"not a character: {found[0]}"
        return found[1] + chr(int(digits[1], 16))

    return re.sub(r"(?<!\\)((?:\\\\)*)\\(u+.{0,4})", character, text)


def _tokens(text: str, key: str) -> Iterator[str]:
    at = 0
    while at < len(text):
        skip = next((found for opening, found in SKIPPED.items() if text.startswith(opening, at)), None)
        if skip is None:
            assert not text.startswith("?>", at), "PHP ends here"
            yield text[at]
            at += 1
            continue
        at, kept = skip(text, at, key)
        yield kept


def _after_block(text: str, at: int, key: str) -> tuple[int, str]:
    mark, depth, at = re.compile(r"/\*|\*/"), 1, at + 2
    while depth:
        found = mark.search(text, at)
        assert found, "a comment without an end"
        if found[0] == "*/":
            depth -= 1
        elif key in NESTING:
            depth += 1
        at = found.end() if found[0] == "*/" or key in NESTING else found.start() + 1
    return at, ""


def _after_line(text: str, at: int, key: str) -> tuple[int, str]:
    end = re.compile(r"[\n\r\u2028\u2029\x85]").search(text, at)
    line = text[at : end.start() if end else len(text)]
    assert key != "php" or "?>" not in line, "PHP ends here"
    return at + len(line), ""


def _after_string(text: str, at: int, key: str) -> tuple[int, str]:
    mark = text[at]
    found = re.compile(rf"{mark}((?:[^{mark}\\\n\r]|\\.)*){mark}").match(text, at)
    assert found, "a string without an end"
    assert key not in EXPRESSIONS or not re.search(r"(?<!\\)(?:\\\\)*\$", found[1]), "an expression in a string"
    return found.end(), mark * 2


SKIPPED: dict[str, Callable[[str, int, str], tuple[int, str]]] = {
    "/*": _after_block,
    "//": _after_line,
    '"': _after_string,
    "'": _after_string,
}


@pytest.mark.parametrize("as_comments", ["True", "False"])
@pytest.mark.parametrize("key", KEYS)
@example(described=NASTY)
@given(described=st.lists(texts, min_size=1, max_size=3))
@settings(max_examples=25)
def test_descriptions_stay_in_comments_and_strings(key: str, as_comments: str, described: list[str]) -> None:
    """Without comments and strings, the source does not depend on the descriptions."""
    plain = file_of(key, ["this"] * len(described), as_comments)
    assert code_of(key, plain) == code_of(key, file_of(key, described, as_comments))


@pytest.mark.parametrize("key", KEYS)
def test_a_description_that_would_break_out_is_noticed(key: str) -> None:
    """The parser above detects a description that escapes."""
    assert code_of(key, "/* one */ two */ 'three'") == " two */ ''"
    with pytest.raises(AssertionError):
        code_of(key, "/* one")
