"""The modules under mutation testing, and the requirements for a run."""

from pathlib import Path

import pytest
from tests.mutation.modules import Module, modules, part_of, parts
from tests.mutation.report import Mutant, Outcome, equivalents, judge

ROOT = Path(__file__).parents[3]
MODULE = Module("src/package/rules.py", ("tests/unit/test_rules.py",))
MUTANT = Mutant(MODULE.path, "decide", "a < b", "a <= b")
OTHER = Mutant(MODULE.path, "decide", "a < b", "a > b")


def test_every_module_of_rules_is_covered() -> None:
    """Every module of rules and of the binding is listed in pyproject.toml."""
    pure = {*ROOT.glob("src/**/rules.py"), *ROOT.glob("src/**/*_rules.py"), *ROOT.glob("src/servicehost/binding/*.py")}
    expected = {str(path.relative_to(ROOT)) for path in pure if path.name != "__init__.py"}

    assert set() == expected - {module.path for module in modules(ROOT)}


def test_modules_and_their_tests_exist() -> None:
    """Every listed file exists."""
    named = [path for module in modules(ROOT) for path in (module.path, *module.tests)]

    assert [] == [path for path in named if not (ROOT / path).exists()]


def test_the_parts_are_all_modules_once() -> None:
    """The parts together contain each module once."""
    count = parts(ROOT)
    dealt = [module for number in range(1, count + 1) for module in part_of(modules(ROOT), number, count, ROOT)]

    assert modules(ROOT) == sorted(dealt, key=lambda module: module.path)


def test_the_report_is_about_modules_that_are_covered() -> None:
    """Every equivalent mutant has a reason and belongs to a listed module."""
    assert set() == {mutant.module for mutant in equivalents(ROOT)} - {module.path for module in modules(ROOT)}


def test_a_mutant_without_a_reason_is_refused(tmp_path: Path) -> None:
    """An entry without a reason is an error."""
    report = tmp_path / "tests/mutation/equivalent.toml"
    report.parent.mkdir(parents=True)
    report.write_text('[[mutant]]\nmodule = "m"\nfunction = "f"\nbefore = "a"\nafter = "b"\n')

    with pytest.raises(ValueError, match="say why no test can notice this mutant"):
        equivalents(tmp_path)


@pytest.mark.parametrize(
    ("expected", "outcome", "known"),
    [
        ([], Outcome(20, ()), []),
        ([], Outcome(19, (MUTANT,)), [MUTANT]),
        (["Survived"], Outcome(19, (MUTANT,)), []),
        (["Survived", "No longer survives"], Outcome(19, (MUTANT,)), [OTHER]),
        (["No longer survives"], Outcome(20, ()), [MUTANT]),
        (["fewer than 95%"], Outcome(18, (MUTANT,)), [MUTANT]),
    ],
)
def test_what_a_run_must_fulfil(expected: list[str], outcome: Outcome, known: list[Mutant]) -> None:
    """The survivors are exactly the listed ones, and 95 % of the mutants are killed."""
    failures = judge(MODULE, outcome, known)

    assert len(expected) == len(failures)
    assert all(begin in failure for begin, failure in zip(expected, failures, strict=True))
