"""The published clients and their languages: installed once, as their lists of hashes say.

A machine without Node, or without a way to the packages, skips their tests; in CI (the variable `CI` is set) they fail.
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
    """The Python that has the published client library, in an environment of its own."""
    return str(_environment("clients") / "bin" / "python")


def openapi_tools() -> Path:
    """The folder of the programs that take an OpenAPI document at its word, in an environment of their own."""
    return _environment("openapi") / "bin"


def saved_document(folder: Path) -> Path:
    """The OpenAPI document of the platform in a file of the folder."""
    file = folder / "platform.json"
    file.write_bytes(as_json(document(the_catalog())))
    return file


def _environment(name: str) -> Path:
    """The environment in `var/` that has what `requirements/{name}.lock` lists."""
    folder, lock = _ROOT / "var" / name, _ROOT / "requirements" / f"{name}.lock"
    with _made(folder, lock) as is_made:
        if not is_made:
            _install(sys.executable, "-m", "venv", folder)
            pip = (folder / "bin" / "python", "-m", "pip", "--disable-pip-version-check", "--quiet")
            _install(*pip, "install", "--require-hashes", "--requirement", lock)
    return folder


def node_modules() -> Path:
    """The folder of the published packages for Node."""
    npm = compiler("npm")
    with _made(_MODULES, _NODE / "package-lock.json") as is_made:
        if not is_made:
            _install(npm, "ci", cwd=_NODE)
    return _MODULES


@contextmanager
def _made(folder: Path, lock: Path) -> Iterator[bool]:
    """Whether the folder was made of this list; if not it is to be made in the block, by one process at a time."""
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
