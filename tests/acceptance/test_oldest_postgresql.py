"""The guarantees of databases on the oldest version of PostgreSQL that is supported."""

import os
import subprocess
import sys
from pathlib import Path

import pytest
from tests.support.postgres import GIVEN, PostgresServer

ROOT = Path(__file__).parents[2]
PROGRAMS = Path("/usr/lib/postgresql/15/bin")
"""Where Debian's package `postgresql-15` has its programs."""


@pytest.mark.slow
def test_units_and_revisions_work_on_postgresql_15() -> None:
    """Every test of `tests/integration/database` that uses a server passes on it."""
    if not os.environ.get("CI") and not PROGRAMS.exists():
        pytest.skip("PostgreSQL 15 is not installed; .ci/programs installs it")
    server = PostgresServer(programs=PROGRAMS).start()
    command = [sys.executable, "-m", "pytest", "-q", "-k", "postgresql", "tests/integration/database"]
    try:
        done = subprocess.run(
            [*command, "-p", "no:cacheprovider"],
            cwd=ROOT,
            env={**os.environ, GIVEN: server.url()},
            capture_output=True,
            text=True,
            check=False,
            timeout=300,
        )
    finally:
        server.stop()
        server.remove()
    assert 0 == done.returncode, done.stdout
    assert " passed" in done.stdout
