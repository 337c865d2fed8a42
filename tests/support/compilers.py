"""Compilers and interpreters of other languages.

Tests that need one that is not installed are skipped; in CI (environment variable `CI`) they fail.
"""

import os
import shutil
import subprocess
from collections.abc import Mapping
from pathlib import Path
from typing import NoReturn

import pytest


def compiler(*names: str) -> str:
    """Return the path of the first installed program of these; without any, skip the test, or fail in CI."""
    found = next((path for name in names if (path := shutil.which(name))), None)
    return found or _missing(" or ".join(names))


def library(path: str) -> Path:
    """Return a library that a compiler needs, from its Debian path; without it, skip the test, or fail in CI."""
    found = Path(path)
    return found if found.exists() else _missing(path)


def _missing(what: str) -> NoReturn:
    if os.environ.get("CI"):
        pytest.fail(f"not installed: {what}; CI has to install it")
    pytest.skip(f"not installed: {what}")


def run(*command: str | Path, cwd: Path, stdin: str = "", environment: Mapping[str, str] | None = None) -> str:
    """Return a program's output; if it fails, fail the test with all of its output."""
    done = subprocess.run(
        command,
        cwd=cwd,
        input=stdin,
        env={**os.environ, **(environment or {})},
        capture_output=True,
        encoding="utf-8",
        check=False,
    )
    assert done.returncode == 0, f"{command[0]} ended with {done.returncode}\n{done.stdout}\n{done.stderr}"
    return done.stdout


__all__ = ["compiler", "library", "run"]
