"""The F# source of the whole API, parsed: its compiler is in no registry that tests may use."""

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
@pytest.mark.parametrize("extensible", ["False", "True"])
def test_it_parses(tmp_path: Path, catalog_of: Callable[[], Catalog], extensible: str) -> None:
    """The grammar knows no attributes of single values of an enumeration, which the compiler does."""
    query = {"MakeDataContractsExtensible": extensible, "AddDataContractAttributes": extensible}
    text = source(catalog_of(), LANGUAGES["fsharp"], Options.from_query(query.items()), NOW)
    known = text.replace('| [<EnumMember(Value="Very Warm")>] VeryWarm', "| VeryWarm")
    assert mistakes("tree_sitter_fsharp", known, tmp_path) == []


def test_what_is_no_fsharp_is_noticed(tmp_path: Path) -> None:
    """So that the test above means something."""
    text = source(every_form(), LANGUAGES["fsharp"], Options(), NOW)
    assert mistakes("tree_sitter_fsharp", text.replace("with get,set", "with get set", 1), tmp_path) != []
