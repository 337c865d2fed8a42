"""The list of equivalent mutants, and the requirements for a run.

`equivalent.toml` lists each mutant that no test can detect, with the reason. A mutant is identified by its function and its
changed lines, not by its number, so that a change elsewhere in the function does not invalidate the list.
"""

import tomllib
from collections.abc import Collection
from dataclasses import dataclass
from pathlib import Path

from tests.mutation.modules import Module

LEAST_KILLED = 0.95
"""The share of mutants of each module that its tests must notice."""


@dataclass(frozen=True)
class Mutant:
    """A change of a function.

    Attributes:
        module: path of the module.
        function: name of the function, or `Class.method`.
        before: the changed lines, joined by spaces.
        after: the same lines after the change; empty if they were deleted.
    """

    module: str
    function: str
    before: str
    after: str

    def __str__(self) -> str:
        return f"{self.module}, {self.function}:\n  before: {self.before}\n  after:  {self.after}"


@dataclass(frozen=True)
class Outcome:
    """Result of testing one module.

    Attributes:
        killed: number of mutants that the tests detected.
        survivors: the mutants that they did not detect.
    """

    killed: int
    survivors: tuple[Mutant, ...]

    @property
    def total(self) -> int:
        """Number of all mutants."""
        return self.killed + len(self.survivors)


def equivalents(root: Path) -> list[Mutant]:
    """Return the listed mutants.

    Raises:
        ValueError: a mutant has no reason.
    """
    entries = tomllib.loads((root / "tests/mutation/equivalent.toml").read_text(encoding="utf-8")).get("mutant", [])
    unexplained = [entry for entry in entries if not entry.get("reason")]
    if unexplained:
        raise ValueError(f"equivalent.toml: say why no test can notice this mutant: {unexplained[0]}")
    return [Mutant(each["module"], each["function"], each["before"], each["after"]) for each in entries]


def judge(module: Module, outcome: Outcome, known: Collection[Mutant]) -> list[str]:
    """Return what the outcome of a module leaves to do; empty if it meets the requirements."""
    failures = [
        f"Survived: {mutant}\n  Strengthen {', '.join(module.tests)}, or add the mutant to equivalent.toml."
        for mutant in outcome.survivors
        if mutant not in known
    ]
    failures += [
        f"No longer survives: {mutant}\n  Remove it from equivalent.toml."
        for mutant in known
        if mutant not in outcome.survivors
    ]
    if outcome.killed < LEAST_KILLED * outcome.total:
        failures.append(f"{module.path}: fewer than {LEAST_KILLED:.0%} of its mutants were killed.")
    return failures


__all__ = ["LEAST_KILLED", "Mutant", "Outcome", "equivalents", "judge"]
