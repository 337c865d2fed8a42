"""The Visual Basic source of the whole API, parsed: its compiler is in no registry that tests may use."""

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


@pytest.mark.parametrize("catalog_of", CATALOGS)
def test_it_parses(tmp_path: Path, catalog_of: Callable[[], Catalog]) -> None:
    """The grammar knows one `Implements` of a class, and no attributes of single values of an enumeration."""
    text = source(catalog_of(), LANGUAGES["vbnet"], Options(), NOW)
    known = re.sub(r"(Implements \w+.*)\n +Implements (?=I)", r"\1, ", text)
    known = re.sub(r"^ *<EnumMember.*\n", "", known, flags=re.MULTILINE)
    assert mistakes("tree_sitter_vb_dotnet", known, tmp_path) == []


def test_what_is_no_visual_basic_is_noticed(tmp_path: Path) -> None:
    """So that the test above means something."""
    text = source(catalog_described(["plain"]), LANGUAGES["vbnet"], Options(), NOW)
    assert mistakes("tree_sitter_vb_dotnet", text.replace("End Class", "", 1), tmp_path) != []
