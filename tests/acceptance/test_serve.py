"""The program on the command line: first start, later starts, and commands in between."""

import os
import signal
import subprocess
import sys
import threading
from collections.abc import Callable
from pathlib import Path

import pytest
from tests.support.installation import QUICK, Server, running


def command(folder: Path, *arguments: str) -> "subprocess.CompletedProcess[str]":
    """Return the output of a command of the program, run on the data in `folder`."""
    settings = {"database.path": str(folder / "data.sqlite3"), "keys.path": str(folder / "keys"), **QUICK}
    flags = [f"--set={key}={value}" for key, value in settings.items()]
    program = [sys.executable, "-m", "platform_api", *arguments, *flags]
    return subprocess.run(program, capture_output=True, text=True, check=False, cwd=folder)


def sign_in_status(server: Server, address: str, password: str) -> int:
    """Return the status of an attempt to sign in."""
    return server.post("/api/auth/credentials", {"UserName": address, "Password": password}).status


def test_a_first_start_prints_how_to_sign_in_and_a_later_one_does_not(tmp_path: Path) -> None:
    """The password of the sample operator is shown once, and still valid after a restart."""
    with running(tmp_path) as first:
        assert first.operator is not None
        assert 200 == sign_in_status(first, *first.operator)

    with running(tmp_path) as later:
        assert later.operator is None
        assert 200 == sign_in_status(later, *first.operator)


def test_a_password_is_reset_while_the_server_runs(tmp_path: Path) -> None:
    """The command prints a new password, which replaces the old one in the running server."""
    with running(tmp_path) as server:
        assert server.operator is not None
        address, old = server.operator

        said = command(tmp_path, "operator", "reset-password").stdout

        new = said.removeprefix(f"The new password of {address} is ").removesuffix("\n")
        assert (200, 401) == (sign_in_status(server, address, new), sign_in_status(server, address, old))


def test_a_role_is_withdrawn_while_the_server_runs(tmp_path: Path) -> None:
    """A former operator loses the operator's rights immediately, even with an existing token."""
    with running(tmp_path) as server:
        assert server.operator is not None
        token, _ = server.sign_in(*server.operator)
        before = server.get("/api/mailbox", token).status

        assert 0 == command(tmp_path, "operator", "withdraw", server.operator[0]).returncode

        assert (200, 403) == (before, server.get("/api/mailbox", token).status)


def test_a_second_server_on_the_port_is_refused(tmp_path: Path) -> None:
    """The second server reports the port in use, and exits."""
    with running(tmp_path) as server:
        port = server.url.rpartition(":")[2]

        second = command(tmp_path, "serve", "--port", port)

        assert (1, "") == (second.returncode, second.stdout)
        assert f"Port {port} on 127.0.0.1 is in use." in second.stderr


@pytest.mark.slow
def test_several_processes_serve_one_database(tmp_path: Path) -> None:
    """Two workers serve requests, and a signal stops them all."""
    with running(tmp_path, {"server.workers": "2"}) as server:
        assert server.operator is not None
        assert 8 * [200] == [sign_in_status(server, *server.operator) for _ in range(8)]
        server.process.terminate()
        assert 0 == server.process.wait()


def workers_of(server: Server) -> list[int]:
    """Return the server processes that a parent has started."""
    children = Path(f"/proc/{server.process.pid}/task/{server.process.pid}/children").read_text(encoding="utf-8")
    commands = {pid: Path(f"/proc/{pid}/cmdline").read_text(encoding="utf-8") for pid in map(int, children.split())}
    return [pid for pid, command in commands.items() if "spawn_main" in command]


def until(happened: Callable[[], bool]) -> None:
    """Wait until a condition holds."""
    for _ in range(3_000):
        if happened():
            return
        threading.Event().wait(0.02)
    raise TimeoutError


@pytest.mark.slow
def test_a_worker_that_dies_is_replaced(tmp_path: Path) -> None:
    """If one of two workers is killed, another takes its place, without interruption of the service."""
    with running(tmp_path, {"server.workers": "2"}) as server:
        before = workers_of(server)
        os.kill(before[0], signal.SIGKILL)
        until(lambda: len(set(workers_of(server)) - set(before)) == 1)

        assert 4 * [200] == [server.get("/api/metadata", accept="text/html").status for _ in range(4)]


@pytest.mark.slow
def test_workers_end_with_their_parent(tmp_path: Path) -> None:
    """If the parent is killed, no worker remains."""
    with running(tmp_path, {"server.workers": "2"}) as server:
        workers = workers_of(server)
        server.kill()

        until(lambda: not any(Path(f"/proc/{pid}/cmdline").exists() for pid in workers))
        assert 2 == len(workers)
