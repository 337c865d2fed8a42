"""The Zig sources, compiled and run with a stub of the client library."""

import json
import shutil
from pathlib import Path
from typing import Any

import pytest
from tests.support.compilers import compiler, run
from tests.support.exchange import CATALOGS, sources
from tests.support.first_program import question, told, understood_question
from tests.support.recorded import changed, misspelled, recordings

from servicehost.languages import LANGUAGES, snippet

pytestmark = pytest.mark.conformance

STUBS = Path(__file__).parent / "stubs" / "zig"
ROOT = Path(__file__).parents[3]
MODULES = ("--dep", "servicestack", "-Mroot=again.zig", "-Mservicestack=servicestack.zig")


def zig() -> str:
    """Return the compiler, preferably the one installed with the published clients, whose release the program below targets."""
    return compiler(str(ROOT / "var" / "clients" / "bin" / "python-zig"), "zig", "python-zig")


@pytest.fixture(scope="module")
def printed(tmp_path_factory: pytest.TempPathFactory) -> Any:
    """Return the output of the program for all recordings, and that of its first program."""
    folder = tmp_path_factory.mktemp("zig")
    shutil.copytree(STUBS, folder, dirs_exist_ok=True)
    for name, text in sources("zig").items():
        (folder / f"{name}.zig").write_text(text, encoding="utf-8")
    sent = {name: recordings(catalog_of()) for name, catalog_of in CATALOGS.items()}
    return json.loads(run(zig(), "run", *MODULES, cwd=folder, stdin=json.dumps(sent)))


@pytest.mark.parametrize("name", CATALOGS)
def test_every_message_comes_back_from_zig(printed: Any, name: str) -> None:
    """A message with every member filled, decoded and encoded in Zig, equals the server's JSON, with the same names."""
    received, _ = printed
    assert {} == changed(CATALOGS[name](), received[name])
    assert set() == misspelled(recordings(CATALOGS[name]()), received[name])


def test_a_first_program_in_zig(printed: Any) -> None:
    """A request has its name, its verb and its response; fields have the expected names and types."""
    name, verb, body, said = json.loads(printed[1])
    assert ("GetConnectionsToContact", "POST", question()) == (name, verb, understood_question(body))
    assert told() == said


def test_zig_has_nothing_to_change(tmp_path: Path) -> None:
    """Formatter and checker report nothing on whole files, hostile descriptions, and the snippets of pages."""
    files = dict(sources("zig"))
    for catalog in (catalog_of() for catalog_of in CATALOGS.values()):
        files |= {operation.name: snippet(catalog, operation, LANGUAGES["zig"]) for operation in catalog}
    for name, text in files.items():
        (tmp_path / f"{name}.zig").write_text(text, encoding="utf-8")
    assert run(zig(), "fmt", "--ast-check", "--check", ".", cwd=tmp_path) == ""
