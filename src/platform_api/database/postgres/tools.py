"""The client programs of PostgreSQL: pg_dump and pg_restore."""

import os
import subprocess
from collections.abc import Callable
from urllib.parse import unquote, urlsplit, urlunsplit

from platform_api.database.backups import ToolFailed

_LINES_TOLD = 3


def run_tool(program: str, url: str | None, *options: str, follow: Callable[[str], None] | None = None) -> list[str]:
    """Run a program on a database; return the lines of its output.

    The password is passed in the environment: every user of the machine can read the command line of a process.

    Args:
        program: name of the program, searched in PATH.
        url: address of the database; None for a program that needs none.
        options: arguments.
        follow: called with each line of its messages.

    Raises:
        ToolFailed: the program is missing or failed; the message has its last words.
    """
    command = [program, *options, *([] if url is None else [f"--dbname={_without_password(url)}"])]
    try:
        process = subprocess.Popen(  # noqa: S603 - a fixed program; PATH decides which version
            command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, env=_environment(url)
        )
    except FileNotFoundError as error:
        raise ToolFailed(
            f"The program {program} is not in PATH. Install the client programs of PostgreSQL, of the version of the"
            " server or a later one (on Debian: apt-get install postgresql-client)."
        ) from error
    with process:
        return _followed(program, process, follow)


def _followed(program: str, process: "subprocess.Popen[str]", follow: Callable[[str], None] | None) -> list[str]:
    """The output of a running program. One of its two streams is short enough for a pipe: no program here fills both."""
    assert process.stdout is not None  # noqa: S101 - it was asked for
    assert process.stderr is not None  # noqa: S101 - it was asked for
    said: list[str] = []
    output = [] if follow else process.stdout.read().splitlines()
    for line in process.stderr:
        said = [*said[1 - _LINES_TOLD :], line.strip()]
        if follow:
            follow(line)
    if process.wait():
        raise ToolFailed(f"{program} failed. {' '.join(said)} Remove the cause and try again.")
    return output


def _environment(url: str | None) -> dict[str, str]:
    environment = {**os.environ, "LC_ALL": "C"}
    password = url and urlsplit(url).password
    return environment | {"PGPASSWORD": unquote(password)} if password else environment


def _without_password(url: str) -> str:
    parts = urlsplit(url)
    user, at, hosts = parts.netloc.rpartition("@")
    return urlunsplit(parts._replace(netloc=f"{user.partition(':')[0]}{at}{hosts}"))


__all__ = ["run_tool"]
