"""Command line of mutation testing: `make mutants`, or `python -m tests.mutation --part today`."""

import argparse
import sys
from datetime import UTC, datetime
from pathlib import Path

from tests.mutation.modules import Module, modules, part_of, parts
from tests.mutation.report import equivalents, judge
from tests.mutation.running import outcome

_ROOT = Path(__file__).parents[2]


def main() -> int:
    """Test the chosen modules; return 1 if one of them fails the requirements."""
    chosen = _chosen(_arguments())
    failures = [failure for module in chosen for failure in _test(module)]
    for failure in failures:
        print(failure, file=sys.stderr)
    return 1 if failures else 0


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m tests.mutation", description="Mutation testing of pure modules.")
    parser.add_argument("--part", help="'today', or the number of a part; without it, every module is tested")
    parser.add_argument("modules", nargs="*", help="paths of modules; without any, all of them, or those of the part")
    return parser.parse_args()


def _chosen(arguments: argparse.Namespace) -> list[Module]:
    found = modules(_ROOT)
    if arguments.modules:
        return [module for module in found if module.path in arguments.modules]
    if arguments.part is None:
        return found
    count = parts(_ROOT)
    today = datetime.now(UTC).date()
    number = today.toordinal() % count + 1 if arguments.part == "today" else int(arguments.part)
    print(f"Part {number} of {count}. Repeat it with --part {number}.", flush=True)
    return part_of(found, number, count, _ROOT)


def _test(module: Module) -> list[str]:
    result = outcome(module, _ROOT)
    known = [each for each in equivalents(_ROOT) if each.module == module.path]
    print(f"{module.path}: {result.killed} of {result.total} killed, {len(result.survivors)} survived", flush=True)
    return judge(module, result, known)


if __name__ == "__main__":
    sys.exit(main())
