"""In Python, descriptions stay in docstrings, as Python's own parser sees them."""

import ast

from hypothesis import given, settings
from hypothesis import strategies as st
from tests.support.hostile import paragraphs, whole_file

from servicehost.languages.text import one_line


def parsed(text: str) -> tuple[str, list[str]]:
    """Return the code of a source, and its string statements."""
    tree = ast.parse(text)
    found = []
    for part in ast.walk(tree):
        if isinstance(part, ast.Module | ast.ClassDef):
            spoken = [each for each in part.body if _is_text(each)]
            found += [ast.literal_eval(each.value).strip() for each in spoken if isinstance(each, ast.Expr)]
            part.body = [each for each in part.body if each not in spoken]
    return ast.dump(tree), found[1:]


def _is_text(statement: ast.stmt) -> bool:
    return isinstance(statement, ast.Expr) and isinstance(statement.value, ast.Constant)


@given(described=st.lists(paragraphs, min_size=1, max_size=3))
@settings(max_examples=60)
def test_descriptions_are_docstrings(described: list[str]) -> None:
    """Descriptions are unchanged except for triple quotes; without them, the code is the same.

    A member may have an empty description, an operation may not.
    """
    plain, _ = parsed(whole_file([""] * len(described), "python"))
    code, spoken = parsed(whole_file(described, "python"))
    assert plain == code
    operation = [one_line(described[0])] if one_line(described[0]) else []
    wanted = [*operation, *map(one_line, described)]
    assert [text.replace(" ", "") for text in wanted] == [text.replace(" ", "") for text in spoken]
