"""The C# source of the whole API, compiled and run by Mono, whose compiler supports C# 7."""

import json
import re
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest
from tests.support.catalog import the_catalog
from tests.support.compilers import compiler, run
from tests.support.every_form import every_form
from tests.support.hostile import NASTY, catalog_described
from tests.support.recorded import filled, messages, misspelled, recorded, understood

from servicehost.contract.catalog import Catalog
from servicehost.languages import LANGUAGES, Options, source

pytestmark = pytest.mark.conformance

STUBS = Path(__file__).parent / "stubs" / "csharp"
LIBRARY = STUBS / "ServiceStack.cs"
NOW = datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC)
ASSEMBLIES = ("-r:System.Runtime.Serialization.dll", "-r:System.Web.Extensions.dll")

EVERYTHING = {
    "AddDataContractAttributes": "True",
    "AddDefaultXmlNamespace": "http://schemas.example.com/acme",
    "AddDescriptionAsComments": "False",
    "AddGeneratedCodeAttributes": "True",
    "AddImplicitVersion": "3",
    "AddIndexesToDataMembers": "True",
    "AddReturnMarker": "False",
    "AddResponseStatus": "True",
    "GlobalNamespace": "Acme.Other",
    "InitializeCollections": "True",
    "MakeDataContractsExtensible": "True",
    "MakeInternal": "True",
    "MakePartial": "False",
    "MakeVirtual": "False",
}
"""Every option with the value that it does not have by default."""


def saved(catalog: Catalog, folder: Path, **query: str) -> Path:
    """Return the source of a catalog, with collection initialisers in the syntax of C# 7."""
    text = source(catalog, LANGUAGES["csharp"], Options.from_query(query.items()), NOW)
    older = re.sub(r"(\S+<.+>)( @?\w+ \{ get; set; \} = )(?:\[\]|new\(\));", r"\1\2new \1();", text)
    (folder / "dtos.cs").write_text(older, encoding="utf-8")
    return folder / "dtos.cs"


@pytest.mark.parametrize("catalog_of", [the_catalog, every_form])
def test_every_message_survives(tmp_path: Path, catalog_of: Callable[[], Catalog]) -> None:
    """JSON of the server, decoded and encoded again in C#, has the same names and is what the server reads."""
    catalog = catalog_of()
    sources = [saved(catalog, tmp_path), LIBRARY, STUBS / "Program.cs"]
    run(compiler("mcs"), "-warnaserror", "-out:again.exe", *ASSEMBLIES, *sources, cwd=tmp_path)
    models = {name: model for name, model in messages(catalog).items() if not model.python.data_contract}
    given = {name: recorded(model) for name, model in models.items()}
    printed = json.loads(run(compiler("mono"), "again.exe", cwd=tmp_path, stdin=json.dumps(given)))
    assert {name: filled(model) for name, model in models.items()} == {
        name: understood(models[name], text) for name, text in printed.items()
    }
    assert set() == misspelled(given, printed)


@pytest.mark.parametrize("catalog_of", [the_catalog, every_form])
@pytest.mark.parametrize("query", [EVERYTHING, {**EVERYTHING, "AddDescriptionAsComments": "True"}])
def test_every_option_compiles(tmp_path: Path, catalog_of: Callable[[], Catalog], query: dict[str, str]) -> None:
    """The source compiles with every option."""
    sources = [saved(catalog_of(), tmp_path, **query), LIBRARY]
    run(compiler("mcs"), "-warnaserror", "-target:library", *ASSEMBLIES, *sources, cwd=tmp_path)


def test_no_description_harms(tmp_path: Path) -> None:
    """The compiler reads documentation comments as XML, and warns of malformed ones."""
    sources = [saved(catalog_described(NASTY), tmp_path), LIBRARY]
    documentation = ["-doc:dtos.xml", "-nowarn:1591"]
    run(compiler("mcs"), "-warnaserror", "-target:library", *documentation, *ASSEMBLIES, *sources, cwd=tmp_path)
    attributes = {"AddDescriptionAsComments": "False"}
    saved(catalog_described(NASTY), tmp_path, **attributes)
    run(compiler("mcs"), "-warnaserror", "-target:library", *ASSEMBLIES, *sources, cwd=tmp_path)
