"""Descriptions never become code, whatever they contain."""

import re
import shutil
import subprocess
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.support.hostile import NASTY, NOW, texts, whole_file

from servicehost.contract.catalog import Catalog
from servicehost.languages import LANGUAGES, Options, source


def code_of(text: str) -> str:
    """Return a source of the C family without comments, parsed as a compiler parses them."""
    token = re.compile(r"""/\*.*?\*/|//[^\n\r\u2028\u2029]*|'[^'\n]*'|"[^"\n]*\"""", re.DOTALL)
    kept = token.sub(lambda found: "" if found[0].startswith("/") else found[0], text)
    return "\n".join(line for line in kept.split("\n") if line.strip())


@pytest.mark.parametrize("key", ["mjs", "typescript", "typescript.d", "js"])
@given(described=st.lists(texts, min_size=1, max_size=3))
@settings(max_examples=60)
def test_descriptions_never_leave_their_comments(key: str, described: list[str]) -> None:
    """Without comments, the source is the same as without descriptions."""
    plain = whole_file([""] * len(described), key)
    assert code_of(plain) == code_of(whole_file(described, key))


@pytest.mark.parametrize("key", LANGUAGES)
@pytest.mark.parametrize("described", NASTY)
def test_no_description_adds_a_line(key: str, described: str) -> None:
    """A description is a single line in every language."""
    assert len(whole_file(["plain"], key).splitlines()) == len(whole_file([described], key).splitlines())


@pytest.mark.skipif(shutil.which("node") is None, reason="node is not installed")
def test_a_javascript_engine_reads_every_description(tmp_path: Path) -> None:
    """An engine parses a module with all hostile descriptions."""
    path = tmp_path / "hostile.mjs"
    path.write_text(whole_file(NASTY, "mjs"), encoding="utf-8")
    checked = subprocess.run(["node", "--check", path], capture_output=True, text=True, check=False)
    assert checked.stderr == ""


@pytest.mark.skipif(shutil.which("node") is None, reason="node is not installed")
def test_a_javascript_engine_builds_requests(tmp_path: Path, catalog: Catalog) -> None:
    """A request takes its members, including those of its base, and states its type, method and response."""
    module = tmp_path / "dtos.mjs"
    module.write_text(source(catalog, LANGUAGES["mjs"], Options(), NOW), encoding="utf-8")
    script = (
        "import { Hello, SearchGreetings, Tone } from './dtos.mjs';"
        "const search = new SearchGreetings({ Text: 'x', PageSize: 5 }), hello = new Hello({ Tone: Tone.Warm });"
        "console.log(JSON.stringify([search, hello, hello.getMethod(), hello.createResponse().constructor.name]))"
    )
    run = ["node", "--input-type=module", "--eval", script]
    printed = subprocess.run(run, capture_output=True, text=True, check=True, cwd=tmp_path).stdout
    assert printed == '[{"PageSize":5,"Text":"x"},{"FriendIds":[],"Tone":"Warm"},"GET","HelloResponse"]\n'
