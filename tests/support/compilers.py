"""Compilers and interpreters of other languages: found on the machine, run, and heard out when they complain.

A machine need not have them: tests that need one are skipped there. In CI (the variable `CI` is set) they fail.
"""

import os
import shutil
import subprocess
from collections.abc import Mapping
from pathlib import Path
from typing import NoReturn

import pytest


def compiler(*names: str) -> str:
    """The path of the first of these programs that the machine has; without any the test is skipped, in CI it fails."""
    found = next((path for name in names if (path := shutil.which(name))), None)
    return found or _missing(" or ".join(names))


def library(path: str) -> Path:
    """A library that a compiler needs, where Debian puts it; without it the test is skipped, in CI it fails."""
    found = Path(path)
    return found if found.exists() else _missing(path)


def _missing(what: str) -> NoReturn:
    if os.environ.get("CI"):
        pytest.fail(f"not installed: {what}; CI has to install it")
    pytest.skip(f"not installed: {what}")


def run(*command: str | Path, cwd: Path, stdin: str = "", environment: Mapping[str, str] | None = None) -> str:
    """What a program prints; the test fails with everything that it said if it does not end well."""
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
