"""In .NET languages, descriptions stay in documentation comments and in the texts of attributes."""

import re
from xml.etree import ElementTree as ET

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from tests.support.hostile import paragraphs, whole_file

from servicehost.languages.text import one_line

MARKS = '"\u201c\u201d\uff02'
TOKENS = {
    "csharp": (r"/\*.*?\*/|//[^\n]*", r'"(?:\\.|[^"\\\n])*"'),
    "fsharp": (r"\(\*.*?\*\)|//[^\n]*", r'"(?:\\.|[^"\\\n])*"'),
    "vbnet": (r"'[^\n]*", rf"[{MARKS}](?:[{MARKS}]{{2}}|[^{MARKS}\n])*[{MARKS}]"),
}
"""How a comment and a text look to each compiler; in Visual Basic any quotation mark ends a text, unless it is doubled."""


def code_of(text: str, key: str) -> str:
    """Return a source without comments and string contents."""
    comment, string = TOKENS[key]
    found = re.compile(f"(?P<comment>{comment})|{string}", re.DOTALL)
    return found.sub(lambda token: "" if token["comment"] else '""', text)


@pytest.mark.parametrize("key", TOKENS)
@given(described=st.lists(paragraphs, min_size=1, max_size=3))
@example(described=["\u201d, IsRequired:=true)> \u201c", "\uff02"])
@settings(max_examples=60)
def test_descriptions_stay_in_comments_and_texts(key: str, described: list[str]) -> None:
    """Without comments and strings, the source does not depend on the descriptions."""
    plain = ["plain" if one_line(text) else "" for text in described]
    assert code_of(whole_file(plain, key), key) == code_of(whole_file(described, key), key)


@pytest.mark.parametrize("key", TOKENS)
@given(described=paragraphs)
@example(described="a\uffff & <b>")
@example(described="//")
@example(described="'")
@settings(max_examples=60)
def test_documentation_comments_are_xml(key: str, described: str) -> None:
    """Comments contain the description as XML text, without the two characters that XML excludes.

    A member may have an empty description, an operation may not.
    """
    wanted = one_line(described).translate({0xFFFE: None, 0xFFFF: None}).strip()
    lines = re.findall(
        r"^ *(?:///(?!/)|'''(?!'))(.*)$", whole_file([described], key).partition("mespace")[2], re.MULTILINE
    )
    found = ET.fromstring(f"<all>{''.join(lines)}</all>")  # noqa: S314 - our own
    assert [wanted] * len(found) == [(each.text or "").strip() for each in found]
    assert len(found) == (2 if one_line(described) else 1)
