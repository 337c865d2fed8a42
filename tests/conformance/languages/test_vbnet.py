"""The Visual Basic sources, parsed by a published grammar because no compiler is available."""

import re
from collections.abc import Callable
from datetime import UTC, datetime
from functools import partial
from pathlib import Path

import pytest
from tests.support.catalog import the_catalog
from tests.support.every_form import every_form
from tests.support.grammars import mistakes
from tests.support.hostile import NASTY, catalog_described

from servicehost.contract.catalog import Catalog
from servicehost.languages import LANGUAGES, Options, source

pytestmark = pytest.mark.conformance

NOW = datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC)
CATALOGS = [the_catalog, every_form, partial(catalog_described, NASTY)]


def mistakes_in(text: str, folder: Path) -> list[str]:
    """Return the parts of a text that the grammar cannot parse.

    It supports one `Implements` per class, and no attributes on values of an enumeration.
    """
    known = re.sub(r"(Implements \w+.*)\n +Implements (?=I)", r"\1, ", text)
    known = re.sub(r"^ *<EnumMember.*\n", "", known, flags=re.MULTILINE)
    return mistakes("tree_sitter_vb_dotnet", known, folder)


@pytest.mark.parametrize("catalog_of", CATALOGS)
def test_the_grammar_reads_it(tmp_path: Path, catalog_of: Callable[[], Catalog]) -> None:
    """The grammar parses every type in every form, and every hostile description."""
    assert mistakes_in(source(catalog_of(), LANGUAGES["vbnet"], Options(), NOW), tmp_path) == []


def test_the_grammar_sees_what_is_wrong(tmp_path: Path) -> None:
    """The grammar reports a mistake, so the test above is meaningful."""
    text = source(catalog_described(["plain"]), LANGUAGES["vbnet"], Options(), NOW)
    assert mistakes_in(text.replace("End Class", "", 1), tmp_path) != []
