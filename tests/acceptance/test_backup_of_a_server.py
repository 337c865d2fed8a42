"""A backup of a running server, and the server that starts on the restored database."""

import os
import subprocess
import sys
import threading
from collections.abc import Mapping
from pathlib import Path

from tests.support.installation import PATIENCE, Server, running

WITHOUT_MAIL = {"mail.lanes": "0"}
"""Letters wait."""


def command(*arguments: str | Path, settings: Mapping[str, str | Path]) -> "subprocess.CompletedProcess[str]":
    """Run a command of the program."""
    flags = [f"--set={key}={value}" for key, value in settings.items()]
    environment = {name: value for name, value in os.environ.items() if not name.startswith("PLATFORM_API_")}
    return subprocess.run(
        [sys.executable, "-m", "platform_api", *map(str, arguments), *flags],
        capture_output=True, text=True, timeout=PATIENCE, check=False, env=environment,
    )  # fmt: skip


def register(server: Server, number: int) -> int:
    """Register a person, to whom a letter is queued; return the status."""
    body = {
        "EmailAddress": f"person{number}@example.com",
        "Password": "a good password",
        "FirstName": "P",
        "Surname": "Q",
    }
    return server.post("/api/register", body).status


def letters_of(answer: str) -> int:
    """The number at the beginning of an answer about letters."""
    return int(answer.split(maxsplit=1)[0])


def test_a_backup_under_load_restores_what_was_acknowledged_before(tmp_path: Path) -> None:
    """Every letter that was queued before the backup began is held, and is sent after the operator's decision."""
    place = {"database.path": tmp_path / "data.sqlite3", "keys.path": tmp_path / "keys"}
    restored = {**place, "database.path": tmp_path / "restored.sqlite3"}
    stopping = threading.Event()
    with running(tmp_path, WITHOUT_MAIL) as server:
        assert {200} == {register(server, number) for number in range(5)}

        def load() -> None:
            for number in range(5, 400):
                if stopping.is_set() or register(server, number) != 200:
                    return

        loading = threading.Thread(target=load)
        loading.start()
        created = command("backup", "create", tmp_path / "backup.zip", settings=place)
        refused = command("backup", "restore", tmp_path / "backup.zip", settings=place)
        stopping.set()
        loading.join()
        server.kill()
    verified = command("backup", "verify", tmp_path / "backup.zip", settings=place)
    done = command("backup", "restore", tmp_path / "backup.zip", settings=restored)
    held = letters_of(command("letters", "count", settings=restored).stdout)

    assert ([0, 1, 0, 0], True) == ([each.returncode for each in (created, refused, verified, done)], held >= 5)
    assert "is never restored over" in refused.stderr
    with running(tmp_path, {"database.path": str(restored["database.path"])}) as server:
        assert held == letters_of(command("letters", "count", settings=restored).stdout)
        assert held == letters_of(command("letters", "send", settings=restored).stdout)
        assert 0 == letters_of(command("letters", "count", settings=restored).stdout)


def test_missing_keys_are_reported_in_one_sentence(tmp_path: Path) -> None:
    """With what to do next, and exit code 1."""
    with running(tmp_path):
        pass
    place = {"database.path": tmp_path / "data.sqlite3", "keys.path": tmp_path / "keys"}
    assert 0 == command("backup", "create", tmp_path / "backup.zip", settings=place).returncode

    refused = command(
        "backup", "restore", tmp_path / "backup.zip",
        settings={"database.path": tmp_path / "restored.sqlite3", "keys.path": tmp_path / "other"},
    )  # fmt: skip

    assert (1, 1) == (refused.returncode, refused.stderr.count("\n"))
    assert f"{tmp_path / 'other'} lacks key " in refused.stderr
    assert not (tmp_path / "restored.sqlite3").exists()


def test_a_damaged_source_and_an_unusable_place_are_one_sentence(tmp_path: Path) -> None:
    """With exit code 1; nothing is written."""
    with running(tmp_path):
        pass
    place = {"database.path": tmp_path / "data.sqlite3", "keys.path": tmp_path / "keys"}
    (tmp_path / "file").touch()
    unusable = command("backup", "create", tmp_path / "file" / "backup.zip", settings=place)
    content = bytearray((tmp_path / "data.sqlite3").read_bytes())
    content[5000:] = b"x" * (len(content) - 5000)
    (tmp_path / "data.sqlite3").write_bytes(content)
    damaged = command("backup", "create", tmp_path / "backup.zip", settings=place)

    for refused in (unusable, damaged):
        assert (1, True) == (refused.returncode, "Traceback" not in refused.stderr), refused.stderr
    assert f"{tmp_path / 'file'}" in unusable.stderr
    assert "data.sqlite3 cannot be used" in damaged.stderr
    assert not list(tmp_path.glob("*backup*"))
