"""The Ruby sources, run with a stub of the client library."""

import json
import shutil
from pathlib import Path

import pytest
from tests.support.compilers import compiler, run
from tests.support.exchange import CATALOGS, sources
from tests.support.first_program import answer, question, told, understood_question
from tests.support.recorded import changed, misspelled, recordings

from servicehost.languages import LANGUAGES, snippet

pytestmark = pytest.mark.conformance

STUBS = Path(__file__).parent / "stubs" / "ruby"


def ran(folder: Path, source: str, program: str, stdin: str) -> str:
    """Return the output of a program that requires a source; every warning is an error."""
    ruby = compiler("ruby")
    shutil.copytree(STUBS, folder, dirs_exist_ok=True)
    (folder / "dtos.rb").write_text(source, encoding="utf-8")
    strict = "module Warning; def self.warn(text, **) = raise(text); end"
    (folder / "strict.rb").write_text(strict, encoding="utf-8")
    return run(ruby, "-w", "-I.", "-rstrict", program, cwd=folder, stdin=stdin)


@pytest.mark.parametrize("name", CATALOGS)
def test_every_message_comes_back_from_ruby(tmp_path: Path, name: str) -> None:
    """A message with every member filled, decoded and encoded in Ruby, equals the server's JSON, with the same names."""
    catalog = CATALOGS[name]()
    sent = recordings(catalog)
    received = json.loads(ran(tmp_path, sources("ruby")[name], "again.rb", json.dumps(sent)))
    assert {} == changed(catalog, received)
    assert set() == misspelled(sent, received)


def test_a_first_program_in_ruby(tmp_path: Path) -> None:
    """A request has its name, its method and its response; properties have the expected names."""
    printed = ran(tmp_path, sources("ruby")["platform"], "first_program.rb", answer())
    name, method, body, said = json.loads(printed)
    assert ("GetConnectionsToContact", "POST", question()) == (name, method, understood_question(body))
    assert told() == said


def test_ruby_has_nothing_to_warn_of(tmp_path: Path) -> None:
    """Ruby reports no warnings on whole files, hostile descriptions, and the snippets of pages."""
    for name, text in sources("ruby").items():
        (tmp_path / name).mkdir()
        assert ran(tmp_path / name, text, "dtos.rb", "") == ""
    for catalog_of in CATALOGS.values():
        catalog = catalog_of()
        everything = "\n".join(snippet(catalog, operation, LANGUAGES["ruby"]) for operation in catalog)
        assert run(compiler("ruby"), "-c", cwd=tmp_path, stdin=everything) == "Syntax OK\n"
