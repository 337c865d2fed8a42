"""The commands in the README and the documents work on a real installation."""

import os
import re
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from tests.support.clients import node_modules
from tests.support.documentation import ROOT, Block, blocks, shell_blocks
from tests.support.example_server import PAGE
from tests.support.installation import PATIENCE, QUICK, Server, free_port, running

LANGUAGES = {"sh", "json", "python", "ts", "html", "ini", "toml", "text", "sql"}
COMMANDS = re.compile(
    r"^(?:\$ |sudo )?(?:platform-api|make|curl|npx|npm|pip|sqlite3|systemctl|\.venv/bin/)", re.MULTILINE
)
ADDRESS = "http://127.0.0.1:8000"


def typed_at_a_server() -> Iterator[object]:
    """Return the blocks typed while a server runs; those that need the published tools are marked.

    The commands of `docs/servicehost.md` are tested with the examples.
    """
    for block in shell_blocks():
        if not block.text.startswith("make ") and block.page != PAGE:
            marks = [pytest.mark.conformance] if "npx " in block.text else []
            yield pytest.param(block, id=str(block), marks=marks)


def variables(folder: Path) -> dict[str, str]:
    """Return the environment of an installation with its data in `folder`."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("PLATFORM_API_")}
    settings = {"database.path": str(folder / "data.sqlite3"), "keys.path": str(folder / "keys"), **QUICK}
    given = {f"PLATFORM_API_{key.upper().replace('.', '__')}": value for key, value in settings.items()}
    return {**kept, **given, "PATH": f"{Path(sys.executable).parent}:{kept['PATH']}"}


def typed(block: Block, server: Server, folder: Path) -> "subprocess.CompletedProcess[str]":
    """Return the output of a block typed in `folder`, while a server with its data there runs."""
    assert server.operator is not None
    text = block.text.replace(ADDRESS, server.url).replace("PASSWORD", server.operator[1])
    text = text.replace("ADDRESS", server.operator[0])
    return subprocess.run(
        ["bash", "-euo", "pipefail", "-c", text],
        capture_output=True, text=True, timeout=PATIENCE, check=False, cwd=folder, env=variables(folder),
    )  # fmt: skip


@pytest.mark.parametrize("block", list(typed_at_a_server()))
def test_a_block_works(block: Block, tmp_path: Path) -> None:
    """Every command of a block succeeds, and no request is rejected."""
    if "npx " in block.text:
        (tmp_path / "node_modules").symlink_to(node_modules())
    (tmp_path / "var").mkdir()
    (tmp_path / "var" / "platform-api.sqlite3").symlink_to(tmp_path / "data.sqlite3")
    with running(tmp_path) as server:
        done = typed(block, server, tmp_path)

    assert 0 == done.returncode, done.stdout + done.stderr
    assert "ErrorCode" not in done.stdout


def test_the_first_connection_of_the_readme(tmp_path: Path) -> None:
    """The tutorial in the README invites a person, shows the pending request, accepts it and shows the connection."""
    (walk,) = [block for block in shell_blocks() if block.page == "README.md" and "/invite/contact" in block.text]
    with running(tmp_path) as server:
        rows = typed(walk, server, tmp_path).stdout.splitlines()

    assert any("second@example.com" in row and ",Pending," in row for row in rows)
    assert any("second@example.com" in row and ",Active," in row for row in rows)


@pytest.mark.parametrize("block", [block for block in shell_blocks() if block.text == "make run\n"], ids=str)
def test_make_run(block: Block, tmp_path: Path) -> None:
    """`make run` serves, and Ctrl-C stops it."""
    environment = variables(tmp_path) | {"PLATFORM_API_SERVER__PORT": str(free_port())}
    process = subprocess.Popen(
        ["bash", "-euc", f"exec {block.text}"], stdout=subprocess.PIPE, text=True, cwd=ROOT, env=environment, start_new_session=True
    )  # fmt: skip
    with process:
        assert process.stdout is not None
        try:
            banner = next((line for line in process.stdout if line.startswith("Platform API answers at")), "")
        finally:
            os.killpg(process.pid, signal.SIGINT)
            process.communicate(timeout=PATIENCE)

    assert environment["PLATFORM_API_SERVER__PORT"] in banner


@pytest.mark.parametrize("block", [block for block in shell_blocks() if block.text == "make demo\n"], ids=str)
def test_make_demo(block: Block, tmp_path: Path) -> None:
    """`make demo` completes."""
    done = subprocess.run(
        ["bash", "-euc", block.text], capture_output=True, text=True, timeout=4 * PATIENCE, check=False, cwd=ROOT, env=variables(tmp_path)
    )  # fmt: skip

    assert 0 == done.returncode, done.stdout + done.stderr


def test_every_make_block_has_a_test() -> None:
    """Every block with `make` is covered by a test."""
    assert {"make run\n", "make demo\n"} == {block.text for block in shell_blocks() if block.text.startswith("make ")}


@pytest.mark.parametrize("block", blocks(), ids=str)
def test_blocks_name_their_language(block: Block) -> None:
    """Every block has a language, so that no shell command is skipped."""
    assert block.language in LANGUAGES
    assert block.language == "sh" or COMMANDS.search(block.text) is None
