"""The measured servers: each starts alone on one core and is paused while another is measured."""

import os
import shutil
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from benchmarks import world as worlds
from benchmarks.world import World

SERVER_CORE: Final = 0
LOAD_CORE: Final = 1
PATIENCE: Final = 60.0
PEERS: Final = Path(__file__).parent / "peers"


class CannotMeasure(Exception):
    """Something that the benchmark needs is missing or wrong; the message says what."""


@dataclass(frozen=True)
class Place:
    """Location of the environments and data.

    Attributes:
        folder: folder with the environments and the data of runs.
    """

    folder: Path

    @property
    def binaries(self) -> Path:
        """Folder with the programs of the peers' Python environment."""
        return self.folder / "venv" / "bin"

    @property
    def node_modules(self) -> Path:
        """Folder of the packages for Node."""
        return self.folder / "node" / "node_modules"


@dataclass(frozen=True)
class Implementation:
    """One implementation of the requests.

    Attributes:
        name: name for `--only`.
        title: name in the report.
        store: how a bare implementation writes.
    """

    name: str
    title: str
    store: str = ""

    @property
    def ours(self) -> bool:
        """Whether this is the platform itself."""
        return self.name == "ours"

    def command(self, place: Place, world: World, run: Path, port: int) -> list[str]:
        """Return the program and its arguments."""
        granian = [
            str(place.binaries / "granian"), "--interface", "asgi", "--loop", "uvloop", "--workers", "1",
            "--runtime-threads", "1", "--log-level", "error", "--host", "127.0.0.1", "--port", str(port),
        ]  # fmt: skip
        match self.name:
            case "ours":
                flags = {"server.port": str(port), **worlds.flags(run / "ours.sqlite3", world.folder / "keys")}
                return [sys.executable, "-m", "platform_api", "serve", *(f"--set={k}={v}" for k, v in flags.items())]
            case "fastapi":
                uvicorn = [str(place.binaries / "uvicorn"), "--no-access-log", "--log-level", "error"]
                return [*uvicorn, "--loop", "uvloop", "--http", "httptools", "--port", str(port), "fastapi_orm:app"]
            case "litestar":
                return [*granian, "litestar_lean:app"]
            case "fastify":
                return ["node", str(PEERS / "fastify.cjs"), str(port)]
            case _:
                return [*granian, "bare:app"]

    def missing(self, place: Place) -> str | None:
        """Return why it cannot be measured here; None if it can."""
        if self.ours:
            return None
        if self.name == "fastify":
            ready = shutil.which("node") and (place.node_modules / "better-sqlite3").exists()
            return None if ready else "Node or its packages are not installed"
        return None if (place.binaries / "granian").exists() else "the peers' environment is missing; run `make bench`"


IMPLEMENTATIONS: Final = (
    Implementation("ours", "Platform API"),
    Implementation("fastapi", "FastAPI, SQLAlchemy async ORM, uvicorn"),
    Implementation("litestar", "Litestar, msgspec, aiosqlite, granian"),
    Implementation("fastify", "Fastify, better-sqlite3, Node"),
    Implementation("bound", "bound: bare ASGI on granian", store="direct"),
    Implementation("group", "bound with group commit", store="group"),
)


class Server:
    """A running server. It runs only inside `awake`, so that it takes no processor time from others."""

    def __init__(self, implementation: Implementation, process: "subprocess.Popen[bytes]", port: int) -> None:
        self.implementation = implementation
        self.port = port
        self._process = process

    @contextmanager
    def awake(self) -> Iterator[None]:
        """Resume the server until the end of the `with` block."""
        self._signal(signal.SIGCONT)
        try:
            yield
        finally:
            self._signal(signal.SIGSTOP)

    def wait(self, log: Path) -> None:
        """Wait until the server responds.

        Raises:
            CannotMeasure: it does not start.
        """
        deadline = time.monotonic() + PATIENCE
        while time.monotonic() < deadline and self._process.poll() is None:
            if answers(self.port):
                return
            time.sleep(0.05)
        raise CannotMeasure(f"{self.implementation.title} does not start:\n{log.read_text(errors='replace')[-2000:]}")

    def stop(self) -> None:
        """Stop the server and its child processes."""
        if self._process.poll() is None:
            self._signal(signal.SIGCONT)
            self._signal(signal.SIGTERM)
        try:
            self._process.wait(timeout=10)
        except subprocess.TimeoutExpired:
            self._signal(signal.SIGKILL)
            self._process.wait()

    def _signal(self, number: signal.Signals) -> None:
        if self._process.poll() is None:
            os.killpg(self._process.pid, number)


@contextmanager
def serving(implementation: Implementation, place: Place, world: World, run: Path) -> Iterator[Server]:
    """Start the server of an implementation with a fresh copy of the data; stop it at the end of the `with` block."""
    data = world.ours if implementation.ours else world.peers
    database = run / f"{implementation.name}.sqlite3"
    shutil.copyfile(data, database)
    port, log = free_port(), run / f"{implementation.name}.log"
    variables = {
        "BENCH_DATABASE": str(database), "BENCH_SECRET": world.secret, "BENCH_STORE": implementation.store,
        "NODE_PATH": str(place.node_modules),
    }  # fmt: skip
    command = implementation.command(place, world, run, port)
    with log.open("wb") as output:
        server = Server(implementation, _start(command, variables, output.fileno()), port)
    try:
        server.wait(log)
        yield server
    finally:
        server.stop()


def _start(command: list[str], variables: Mapping[str, str], output: int) -> "subprocess.Popen[bytes]":
    """Start a process group on the core for servers."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("PLATFORM_API_", "PYTHON"))}
    process = subprocess.Popen(
        command, cwd=PEERS, env={**kept, **variables}, stdout=output, stderr=output, start_new_session=True
    )
    os.sched_setaffinity(process.pid, {SERVER_CORE})
    return process


def answers(port: int) -> bool:
    """Whether a server listens on a local port."""
    with socket.socket() as knock:
        return knock.connect_ex(("127.0.0.1", port)) == 0


def free_port() -> int:
    """Return an unused port."""
    with socket.create_server(("127.0.0.1", 0)) as trial:
        port: int = trial.getsockname()[1]
        return port


__all__ = [
    "IMPLEMENTATIONS",
    "LOAD_CORE",
    "SERVER_CORE",
    "CannotMeasure",
    "Implementation",
    "Place",
    "Server",
    "answers",
    "free_port",
    "serving",
]
