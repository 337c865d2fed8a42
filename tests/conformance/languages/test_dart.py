"""The Dart sources, read by a grammar of the language: there is no compiler of it to be had."""

from pathlib import Path

import pytest
from tests.support.exchange import saved, sources
from tests.support.grammars import unread

pytestmark = pytest.mark.conformance


@pytest.mark.parametrize("options", [{}, {"compat": "latest"}, {"GlobalNamespace": "acme.types"}])
def test_the_grammar_reads_every_source(tmp_path: Path, options: dict[str, str]) -> None:
    """With every hostile description among them."""
    paths = saved(sources("dart", lambda _name: options), tmp_path, "dtos.dart").values()
    assert unread("tree_sitter_dart", tmp_path, paths) == []


def test_the_grammar_sees_what_is_wrong(tmp_path: Path) -> None:
    """So that it is known to look."""
    paths = saved({"broken": "class A {"}, tmp_path, "dtos.dart").values()
    assert unread("tree_sitter_dart", tmp_path, paths) != []
