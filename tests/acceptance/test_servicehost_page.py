"""`docs/servicehost.md` matches the examples: its programs, its commands and their output."""

from collections.abc import Iterator, Mapping
from contextlib import ExitStack
from pathlib import Path

import pytest
from tests.support.clients import python_of_clients
from tests.support.compilers import run
from tests.support.documentation import Block
from tests.support.example_server import EXAMPLES, Example, Typed, example, page_blocks, starts, typed_blocks


class Servers(Mapping[Block, Example]):
    """Return the servers of this module."""

    def __init__(self, running: ExitStack, folders: pytest.TempPathFactory) -> None:
        self._running = running
        self._folders = folders
        self._started: dict[Block, Example] = {}

    def __getitem__(self, start: Block) -> Example:
        """The server of a start block."""
        if start not in self._started:
            folder = self._folders.mktemp(str(start.number))
            self._started[start] = self._running.enter_context(example(start, folder))
        return self._started[start]

    def __iter__(self) -> Iterator[Block]:
        return iter(self._started)

    def __len__(self) -> int:
        return len(self._started)


@pytest.fixture(scope="module")
def servers(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Servers]:
    """The servers of this module."""
    with ExitStack() as running:
        yield Servers(running, tmp_path_factory)


@pytest.mark.parametrize("typed", typed_blocks(), ids=str)
def test_a_shell_block_prints_what_the_page_shows(typed: Typed, servers: Servers) -> None:
    """The commands of a block succeed, and their output is the following block."""
    server = servers[typed.start]
    printed = server.type(typed.block.text)

    assert typed.output is None or server.at_port(typed.output) == printed


@pytest.mark.parametrize("block", page_blocks("python"), ids=str)
def test_a_python_block_is_part_of_an_example(block: Block) -> None:
    """A program on the page is an example or a part of one; the client has its own test."""
    programs = [program.read_text(encoding="utf-8") for program in EXAMPLES.glob("*.py")]

    assert "from dtos import" in block.text or any(block.text in program for program in programs)


def test_the_first_block_is_the_whole_greeter() -> None:
    """The first program is shown completely."""
    assert (EXAMPLES / "greeter.py").read_text(encoding="utf-8") == page_blocks("python")[0].text


def test_every_example_is_started_by_the_page() -> None:
    """The page runs every example; `memory.py` is a part of `sign_in.py`."""
    started = {Path(word).name for block in page_blocks("sh") if starts(block) for word in block.text.split()[1:]}

    assert {program.name for program in EXAMPLES.glob("*.py")} - {"memory.py"} <= started


@pytest.mark.conformance
def test_the_client_of_the_page(servers: Servers) -> None:
    """The published Python client sends a request and a batch, with the sources that the page downloads."""
    (client,) = [block for block in page_blocks("python") if "from dtos import" in block.text]
    (download,) = [
        typed for typed in typed_blocks() if "dtos.py" in typed.block.text and "greeter.py" in typed.start.text
    ]
    server = servers[download.start]
    server.type(download.block.text)
    printed = run(python_of_clients(), "-c", server.at_port(client.text), cwd=server.folder)

    assert "Hello, World!\n['Hello, World!', 'Hello, Sun!']\n" == printed
