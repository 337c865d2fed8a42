"""The Rust sources, compiled with serde and run with a stub of the client crate."""

import json
import shutil
from pathlib import Path
from typing import Any

import pytest
from tests.support.compilers import compiler, library, run
from tests.support.exchange import CATALOGS, sources
from tests.support.first_program import question, told, understood_question
from tests.support.recorded import changed, messages, misspelled, recordings

from servicehost.languages import LANGUAGES, snippet

pytestmark = pytest.mark.conformance

STUBS = Path(__file__).parent / "stubs" / "rust"
CRATES = "/usr/share/cargo/registry"
"""Where Debian's `librust-serde-derive-dev` and `librust-serde-json-dev` put what cargo finds elsewhere."""

PROJECT = Path(__file__).parents[3] / "var" / "rust"
"""Stays between runs, since building serde takes most of the time."""

CONFIGURATION = f"""
[source.crates-io]
replace-with = "installed"

[source.installed]
directory = "{CRATES}"
"""


def table() -> str:
    """Return Rust code that decodes and encodes each message."""
    rows = [
        f'("{module}", "{name}") => crate::again::<crate::{module}::{name}>(text),'
        for module, catalog_of in CATALOGS.items()
        for name in messages(catalog_of())
    ]
    body = "\n".join(["match (module, name) {", *rows, '_ => panic!("{module} has no {name}"),', "}"])
    return f"pub fn again_as(module: &str, name: &str, text: &str) -> serde_json::Result<String> {{\n{body}\n}}\n"


@pytest.fixture(scope="module")
def printed() -> Any:
    """Return the output of the program for all recordings, and that of its first program.

    Each source is a module of the program, next to the stub of the client crate.
    """
    cargo = compiler("cargo")
    library(CRATES)
    shutil.copytree(STUBS, PROJECT, dirs_exist_ok=True)
    (PROJECT / ".cargo").mkdir(exist_ok=True)
    (PROJECT / ".cargo" / "config.toml").write_text(CONFIGURATION, encoding="utf-8")
    for name, text in {**sources("rust"), "messages": table()}.items():
        (PROJECT / "src" / f"{name}.rs").write_text(text, encoding="utf-8")
    sent = {name: recordings(catalog_of()) for name, catalog_of in CATALOGS.items()}
    return json.loads(run(cargo, "run", "--quiet", "--offline", cwd=PROJECT, stdin=json.dumps(sent)))


@pytest.mark.parametrize("name", ["platform", "forms"])
def test_every_message_comes_back_from_rust(printed: Any, name: str) -> None:
    """A message with every member filled, decoded and encoded in Rust, equals the server's JSON, with the same names."""
    received, _ = printed
    assert {} == changed(CATALOGS[name](), received[name])
    assert set() == misspelled(recordings(CATALOGS[name]()), received[name])


def test_a_first_program_in_rust(printed: Any) -> None:
    """A request has its name, its verb and its response; fields have the expected names and types."""
    _, ((name, verb, body), said) = printed
    assert ("GetConnectionsToContact", "POST", question()) == (name, verb, understood_question(body))
    assert told() == said


def test_rustfmt_has_nothing_to_change(tmp_path: Path) -> None:
    """Rustfmt changes nothing in whole files, hostile descriptions, and the snippets of pages."""
    files = dict(sources("rust"))
    for catalog in (catalog_of() for catalog_of in CATALOGS.values()):
        files |= {operation.name: snippet(catalog, operation, LANGUAGES["rust"]) for operation in catalog}
    paths = [tmp_path / f"{name}.rs" for name in files]
    for path in paths:
        path.write_text(files[path.stem], encoding="utf-8")
    assert run(compiler("rustfmt"), "--check", "--edition", "2021", *paths, cwd=tmp_path) == ""
