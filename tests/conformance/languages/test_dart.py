"""The Dart sources, read by a grammar of the language: there is no compiler of it to be had."""

from pathlib import Path

import pytest
from tests.support.exchange import sources
from tests.support.grammars import mistakes

pytestmark = pytest.mark.conformance


@pytest.mark.parametrize("options", [{}, {"compat": "latest"}, {"GlobalNamespace": "acme.types"}])
def test_the_grammar_reads_every_source(tmp_path: Path, options: dict[str, str]) -> None:
    """With every hostile description among them."""
    texts = sources("dart", lambda _name: options).values()
    assert [mistakes("tree_sitter_dart", text, tmp_path) for text in texts] == [[] for _ in texts]


def test_the_grammar_sees_what_is_wrong(tmp_path: Path) -> None:
    """So that it is known to look."""
    assert mistakes("tree_sitter_dart", "class A {", tmp_path) != []
