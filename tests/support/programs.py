"""Programs that use the published clients against a running server, and report what they observe.

They are in `tests/conformance/clients/` and report the same in both languages: a line of JSON for each fact, with its name
and value.
"""

import json
import shutil
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tests.support.clients import node_modules, python_of_clients
from tests.support.compilers import compiler, run
from tests.support.installation import UNLIMITED, Server, running
from tests.support.people import PASSWORD, Person, operator_of, register

from platform_api.foundation.well_known import ContactType
from platform_api.roles.standard import SUBCONTRACTOR

CLIENTS = ("python", "JsonServiceClient", "JsonApiClient")
"""The published clients: the one for Python, and the two for TypeScript."""

QUIET = {"SERVICESTACK_TELEMETRY_OPTOUT": "1"}
"""Keeps the published tool from telling its makers that it was used."""

_STRICT = {"sign_in.access_token_life": "3s", "limits.resend_cooldown": "5m"}
_PROGRAMS = Path(__file__).parents[1] / "conformance" / "clients"


@dataclass(frozen=True)
class Platform:
    """A platform with two people.

    Attributes:
        server: the server.
        strict: a server with access tokens that live for seconds, and a cooldown between resends.
        first: a person.
        second: another person.
    """

    server: Server
    strict: Server
    first: Person
    second: Person

    def given(self, client: str) -> str:
        """Return the arguments of a program."""
        assert self.server.operator is not None
        address, password = self.server.operator
        return json.dumps({
            "url": self.server.url,
            "strict_url": self.strict.url,
            "client": client,
            "operator": {"address": address, "password": password},
            "first": _described("first", self.first),
            "second": _described("second", self.second),
            "real_person": ContactType.REAL_PERSON.id,
            "role": SUBCONTRACTOR,
        })  # fmt: skip


def _described(name: str, person: Person) -> dict[str, str]:
    return {"address": f"{name}@example.com", "password": PASSWORD, "contact": person.contact}


@contextmanager
def platform_in(folder: Path) -> Iterator[Platform]:
    """Run a platform with its data in a folder."""
    with running(folder, UNLIMITED) as server, running(folder, UNLIMITED | _STRICT) as strict:
        operator = operator_of(server)
        yield Platform(server, strict, register(server, operator, "first"), register(server, operator, "second"))


class Programs:
    """The programs, and their reports so far."""

    def __init__(self, platform: Platform) -> None:
        self._platform = platform
        self._told: dict[tuple[str, str], Mapping[str, Any]] = {}

    def told(self, client: str, program: str, sources: Path) -> Mapping[str, Any]:
        """Return the report of a program with one of the clients, by name; it runs once, with the sources of its language."""
        key = client, program
        if key not in self._told:
            printed = self._run(client, program, sources)
            self._told[key] = dict(map(json.loads, printed.splitlines()))
        return self._told[key]

    def _run(self, client: str, program: str, sources: Path) -> str:
        environment = {"GIVEN": self._platform.given(client), "PYTHONPATH": str(sources)}
        if client == "python":
            path = _PROGRAMS / "python" / f"{program}.py"
            return run(python_of_clients(), "-B", path, cwd=sources, environment=environment)
        return run(compiler("node"), f"{program}.js", cwd=sources, environment=environment)


def save_python(platform: Platform, folder: Path) -> None:
    """Save `dtos.py` in a folder; the published tool does not download Python."""
    text = platform.server.get("/api/types/python").text
    (folder / "dtos.py").write_text(text, encoding="utf-8")


def save_typescript(platform: Platform, folder: Path) -> None:
    """Save the TypeScript programs in a folder, compiled strictly with the sources that the published tool downloads."""
    shutil.copytree(_PROGRAMS / "typescript", folder, dirs_exist_ok=True)
    (folder / "package.json").write_text('{"type": "module"}', encoding="utf-8")
    (folder / "node_modules").symlink_to(node_modules())
    reference(folder, "typescript", f"{platform.server.url}/api")
    compile_strictly(folder, *(path.name for path in folder.glob("*.ts")))


def reference(folder: Path, language: str, *arguments: str) -> str:
    """Return the output of `typescript-ref`, or its equivalent for another language, run in a folder."""
    tool = node_modules() / ".bin" / f"{language}-ref"
    return run(tool, *arguments, cwd=folder, environment=QUIET)


def compile_strictly(folder: Path, *arguments: str) -> None:
    """Compile TypeScript in a folder with all checks of `strict`."""
    tsc = node_modules() / ".bin" / "tsc"
    options = ("--strict", "--target", "es2022", "--module", "nodenext", "--lib", "es2022,dom")
    run(compiler("node"), tsc, *options, *arguments, cwd=folder)


__all__ = [
    "CLIENTS",
    "Platform",
    "Programs",
    "compile_strictly",
    "platform_in",
    "reference",
    "save_python",
    "save_typescript",
]
