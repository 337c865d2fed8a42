"""The published clients and their languages, installed once from their lock files.

Their tests are skipped without Node or network access to the packages; in CI (environment variable `CI`) they fail.
"""

import fcntl
import hashlib
import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import NoReturn

import pytest
from tests.support.catalog import the_catalog
from tests.support.compilers import compiler

from servicehost.openapi import as_json, document

_ROOT = Path(__file__).parents[2]

_NODE = _ROOT / "tests" / "conformance" / "node"
_MODULES = _NODE / "node_modules"


def python_of_clients() -> str:
    """Return the Python interpreter of an environment with the published client library."""
    return str(_environment("clients") / "bin" / "python")


def openapi_tools() -> Path:
    """Return the folder of the tools that process an OpenAPI document, in a separate environment."""
    return _environment("openapi") / "bin"


def saved_document(folder: Path) -> Path:
    """Save the OpenAPI document of the platform in the folder."""
    file = folder / "platform.json"
    file.write_bytes(as_json(document(the_catalog())))
    return file


def _environment(name: str) -> Path:
    """Return the environment in `var/` with the packages of `requirements/{name}.lock`."""
    folder, lock = _ROOT / "var" / name, _ROOT / "requirements" / f"{name}.lock"
    with _made(folder, lock) as is_made:
        if not is_made:
            _install(sys.executable, "-m", "venv", folder)
            pip = (folder / "bin" / "python", "-m", "pip", "--disable-pip-version-check", "--quiet")
            _install(*pip, "install", "--require-hashes", "--requirement", lock)
    return folder


def node_modules() -> Path:
    """Return the folder of the published packages for Node."""
    npm = compiler("npm")
    with _made(_MODULES, _NODE / "package-lock.json") as is_made:
        if not is_made:
            _install(npm, "ci", cwd=_NODE)
    return _MODULES


@contextmanager
def _made(folder: Path, lock: Path) -> Iterator[bool]:
    """Yield whether the folder was made from this list; if not, the block makes it, in one process at a time."""
    stamp, wanted = folder / ".made-of", hashlib.sha256(lock.read_bytes()).hexdigest()
    guard = _ROOT / "var" / f"{folder.name}.lock"
    guard.parent.mkdir(exist_ok=True)
    with guard.open("w") as held:
        fcntl.flock(held, fcntl.LOCK_EX)
        is_made = stamp.exists() and stamp.read_text(encoding="ascii") == wanted
        yield is_made
        if not is_made:
            stamp.write_text(wanted, encoding="ascii")


def _install(*command: str | Path, cwd: Path = _ROOT) -> None:
    done = subprocess.run(command, cwd=cwd, capture_output=True, encoding="utf-8", check=False)
    if done.returncode != 0:
        _not_installed(f"{Path(command[0]).name} ended with {done.returncode}\n{done.stdout}\n{done.stderr}")


def _not_installed(why: str) -> NoReturn:
    if os.environ.get("CI"):
        pytest.fail(f"not installed: {why}")
    pytest.skip(f"not installed: {why}")


__all__ = ["node_modules", "openapi_tools", "python_of_clients", "saved_document"]
