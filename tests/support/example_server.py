"""The examples of `docs/servicehost.md`, run as the page describes: in a separate folder, on a free port."""

import os
import re
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from tests.support.documentation import ROOT, Block, blocks
from tests.support.installation import PATIENCE, Server, free_port

PAGE = "docs/servicehost.md"
EXAMPLES = ROOT / "examples" / "greeter"

_PORT = re.compile(r"\b8080\b")


@dataclass(frozen=True)
class Typed:
    """A block of commands against a server.

    Attributes:
        start: block that starts the server.
        block: the block.
        output: output shown on the page; None if it shows none.
    """

    start: Block
    block: Block
    output: str | None

    def __str__(self) -> str:
        return f"{self.block}-at-{self.start.number}"


def page_blocks(language: str) -> list[Block]:
    """Return the blocks of the page in a language."""
    return [block for block in blocks() if block.page == PAGE and block.language == language]


def starts(block: Block) -> bool:
    """Whether a block starts a server."""
    return block.language == "sh" and block.text.startswith(".venv/bin/")


def typed_blocks() -> list[Typed]:
    """Return the command blocks of the page, once for each way to start their server.

    Consecutive start blocks start the same server in different ways.
    """
    page = [block for block in blocks() if block.page == PAGE]
    found: list[Typed] = []
    starting: list[Block] = []
    is_used = False
    for block, following in zip(page, [*page[1:], None], strict=True):
        if starts(block):
            starting, is_used = ([block] if is_used else [*starting, block]), False
        elif block.language == "sh":
            output = following.text if following is not None and following.language == "text" else None
            found += [Typed(start, block, output) for start in starting]
            is_used = True
    return found


@dataclass(frozen=True)
class Example:
    """A running example.

    Attributes:
        server: process and address.
        port: port used instead of the page's 8080.
        folder: working directory of its commands.
    """

    server: Server
    port: int
    folder: Path

    def at_port(self, text: str) -> str:
        """Return a text of the page with the port of this server."""
        return _PORT.sub(str(self.port), text)

    def type(self, text: str) -> str:
        """Run shell commands that must all succeed; return their output."""
        done = subprocess.run(
            ["bash", "-euo", "pipefail", "-c", self.at_port(text).replace("curl ", "curl -sS ")],
            capture_output=True, text=True, timeout=PATIENCE, check=False, cwd=self.folder, env=os.environ,
        )  # fmt: skip
        assert (0, "") == (done.returncode, done.stderr)
        return done.stdout.replace("\r", "")


@contextmanager
def example(start: Block, folder: Path) -> Iterator[Example]:
    """Run the server that a block of the page starts; stop it like Ctrl-C at the end of the `with` block."""
    port = free_port()
    shutil.copytree(EXAMPLES, folder / "examples" / "greeter", ignore=shutil.ignore_patterns("__pycache__"))
    for program in (folder / "examples" / "greeter").glob("*.py"):
        program.write_text(_PORT.sub(str(port), program.read_text(encoding="utf-8")), encoding="utf-8")
    (folder / ".venv").symlink_to(Path(sys.prefix))
    log = folder / "log"
    with log.open("w") as output, subprocess.Popen(
        ["bash", "-euc", f"exec {_PORT.sub(str(port), start.text)}"],
        stdout=output, stderr=output, text=True, cwd=folder, env=os.environ, start_new_session=True,
    ) as process:  # fmt: skip
        try:
            server = Server(process, f"http://127.0.0.1:{port}")
            _wait_until_it_answers(server, log)
            yield Example(server, port, folder)
        finally:
            process.send_signal(signal.SIGINT)
            process.wait(PATIENCE)
    assert process.returncode in (0, -signal.SIGINT), log.read_text(encoding="utf-8")


def _wait_until_it_answers(server: Server, log: Path) -> None:
    end = time.monotonic() + PATIENCE
    while time.monotonic() < end and server.process.poll() is None:
        try:
            server.get("/api/metadata")
        except OSError:
            time.sleep(0.05)
        else:
            return
    raise AssertionError(f"does not answer: {log.read_text(encoding='utf-8')}")


__all__ = ["EXAMPLES", "PAGE", "Example", "Typed", "example", "page_blocks", "starts", "typed_blocks"]
