"""The Swift sources, parsed by a published grammar because no compiler is available."""

from pathlib import Path

import pytest
from tests.support.exchange import sources
from tests.support.grammars import mistakes

pytestmark = pytest.mark.conformance


@pytest.mark.parametrize(
    "options", [{}, {"compat": "latest"}, {"MakePropertiesOptional": "False", "BaseClass": "NSObject"}]
)
def test_the_grammar_reads_every_source(tmp_path: Path, options: dict[str, str]) -> None:
    """The grammar parses all sources, including every hostile description."""
    texts = sources("swift", lambda _name: options).values()
    assert [mistakes("tree_sitter_swift", text, tmp_path) for text in texts] == [[] for _ in texts]


def test_the_grammar_sees_what_is_wrong(tmp_path: Path) -> None:
    """The grammar reports a mistake, so the test above is meaningful."""
    assert mistakes("tree_sitter_swift", "class A {", tmp_path) != []
