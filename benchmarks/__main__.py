"""Measurements: `run` speed against others, `timing` what times reveal, `lists` how lists grow, `writers` generated source."""

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
    """Carry out the command line."""
    given = _parser().parse_args(arguments)
    try:
        given.measure(given)
    except CannotMeasure as error:
        sys.exit(f"benchmarks: {error}")


def _speed(given: argparse.Namespace) -> None:
    """Measure speed, and print ratios."""
    place = Place(given.folder.resolve())
    Load.check()
    run = Run(_implementations(given.only, place), given.requests, given.rounds, Load(given.seconds))
    print(_told(run.measure(place, world.find_or_make(place.folder / "world")), run))


def _timing(given: argparse.Namespace) -> None:
    """Measure times; the exit status says whether they tell anything."""
    if not timing.measure(given):
        sys.exit(1)


def _lists(given: argparse.Namespace) -> None:
    """Measure lists of several lengths."""
    print(lists.told(given.sizes))


def _writers(_given: argparse.Namespace) -> None:
    """Measure generated writers against closures."""
    print(writers.table())


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    commands = parser.add_subparsers(required=True)
    run = commands.add_parser("run", help="measure speed, and print the ratios")
    run.set_defaults(measure=_speed)
    run.add_argument("--rounds", type=int, default=7, help="how often everything is measured; the median counts")
    run.add_argument("--seconds", type=int, default=2, help="how long each measurement takes, whole seconds")
    run.add_argument("--only", nargs="+", choices=[each.name for each in IMPLEMENTATIONS], help="which to measure")
    run.add_argument("--requests", nargs="+", choices=[*KINDS, *FORMATS], default=[*KINDS, *FORMATS])
    run.add_argument("--folder", type=Path, default=FOLDER, help="where environments and data are")
    times = commands.add_parser("timing", help="measure whether times tell who is registered, or ignores, or blocks")
    times.set_defaults(measure=_timing)
    timing.add_arguments(times)
    lengths = commands.add_parser("lists", help="measure lists as they grow, and how long others wait for them")
    lengths.set_defaults(measure=_lists)
    lengths.add_argument("--sizes", nargs="+", type=int, default=lists.SIZES, help="how many rows the lists have")
    generated = commands.add_parser("writers", help="measure generated writers of text formats against closures")
    generated.set_defaults(measure=_writers)
    return parser


def _implementations(only: Sequence[str] | None, place: Place) -> list[Implementation]:
    """Those that can be measured here; one that was named must be."""
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
