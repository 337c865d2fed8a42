"""Tests of the command line: its output and exit status."""

import subprocess
import sys
from pathlib import Path

import pytest

from platform_api.program import cli


def outcome(*arguments: str) -> int:
    """The exit status of a command."""
    try:
        cli.main(arguments)
    except SystemExit as end:
        return int(end.code or 0)
    return 0


@pytest.fixture(autouse=True)
def _empty_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Run in a folder without a settings file."""
    monkeypatch.chdir(tmp_path)


def test_settings_are_printed_with_where_they_come_from(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """Each line has a key, its value and the source of the value."""
    (tmp_path / "platform-api.toml").write_text("[server]\nport = 9000\n", encoding="utf-8")
    monkeypatch.setenv("PLATFORM_API_LIMITS__RESEND_COOLDOWN", "0s")

    assert 0 == outcome("settings", "--set", "server.host=127.0.0.2", "--set", "limits.resends_per_request=unlimited")

    printed = [line.split(maxsplit=2) for line in capsys.readouterr().out.splitlines()]
    assert ["server.port", "9000", "platform-api.toml"] in printed
    assert ["server.host", "127.0.0.2", "flag"] in printed
    assert ["limits.resends_per_request", "unlimited", "flag"] in printed
    assert ["limits.resend_cooldown", "0s", "environment PLATFORM_API_LIMITS__RESEND_COOLDOWN"] in printed
    assert ["limits.sends_per_user_hour", "20", "default"] in printed


def test_a_named_file_is_read(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    """The file of `--config` is read."""
    file = tmp_path / "other.toml"
    file.write_text("[server]\nport = 9000\n", encoding="utf-8")

    assert 0 == outcome("settings", "--config", str(file))
    assert f"  {file}" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (("setings",), 'Did you mean "settings"?'),
        (("settings", "--set", "server.port"), "--set server.port has no value. Write --set server.port=VALUE."),
        (("settings", "--set", "server.prt=1"), "server.prt (flag) is not a setting; did you mean server.port?"),
        (("settings", "--config", "absent.toml"), "absent.toml does not exist"),
        (("serve", "--port", "abc"), 'Invalid value for --port: unable to convert "abc" into int.'),
        (("serve", "--port", "70000"), "server.port: '70000' (flag) is not a whole number from 0 to 65535."),
        (("operator", "grant"), "requires an argument"),
    ],
)
def test_errors_of_usage_have_exit_status_two(
    capsys: pytest.CaptureFixture[str], arguments: tuple[str, ...], told: str
) -> None:
    """An error of usage or settings is printed to standard error without a traceback; the exit status is 2."""
    assert 2 == outcome(*arguments)

    captured = capsys.readouterr()
    assert captured.err.startswith("platform-api: ")
    assert told in captured.err
    assert "" == captured.out


def test_other_errors_have_exit_status_one(capsys: pytest.CaptureFixture[str]) -> None:
    """A command that fails says what to do; the exit status is 1."""
    assert 1 == outcome("operator", "grant", "first@example.com")
    assert "Start the server once" in capsys.readouterr().err


def test_help_needs_nothing_but_the_command_line_itself() -> None:
    """Help does not import the server's libraries."""
    heavy = "{'sqlalchemy', 'httptools', 'h2', 'structlog', 'msgspec', 'starlette', 'argon2'}"
    program = f"import sys, platform_api.program.cli; sys.exit(bool({heavy} & sys.modules.keys()))"

    assert 0 == subprocess.run([sys.executable, "-c", program], check=False).returncode


def test_keys_are_rotated(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    """A rotation keeps the old key and adds one that signs soon."""
    assert 0 == outcome("keys", "rotate", "--set", f"keys.path={tmp_path / 'keys'}")
    assert 2 == len(list((tmp_path / "keys").glob("*.key")))
    assert "Copy the folder to the other nodes" in capsys.readouterr().out
