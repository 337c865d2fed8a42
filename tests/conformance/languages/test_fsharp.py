"""The F# source of the whole API, checked by a compiler package for browsers, which produces no programs."""

import json
import shutil
from datetime import UTC, datetime
from pathlib import Path

import pytest
from tests.support.catalog import the_catalog
from tests.support.compilers import run
from tests.support.every_form import every_form
from tests.support.hostile import NASTY, catalog_described
from tests.support.node import workplace

from servicehost.contract.catalog import Catalog
from servicehost.languages import LANGUAGES, Options, source

pytestmark = pytest.mark.conformance

STUBS = Path(__file__).parent / "stubs" / "fsharp"
NOW = datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC)

EVERYTHING = {
    "AddDataContractAttributes": "True",
    "AddDescriptionAsComments": "False",
    "AddGeneratedCodeAttributes": "True",
    "AddImplicitVersion": "3",
    "AddIndexesToDataMembers": "True",
    "AddResponseStatus": "True",
    "AddReturnMarker": "False",
    "InitializeCollections": "True",
    "MakeDataContractsExtensible": "True",
}
"""Every option with the value that it does not have by default."""

DEEP = "--stack-size=4000"
"""The compiler recurses deeper than Node allows by itself."""


def fsharp(catalog: Catalog, **query: str) -> str:
    """Return the F# source of a catalog."""
    return source(catalog, LANGUAGES["fsharp"], Options.from_query(query.items()), NOW)


def complaints(folder: Path, *texts: str) -> list[str]:
    """Return the compiler's messages on these files, after those of .NET and the client library."""
    node, names = workplace(folder), [f"Dtos{index}.fs" for index, _ in enumerate(texts)]
    for path in STUBS.iterdir():
        shutil.copy(path, folder)
    for name, text in zip(names, texts, strict=True):
        (folder / name).write_text(text, encoding="utf-8")
    printed = run(node, DEEP, "check.mjs", "ServiceStack.fs", *names, cwd=folder)
    found: list[str] = json.loads(printed)
    return found


def test_it_compiles(tmp_path: Path) -> None:
    """The whole API compiles, and every type in every form, with every option and every description."""
    texts = [
        fsharp(the_catalog()),
        fsharp(every_form()),
        fsharp(every_form(), **EVERYTHING, GlobalNamespace="Acme.Other"),
        fsharp(catalog_described(NASTY)),
        fsharp(catalog_described(NASTY), AddDescriptionAsComments="False", GlobalNamespace="Acme.Described"),
    ]
    assert complaints(tmp_path, *texts) == []


def test_what_does_not_compile_is_noticed(tmp_path: Path) -> None:
    """The compiler reports an undeclared type, so the test above is meaningful."""
    text = fsharp(catalog_described(["plain"])).replace("M0:String", "M0:Nobody")
    found = complaints(tmp_path, text)
    assert {"The type 'Nobody' is not defined."} == {each.partition(" ")[2] for each in found}
