"""Command line of the benchmarks: `run`, `timing`, `lists` and `writers`."""

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path

from benchmarks import lists, report, world, writers
from benchmarks.load import Load
from benchmarks.requests import FORMATS, KINDS, Kind
from benchmarks.rounds import Measured, Run, cores
from benchmarks.servers import IMPLEMENTATIONS, CannotMeasure, Implementation, Place
from benchmarks.timing import run as timing

FOLDER = Path("var/bench")


def main(arguments: Sequence[str] | None = None) -> None:
    """Run the benchmark named on the command line."""
    given = _parser().parse_args(arguments)
    try:
        given.measure(given)
    except CannotMeasure as error:
        sys.exit(f"benchmarks: {error}")


def _speed(given: argparse.Namespace) -> None:
    """Measure speed and print ratios."""
    place = Place(given.folder.resolve())
    Load.check()
    run = Run(_implementations(given.only, place), given.requests, given.rounds, Load(given.seconds))
    print(_told(run.measure(place, world.find_or_make(place.folder / "world")), run))


def _timing(given: argparse.Namespace) -> None:
    """Measure response times; exit with 1 if they reveal anything."""
    if not timing.measure(given):
        sys.exit(1)


def _lists(given: argparse.Namespace) -> None:
    """Measure lists of several lengths."""
    print(lists.told(given.sizes))


def _writers(_given: argparse.Namespace) -> None:
    """Compare generated writers with closures."""
    print(writers.table())


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    commands = parser.add_subparsers(required=True)
    run = commands.add_parser("run", help="measure speed and print ratios")
    run.set_defaults(measure=_speed)
    run.add_argument("--rounds", type=int, default=7, help="number of rounds, of which the median is reported")
    run.add_argument("--seconds", type=int, default=2, help="duration of each measurement in whole seconds")
    run.add_argument("--only", nargs="+", choices=[each.name for each in IMPLEMENTATIONS], help="which to measure")
    run.add_argument("--requests", nargs="+", choices=[*KINDS, *FORMATS], default=[*KINDS, *FORMATS])
    run.add_argument("--folder", type=Path, default=FOLDER, help="folder for environments and data")
    times = commands.add_parser(
        "timing", help="measure whether response times reveal who is registered, ignored or blocked"
    )
    times.set_defaults(measure=_timing)
    timing.add_arguments(times)
    lengths = commands.add_parser(
        "lists", help="measure the cost of growing lists, and how long other requests wait for them"
    )
    lengths.set_defaults(measure=_lists)
    lengths.add_argument("--sizes", nargs="+", type=int, default=lists.SIZES, help="numbers of rows in the lists")
    generated = commands.add_parser("writers", help="compare generated writers of text formats with closures")
    generated.set_defaults(measure=_writers)
    return parser


def _implementations(only: Sequence[str] | None, place: Place) -> list[Implementation]:
    """Return the implementations that can be measured here; fail if one named on the command line cannot."""
    chosen = [each for each in IMPLEMENTATIONS if only is None or each.name in only]
    missing = {each.name: reason for each in chosen if (reason := each.missing(place))}
    for name, reason in missing.items():
        if only is not None:
            raise CannotMeasure(f"{name} cannot be measured: {reason}.")
        print(f"Without {name}: {reason}.", file=sys.stderr)
    return [each for each in chosen if each.name not in missing]


def _told(measured: Measured, run: Run) -> str:
    kinds: Sequence[Kind] = run.kinds
    parts = (
        f"{run.rounds} rounds of {run.load.seconds} s each, medians; {cores()}.",
        report.ratios(measured, run.implementations, kinds),
        report.formats(measured, kinds),
        report.rates(measured, run.implementations, kinds),
    )
    return "\n\n".join(part for part in parts if part)


if __name__ == "__main__":
    main()
