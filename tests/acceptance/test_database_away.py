"""The program with a PostgreSQL that it cannot use, at the start and while it runs."""

import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from tests.support import postgres
from tests.support.installation import PATIENCE, QUICK, Server, free_port, running
from tests.support.postgres import PostgresServer


def command(folder: Path, url: str, *arguments: str) -> "subprocess.CompletedProcess[str]":
    """Return the outcome of a command of the program with the database at `url`."""
    settings = {"database.url": url, "keys.path": str(folder / "keys"), "server.port": str(free_port()), **QUICK}
    flags = [f"--set={key}={value}" for key, value in settings.items()]
    program = [sys.executable, "-m", "platform_api", *arguments, *flags]
    return subprocess.run(program, capture_output=True, text=True, check=False, cwd=folder, timeout=PATIENCE)


def test_a_node_without_the_keys_of_the_others_does_not_start(tmp_path: Path) -> None:
    """It exits with 1 and says what to copy; after `keys adopt` its new keys are those of the database."""
    url = postgres.new_database()
    with running(tmp_path, {"database.url": url}):
        pass
    other = tmp_path / "other"
    other.mkdir()

    refused = command(other, url, "serve")
    adopted = command(other, url, "keys", "adopt")

    assert (1, "") == (refused.returncode, refused.stdout)
    assert f"There are no keys in {other / 'keys'}. Copy the folder from another node" in refused.stderr
    assert 0 == adopted.returncode
    with running(other, {"database.url": url}) as server:
        assert 200 == server.get("/").status
    postgres.drop_database(url)


@pytest.fixture
def server_of_its_own() -> Iterator[PostgresServer]:
    """A PostgreSQL server that a test stops and starts."""
    server = PostgresServer({"fsync": "off"}).start()
    yield server
    server.stop()
    server.remove()


@pytest.mark.parametrize("arguments", [("serve",), ("database", "upgrade"), ("database", "status"), ("sample",)])
def test_a_command_without_its_database_says_so_in_one_sentence(tmp_path: Path, arguments: tuple[str, ...]) -> None:
    """Every command that needs the database exits with 1, and shows the address without its password."""
    port = free_port()

    done = command(tmp_path, f"postgresql://owner:secret@127.0.0.1:{port}/name", *arguments)

    assert (1, "") == (done.returncode, done.stdout)
    assert done.stderr.startswith(f"platform-api: postgresql://owner@127.0.0.1:{port}/name cannot be reached: ")
    assert done.stderr.endswith(". Start the server, or correct the host and the port in database.url.\n")
    assert "secret" not in done.stderr


def test_a_wrong_address_is_a_wrong_setting(tmp_path: Path) -> None:
    """An address that cannot be read is reported as a wrong setting, without its value."""
    done = command(tmp_path, "postgresql://owner:secret@db:port/name", "serve")

    assert (2, "") == (done.returncode, done.stdout)
    assert "database.url: the value has a port that is not a number" in done.stderr
    assert "secret" not in done.stderr


def test_the_address_is_masked_in_the_list_of_settings(tmp_path: Path) -> None:
    """`platform-api settings` shows that there is an address, and where it was set, but not which."""
    done = command(tmp_path, "postgresql://owner:secret@db/name", "settings")

    (shown,) = [line.split() for line in done.stdout.splitlines() if line.startswith("database.url")]
    assert ["database.url", "********", "flag"] == shown


def test_the_schema_is_upgraded_and_shown_on_the_command_line(tmp_path: Path) -> None:
    """Status fails before the upgrade and succeeds after it; the former name of the command still works."""
    url = postgres.new_database()

    outcomes = [
        command(tmp_path, url, "database", *words) for words in (["status"], ["upgrade"], ["status"], ["migrate"])
    ]

    assert [1, 0, 0, 0] == [outcome.returncode for outcome in outcomes]
    assert "has no schema yet" in outcomes[0].stderr
    assert "that of this version" in outcomes[2].stdout
    assert "The schema is up to date.\n" == outcomes[3].stdout
    postgres.drop_database(url)


def test_a_server_whose_database_restarts_answers_503_and_recovers(
    tmp_path: Path, server_of_its_own: PostgresServer
) -> None:
    """While PostgreSQL is away every request gets 503 with Retry-After; afterwards the same token is served again."""
    with running(tmp_path, {"database.url": server_of_its_own.url(), "logging.level": "error"}) as server:
        assert server.operator is not None
        token, _ = server.sign_in(*server.operator)
        server_of_its_own.stop()

        refused = [server.get("/api/contacts/own", token) for _ in range(10)]
        sign_in = server.post(
            "/api/auth/credentials", dict(zip(("UserName", "Password"), server.operator, strict=True))
        )
        server_of_its_own.start()

        assert {(503, "1")} == {(answer.status, answer.headers.get("retry-after")) for answer in (*refused, sign_in)}
        assert "ServiceUnavailable" == sign_in.json["ResponseStatus"]["ErrorCode"]
        assert 200 == status_when_back(server, token)
        assert 200 == server.get("/api/contacts/own", server.sign_in(*server.operator)[0]).status


def status_when_back(server: Server, token: str) -> int:
    """The status of a request as soon as it is not 503."""
    pause = threading.Event()
    for _ in range(int(PATIENCE / 0.05)):
        status = server.get("/api/contacts/own", token).status
        if status != 503:
            return status
        pause.wait(0.05)
    raise TimeoutError
