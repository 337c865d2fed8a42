"""The examples of `docs/clients.md` work as described."""

import re
from pathlib import Path

import pytest
from tests.support.clients import node_modules, python_of_clients
from tests.support.compilers import compiler, run
from tests.support.programs import QUIET, Platform, compile_strictly

pytestmark = pytest.mark.conformance

PAGE = Path(__file__).parents[3] / "docs" / "clients.md"


def example(language: str, platform: Platform) -> str:
    """Return the example in a language, for this server."""
    (found,) = re.findall(rf"```{language}\n(.*?)```", PAGE.read_text(encoding="utf-8"), re.DOTALL)
    text: str = found.replace("http://127.0.0.1:8000", platform.server.url)
    return text


def test_the_example_in_python(platform: Platform, python: Path) -> None:
    """It prints the signed-in user and the invalid member."""
    printed = run(python_of_clients(), "-c", example("python", platform), cwd=python)
    assert "first Person\n400 ['ConnectionRequestId']\n" == printed


def test_the_example_in_typescript(platform: Platform, typescript: Path) -> None:
    """It compiles strictly, and prints the same."""
    (typescript / "example.ts").write_text(example("ts", platform), encoding="utf-8")
    compile_strictly(typescript, "example.ts")
    printed = run(compiler("node"), "example.js", cwd=typescript)
    assert "first Person\nSerializationException [ 'ConnectionRequestId' ]\n" == printed


def test_the_tools_that_download_sources(platform: Platform, tmp_path: Path) -> None:
    """They save the sources."""
    compiler("curl")
    (tmp_path / "node_modules").symlink_to(node_modules())
    typed = re.sub(r"npx @servicestack/cli ", "npx --no-install ", example("sh", platform))
    run("bash", "-euc", typed, cwd=tmp_path, environment=QUIET)
    assert {"dtos.ts", "dtos.py"} == {path.name for path in tmp_path.glob("dtos.*")}
