"""The measurement: an installation and a mail server in separate processes, interleaved samples, a table of areas."""

import argparse
import asyncio
import os
import random
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final

from benchmarks import servers
from benchmarks.servers import LOAD_CORE, PATIENCE, CannotMeasure
from benchmarks.timing import scenes
from benchmarks.timing.auc import LEAST, MOST, Area, area
from benchmarks.timing.probes import PROBES, Client, Line
from benchmarks.timing.scenes import Asking, Pair, Scenes
from benchmarks.world import PUBLIC_URL
from platform_api.installation import first_start
from platform_api.installation.settings import load

Times = dict[tuple[str, str], list[tuple[float, ...]]]
"""Name of a pair and of its case -> the times of each sample."""

_UNLIMITED: Final = (
    *("resends_per_request", "sends_per_user_hour", "sends_per_user_day", "sends_per_organisation_day"),
    *("pending_per_sender", "letters_per_address_day", "kept_contacts_per_contact"),
)


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the command line arguments."""
    parser.add_argument("--samples", type=int, default=2000, help="samples of each case")
    parser.add_argument("--tick", default="20ms", help="mail.tick of the server; short ticks reveal more")
    parser.add_argument("--follow", type=int, default=200, help="number of tiny requests after each request")
    parser.add_argument(
        "--mail", choices=["smtp", "mailbox"], default="smtp", help="how the server delivers its letters"
    )
    parser.add_argument(
        "--delay", type=float, default=2.0, help="delay of each reply of the mail server in milliseconds"
    )
    parser.add_argument("--only", nargs="+", help="only pairs whose name begins with one of these words")


def measure(given: argparse.Namespace) -> bool:
    """Measure and print; return whether all intervals stay within the bounds."""
    with TemporaryDirectory(prefix="platform-api-timing-") as name, _mail_server(given) as mail:
        flags = _flags(Path(name), given.tick, mail)
        settings = load(flags=flags, environment={}).settings
        first_start.prepare(settings)
        print(f"Creating the people for {given.samples} samples.", file=sys.stderr)
        made = asyncio.run(scenes.make(settings, given.samples))
        pairs = [pair for pair in made.pairs if not given.only or pair.name.startswith(tuple(given.only))]
        with _platform(Path(name), flags) as port:
            return _report(_sampled(port, made, pairs, given), pairs, given)


def _flags(folder: Path, tick: str, mail: dict[str, str]) -> dict[str, str]:
    """Return the settings of the server: the defaults, without limits that would reject the samples."""
    return {
        "server.public_url": PUBLIC_URL,
        "server.port": str(servers.free_port()),
        "server.trusted_proxies": "127.0.0.1",
        "database.path": str(folder / "timing.sqlite3"),
        "keys.path": str(folder / "keys"),
        "logging.access": "false",
        "logging.level": "warning",
        "mail.tick": tick,
        "limits.resend_cooldown": "0s",
        **{f"limits.{name}": "unlimited" for name in _UNLIMITED},
        **mail,
    }


def _sampled(port: int, made: Scenes, pairs: Sequence[Pair], given: argparse.Namespace) -> Times:
    """Return the times of all samples. The cases alternate in random order, so that nothing else distinguishes them."""
    times: Times = {(pair.name, case): [] for pair in pairs for case in ("first", "second")}
    os.sched_setaffinity(0, {LOAD_CORE})
    shuffle = random.Random(6).shuffle  # noqa: S311 - no secret
    with Line(port) as asking, Line(port) as probing:
        client = Client(asking, probing, made.token, given.follow, 2 * load_seconds(given.tick))
        for number in range(given.samples):
            turns = [(pair.name, case, _asking(pair, case, number)) for pair in pairs for case in ("first", "second")]
            shuffle(turns)
            for name, case, ask in turns:
                times[name, case].append(client.sample(ask))
            if number % 100 == 99:
                print(f"{number + 1} samples of each case", file=sys.stderr)
    return times


def load_seconds(tick: str) -> float:
    """Return the seconds of a duration in the notation of settings."""
    return load(flags={"mail.tick": tick}, environment={}).settings.mail.tick.total_seconds()


def _asking(pair: Pair, case: str, number: int) -> Asking:
    return (pair.first if case == "first" else pair.second)(number)


def _report(times: Times, pairs: Sequence[Pair], given: argparse.Namespace) -> bool:
    """Print a row for each probe of each pair; return whether all are blind."""
    print(
        f"\n{given.samples} interleaved samples of each case; mail.tick {given.tick}, letters by {given.mail}."
        f"\nAUC with its 95 % interval (DeLong); blind: the interval lies within {LEAST} to {MOST}.\n"
    )
    print("| pair | probe | medians, ms | AUC | 95 % | blind |\n|---|---|---|---|---|---|")
    blind = True
    for pair in pairs:
        for place, probe in enumerate(PROBES):
            first, second = ([each[place] for each in times[pair.name, case]] for case in ("first", "second"))
            found = area(first, second)
            blind = blind and found.is_blind
            print(f"| {pair.name} | {probe} | {_middle(first)}, {_middle(second)} | {_told(found)} |", flush=True)
    return blind


def _middle(seconds: Sequence[float]) -> str:
    return f"{1000 * sorted(seconds)[len(seconds) // 2]:.2f}"


def _told(found: Area) -> str:
    return f"{found.value:.3f} | {found.low:.3f} to {found.high:.3f} | {'yes' if found.is_blind else 'NO'}"


@contextmanager
def _mail_server(given: argparse.Namespace) -> Iterator[dict[str, str]]:
    """Yield the mail settings; start a mail server in a separate process if requested."""
    if given.mail == "mailbox":
        yield {}
        return
    port = servers.free_port()
    command = [sys.executable, "-m", "benchmarks.timing.sink", str(port), str(given.delay)]
    with _process(command, port):
        yield {"mail.host": "127.0.0.1", "mail.port": str(port), "mail.security": "none"}


@contextmanager
def _platform(folder: Path, flags: dict[str, str]) -> Iterator[int]:
    """Start a default installation in a separate process; yield its port."""
    command = [sys.executable, "-m", "platform_api", "serve", *(f"--set={key}={value}" for key, value in flags.items())]
    port = int(flags["server.port"])
    with _process(command, port, folder):
        yield port


@contextmanager
def _process(command: list[str], port: int, folder: Path | None = None) -> Iterator[None]:
    """Run a process that listens on a port until the end of the `with` block."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("PLATFORM_API_")}
    process = subprocess.Popen(command, cwd=folder, env=kept)
    try:
        _wait(process, port)
        yield
    finally:
        process.terminate()
        process.wait(PATIENCE)


def _wait(process: "subprocess.Popen[bytes]", port: int) -> None:
    deadline = time.monotonic() + PATIENCE
    while time.monotonic() < deadline and process.poll() is None:
        if servers.answers(port):
            return
        time.sleep(0.05)
    raise CannotMeasure("The server did not start; its output is above.")


__all__ = ["add_arguments", "measure"]
