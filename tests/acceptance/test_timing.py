"""The timing benchmark runs; its findings depend on the machine and are not asserted here."""

import subprocess
import sys
from pathlib import Path

import pytest

PAIRS = 8
PROBES = 4


@pytest.mark.slow
@pytest.mark.parametrize("mail", ["smtp", "mailbox"])
def test_the_timing_benchmark_prints_a_row_for_each_probe_of_each_pair(mail: str) -> None:
    """Every request of every case has the response that the benchmark expects."""
    command = [sys.executable, "-m", "benchmarks", "timing", "--samples", "2", "--follow", "3", "--mail", mail]
    done = subprocess.run(command, cwd=Path(__file__).parents[2], capture_output=True, text=True, check=False)

    rows = [line for line in done.stdout.splitlines() if line.endswith(("| yes |", "| NO |"))]
    assert PAIRS * PROBES == len(rows), done.stdout + done.stderr
