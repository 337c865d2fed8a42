"""The files of deploy/ that run the server: the systemd unit, the container image, the compose file."""

import json
import os
import re
import shlex
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import msgspec
import pytest
from tests.support.compilers import compiler, run
from tests.support.installation import PATIENCE, QUICK, free_port, running

from platform_api.installation.settings import load

ROOT = Path(__file__).parents[2]
UNIT = ROOT / "deploy/systemd/platform-api.service"
CONTAINERFILE = ROOT / "deploy/container/Containerfile"
COMPOSE = ROOT / "deploy/container/compose.yaml"
PROGRAM = Path(sys.executable).parent / "platform-api"

_DENY_WRITABLE_CODE = """
import ctypes, os, sys
ctypes.CDLL(None).prctl(65, 1, 0, 0, 0)
os.execv(sys.argv[1], sys.argv[1:])
"""
"""A program that runs another one as MemoryDenyWriteExecute= does: PR_SET_MDWE, which Linux has since 6.3."""


def directives(name: str) -> list[str]:
    """The values of a directive of the unit."""
    return re.findall(rf"^{name}=(.*)$", UNIT.read_text(), re.MULTILINE)


def steps() -> list[tuple[str, str]]:
    """The instructions of the Containerfile with their arguments, continued lines joined."""
    text = re.sub(r"^#.*\n", "", CONTAINERFILE.read_text(), flags=re.MULTILINE).replace("\\\n", " ")
    return [(line.split()[0], line.partition(" ")[2].strip()) for line in text.splitlines() if line.strip()]


def of_build_stage() -> Iterator[tuple[str, str]]:
    """The instructions before the second FROM."""
    for name, argument in steps()[1:]:
        if name == "FROM":
            return
        yield name, argument


def image_environment() -> dict[str, str]:
    """The settings that the image sets."""
    return {
        name: value
        for instruction, argument in steps()
        if instruction == "ENV"
        for name, _, value in (each.partition("=") for each in shlex.split(argument))
        if name.startswith("PLATFORM_API_")
    }


def compose() -> dict[str, Any]:
    """The services of the compose file."""
    services: dict[str, Any] = msgspec.yaml.decode(COMPOSE.read_bytes())["services"]
    return services


def test_the_unit_is_hardened() -> None:
    """Systemd rates its exposure at 2.5 of 10 at most."""
    said = run(compiler("systemd-analyze"), "security", "--offline=true", "--no-pager", UNIT, cwd=ROOT)

    found = re.search(r"Overall exposure level for \S+: ([\d.]+)", said)
    assert found is not None
    assert float(found[1]) <= 2.5


def test_the_unit_starts_the_server(tmp_path: Path) -> None:
    """Its command serves in its folder, with its environment, and with memory that is never writable and executable."""
    settings = {"server.port": str(free_port()), "server.management": f"127.0.0.1:{free_port()}", **QUICK}
    config = tmp_path / "platform-api.toml"
    config.write_text("".join(f"{key} = {json.dumps(_number(value))}\n" for key, value in settings.items()))
    (program, *arguments) = shlex.split(directives("ExecStart")[0])
    assert "/opt/platform-api/bin/platform-api" == program
    given = dict(each.split("=", 1) for each in directives("Environment"))
    assert {"PLATFORM_API_CONFIG": "/etc/platform-api/platform-api.toml"} == given
    environment = {"PATH": os.defpath, "HOME": "/", "PLATFORM_API_CONFIG": str(config)}
    command = [sys.executable, "-c", _DENY_WRITABLE_CODE, str(PROGRAM), *arguments]
    with subprocess.Popen(command, cwd=tmp_path, env=environment, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        try:
            told = next((line for line in process.stdout if line.startswith("Ctrl-C")), "")
        finally:
            process.terminate()
            process.communicate(timeout=PATIENCE)

    assert told
    assert 0 == process.returncode
    assert {"keys", "platform-api.sqlite3"} <= {each.name for each in (tmp_path / "var").iterdir()}


def _number(value: str) -> int | str:
    return int(value) if value.isdigit() else value


def test_the_unit_waits_for_the_server_to_stop() -> None:
    """Systemd kills the server later than the server gives up waiting by itself."""
    grace = load({}).settings.server.shutdown_grace
    assert int(directives("TimeoutStopSec")[0]) >= 2 * grace.total_seconds()


def test_the_image_copies_files_that_exist() -> None:
    """The build stage copies no file that .dockerignore leaves out."""
    ignored = (ROOT / ".dockerignore").read_text().splitlines()
    copied = [each for name, argument in of_build_stage() if name == "COPY" for each in argument.split()[:-1]]

    assert ["requirements/run.lock", "pyproject.toml", "README.md", "LICENSE", "src"] == copied
    assert [] == [each for each in copied if not (ROOT / each).exists() or f"!{each}" not in ignored]


@pytest.mark.slow
def test_the_steps_of_the_image_install_the_program(tmp_path: Path) -> None:
    """The copies and commands of the build stage, in a folder instead of a container, make a program that runs."""
    place, source = tmp_path / "opt", tmp_path / "source"
    source.mkdir()
    for name, argument in of_build_stage():
        if name == "COPY":
            *files, target = argument.split()
            for each in files:
                _copy(ROOT / each, source / target / (Path(each).name if target.endswith("/") else ""))
        elif name == "RUN":
            command = argument.replace("/opt/platform-api", str(place)).replace(
                "python -m venv", f"{sys.executable} -m venv"
            )
            run("bash", "-euc", command, cwd=source)

    assert run(place / "bin/platform-api", "version", cwd=tmp_path).strip()
    assert str(place) in run(
        place / "bin/python", "-I", "-c", "import platform_api; print(platform_api.__file__)", cwd=tmp_path
    )


def _copy(file: Path, target: Path) -> None:
    target.parent.mkdir(parents=True, exist_ok=True)
    shutil.copytree(file, target) if file.is_dir() else shutil.copy(file, target)


def test_the_settings_of_the_image_are_valid() -> None:
    """Data and keys are in the volume, and the server listens on every address."""
    settings = load(image_environment()).settings

    assert ("0.0.0.0", Path("/data/platform-api.sqlite3"), Path("/data/keys")) == (
        settings.server.host,
        settings.database.path,
        settings.keys.path,
    )
    assert {("VOLUME", "/data"), ("USER", "platform-api"), ("EXPOSE", str(settings.server.port))} <= set(steps())


def test_the_health_check_of_the_image_asks_the_server(tmp_path: Path) -> None:
    """It succeeds while the server is ready, and fails without one."""
    port = free_port()
    (check,) = [argument.partition("CMD ")[2] for name, argument in steps() if name == "HEALTHCHECK"]
    _, *arguments = json.loads(check)
    command = [sys.executable, *(each.replace(":9464", f":{port}") for each in arguments)]
    with running(tmp_path, {"server.management": f"127.0.0.1:{port}"}):
        assert 0 == subprocess.run(command, check=False).returncode
    assert 0 != subprocess.run(command, check=False, stderr=subprocess.DEVNULL).returncode


def test_the_settings_of_the_compose_file_are_valid() -> None:
    """The server uses the database beside it, and waits until that is healthy."""
    ours, database = compose()["platform-api"], compose()["postgres"]
    password = re.compile(r"\$\{POSTGRES_PASSWORD:\?[^}]*\}")
    given = {name: password.sub("secret", value) for name, value in ours["environment"].items()}
    public_url = re.sub(r"\$\{PUBLIC_URL:-([^}]*)\}", r"\1", given["PLATFORM_API_SERVER__PUBLIC_URL"])

    settings = load(image_environment() | given | {"PLATFORM_API_SERVER__PUBLIC_URL": public_url}).settings

    names = database["environment"]
    assert f"postgresql://{names['POSTGRES_USER']}:secret@postgres:5432/{names['POSTGRES_DB']}" == settings.database.url
    assert {"postgres": {"condition": "service_healthy"}} == ours["depends_on"]
    assert password.fullmatch(names["POSTGRES_PASSWORD"])
    assert (ROOT / "deploy/container" / ours["build"]["context"]).resolve() == ROOT
    assert (ROOT / ours["build"]["dockerfile"]) == CONTAINERFILE


def test_backups_work_with_the_versions_of_the_compose_file() -> None:
    """The image is based on a Debian whose pg_dump has the version of the server."""
    versions = {"trixie": 17}
    (base,) = {argument.split()[0].rpartition("-")[2] for name, argument in steps() if name == "FROM"}
    assert f"postgres:{versions[base]}" == compose()["postgres"]["image"]
