"""One run of mutmut over one module, in its own directory under `var/mutants`.

mutmut reads its settings from the pyproject.toml of the current directory and supports one selection of tests. Each module
therefore gets a directory with links to the sources and tests, and a copy of pyproject.toml with a `[tool.mutmut]` table.
"""

import json
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

from tests.mutation.modules import Module
from tests.mutation.report import Mutant, Outcome

_NOTICED = ("killed", "timeout")
_LONGEST_RUN = 900
"""Seconds after which the run of one module is given up."""

_PROGRESS = re.compile("[\u2800-\u28ff]")
"""The first character of a line that mutmut writes to show that it is still at work."""

_GENERATED = re.compile(r".*\.x(?:ǁ(?P<owner>\w+?)ǁ|_)(?P<name>\w+)__mutmut_\d+")


def outcome(module: Module, root: Path) -> Outcome:
    """Mutate a module and run its tests against each mutant.

    Raises:
        RuntimeError: the tests fail without mutations, or mutmut fails.
    """
    workplace = _workplace(module, root)
    _mutmut(workplace, "run", "--max-children", str(min(2, os.cpu_count() or 1)))
    statuses = dict(
        line.strip().split(": ") for line in _mutmut(workplace, "results", "--all", "true").splitlines() if line.strip()
    )
    survivors = [name for name, status in statuses.items() if status not in _NOTICED]
    return Outcome(len(statuses) - len(survivors), tuple(_described(workplace, module, name) for name in survivors))


def _workplace(module: Module, root: Path) -> Path:
    workplace = root / "var" / "mutants" / re.sub(r"\W+", "_", module.path.removesuffix(".py"))
    shutil.rmtree(workplace, ignore_errors=True)
    workplace.mkdir(parents=True)
    for name in ("src", "tests"):
        (workplace / name).symlink_to(root / name)
    project = (root / "pyproject.toml").read_text(encoding="utf-8")
    (workplace / "pyproject.toml").write_text(f"{project}\n{_settings(module)}", encoding="utf-8")
    return workplace


def _settings(module: Module) -> str:
    settings = {
        "source_paths": ["src"],
        "only_mutate": [module.path],
        "pytest_add_cli_args_test_selection": list(module.tests),
        "pytest_add_cli_args": ["-p", "no:cacheprovider", "-m", "not exhaustive and not slow"],
        # A server that has run no test forks a process for each mutant, so that caches of the module
        # left by other tests do not hide a mutation.
        "process_isolation": "forkserver",
    }
    lines = [f"{name} = {json.dumps(value)}" for name, value in settings.items()]
    return "\n".join(["[tool.mutmut]", *lines, ""])


def _mutmut(workplace: Path, *arguments: str) -> str:
    run = subprocess.run(
        [Path(sys.executable).with_name("mutmut"), *arguments],
        cwd=workplace,
        env={**os.environ, "HYPOTHESIS_PROFILE": "mutants"},
        capture_output=True,
        text=True,
        timeout=_LONGEST_RUN,
        check=False,
    )
    if run.returncode:
        told = "\n".join(line for line in run.stdout.splitlines() if not _PROGRESS.match(line))
        raise RuntimeError(f"mutmut {' '.join(arguments)} failed in {workplace}:\n{told}\n{run.stderr}")
    return run.stdout


def _described(workplace: Path, module: Module, name: str) -> Mutant:
    generated = _GENERATED.fullmatch(name)
    assert generated
    function = f"{generated['owner']}.{generated['name']}" if generated["owner"] else generated["name"]
    difference = _mutmut(workplace, "show", name).splitlines()
    return Mutant(module.path, function, _lines(difference, "-"), _lines(difference, "+"))


def _lines(difference: list[str], sign: str) -> str:
    """Return the removed or added lines of a unified diff, without its header, joined by spaces."""
    return " ".join(line[1:].strip() for line in difference if line.startswith(sign) and not line.startswith(sign * 3))


__all__ = ["outcome"]
