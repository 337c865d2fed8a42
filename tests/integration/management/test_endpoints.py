"""Health and metrics of an installation over HTTP, in this process."""

import asyncio
import json
import shutil
import socket
import subprocess
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
import structlog
from prometheus_client.parser import text_string_to_metric_families
from tests.support.stores import an_engine

from platform_api.database.errors import DatabaseAway
from platform_api.database.figures import Figures
from platform_api.database.metadata import metadata
from platform_api.database.transaction import Database, Unit
from platform_api.foundation.metrics import Family, gauge
from platform_api.foundation.pulse import Pulse
from platform_api.management import Monitor, RequestMetrics, serving
from platform_api.management.database import PATIENCE, DatabaseProbe

PULSE = timedelta(minutes=1)
ANY_PORT = ("127.0.0.1", 0)


class Steered:
    """A database whose answers the test decides: those of `database`, an error, or none."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self.error: Exception | None = None
        self.silent = False
        self.reads = 0

    @property
    def figures(self) -> Figures:
        """The counts of the database."""
        return self._database.figures

    async def write(self, unit: Unit[Any]) -> Any:
        """Run a unit."""
        return await self._database.write(unit)

    async def read(self, unit: Unit[Any]) -> Any:
        """Run a unit, or fail, or hang."""
        self.reads += 1
        if self.error is not None:
            raise self.error
        if self.silent:
            await asyncio.Event().wait()
        return await self._database.read(unit)

    async def read_long(self, unit: Unit[Any]) -> Any:
        """Run a long unit like any other."""
        return await self.read(unit)

    def listen(self, topic: str, wake: Any) -> None:
        """Listen to the database."""
        self._database.listen(topic, wake)


class Watched:
    """An installation that is watched.

    Attributes:
        database: its database.
        mail: the pulse of one part.
        monitor: the monitor.
        now: the time of the probe.
    """

    def __init__(self, database: Database) -> None:
        self.database = Steered(database)
        self.mail = Pulse("mail", PULSE)
        self.mail.succeeded()
        self.monitor = Monitor()
        self.requests = RequestMetrics()
        self.now = 100.0
        probe = DatabaseProbe(self.database, [_stored], lambda: self.now)
        self.monitor.watch(probe, [self.mail], [self.requests.metrics])


async def _stored(_tx: object) -> list[Family]:
    return [gauge("stored", "A stored number.", (), {(): 7})]


@pytest.fixture
async def watched(tmp_path: Path) -> AsyncIterator[Watched]:
    """An installation on each kind of database."""
    async with an_engine(tmp_path / "data.sqlite3", metadata).open() as database:
        yield Watched(database)


async def get(address: tuple[str, int], path: str, method: str = "GET", accept: str = "") -> tuple[int, str]:
    """Return status and body of a page of the listener."""
    reader, writer = await asyncio.open_connection(*address)
    writer.write(f"{method} {path} HTTP/1.1\r\nHost: x\r\nAccept: {accept}\r\nConnection: close\r\n\r\n".encode())
    head, _, body = (await reader.read()).partition(b"\r\n\r\n")
    writer.close()
    return int(head.split()[1]), body.decode()


@asynccontextmanager
async def listening(monitor: Monitor) -> AsyncIterator[tuple[str, int]]:
    """Serve a monitor on a free port."""
    async with serving(monitor, ANY_PORT) as address:
        assert address is not None
        yield address


async def test_a_server_is_ready_from_its_start_to_the_signal_to_stop(watched: Watched) -> None:
    """Before and after, the reason is told; it is live all the time."""
    async with listening(watched.monitor) as address:
        before = await get(address, "/health/ready")
        async with watched.monitor.serving():
            during = await get(address, "/health/ready")
            watched.monitor.stop()
            stopping = await get(address, "/health/ready")
        live = await get(address, "/health/live")

    assert (503, "not ready: starting\n") == before
    assert (200, "ready\n") == during
    assert (503, "not ready: stopping\n") == stopping
    assert (200, "live\n") == live


async def test_a_server_without_its_database_is_not_ready_and_says_why(watched: Watched) -> None:
    """It is ready again as soon as the database answers."""
    watched.database.error = DatabaseAway()
    async with listening(watched.monitor) as address, watched.monitor.serving():
        status, text = await get(address, "/health")
        ready = await get(address, "/health/ready")
        watched.database.error, watched.now = None, watched.now + 1
        later = await get(address, "/health/ready")

    health = json.loads(text)
    reason = "The database cannot be reached. Try again in a moment."
    assert (503, "failed", f"database: {reason}") == (status, health["status"], health["reason"])
    assert {"state": "failed", "age_seconds": 0.0, "reason": reason} == health["parts"]["database"]
    assert (503, f"not ready: database: {reason}\n") == ready
    assert (200, "ready\n") == later


async def test_a_silent_database_is_given_up(watched: Watched, monkeypatch: pytest.MonkeyPatch) -> None:
    """A check that waits for a full pool ends by itself."""
    monkeypatch.setattr("platform_api.management.database.PATIENCE", 0.05)
    watched.database.silent = True
    async with watched.monitor.serving():
        report = await watched.monitor.health()

    assert "database: no answer within 0.05 seconds" == report.reason
    assert PATIENCE > 0


async def test_a_failing_part_that_is_not_essential_degrades(watched: Watched) -> None:
    """The server stays ready."""
    watched.mail.failed("silence")
    async with listening(watched.monitor) as address, watched.monitor.serving():
        status, text = await get(address, "/health")

    health = json.loads(text)
    assert (200, "degraded", True) == (status, health["status"], health["ready"])
    assert ("failed", "silence") == (health["parts"]["mail"]["state"], health["parts"]["mail"]["reason"])


async def test_a_lost_transaction_is_told_until_one_is_committed(watched: Watched) -> None:
    """A full disk is seen in the health of changes, while reads are served."""
    watched.database.figures.lose("database or disk is full")
    async with watched.monitor.serving():
        full = await watched.monitor.health()
        await watched.database.write(_nothing)
        after = await watched.monitor.health()

    changes = {part.name: (part.state.value, part.reason) for part in full.parts}["database changes"]
    assert (None, ("failed", "database or disk is full")) == (full.reason, changes)
    assert ["ok", "ok", "ok"] == [part.state.value for part in after.parts]


async def _nothing(_tx: object) -> None:
    """Change nothing."""


async def test_many_checks_cost_no_more_than_one(watched: Watched) -> None:
    """A check is used again for a second, and by all that wait for it."""
    async with watched.monitor.serving():
        await asyncio.gather(*(watched.monitor.health() for _ in range(20)))
        assert 1 == watched.database.reads
        watched.now += 1
        await watched.monitor.health()
        assert 2 == watched.database.reads


async def test_metrics_can_be_read_by_prometheus(watched: Watched) -> None:
    """Both of its formats, with requests, the database and the state of each part."""
    watched.requests.observe("Hello", 200, "json", 0.1)
    await watched.database.write(_nothing)
    async with listening(watched.monitor) as address, watched.monitor.serving():
        status, text = await get(address, "/metrics")
        _, open_metrics = await get(address, "/metrics", accept="application/openmetrics-text; version=1.0.0")

    samples = {
        (sample.name, tuple(sorted(sample.labels.items()))): sample.value
        for family in text_string_to_metric_families(text)
        for sample in family.samples
    }
    hello = (("format", "json"), ("http_response_status_code", "200"), ("operation", "Hello"))
    assert 200 == status
    assert 1 == samples["http_server_requests_total", hello]
    assert 1 == samples["platform_api_database_transactions_total", (("outcome", "committed"),)]
    assert 1 == samples["platform_api_ready", ()]
    assert 1 == samples["platform_api_part_state", (("part", "mail"), ("state", "ok"))]
    assert 7 == samples["stored", ()]
    assert open_metrics.endswith("# EOF\n")


async def test_metrics_are_served_without_the_database(watched: Watched) -> None:
    """Only those that are stored in it are left out."""
    watched.database.error = DatabaseAway()
    async with watched.monitor.serving():
        report = await watched.monitor.metrics()

    names = {family.name for family in report.families}
    assert {"http_server_requests", "platform_api_database_units"} < names
    assert "stored" not in names


@pytest.mark.parametrize(
    ("status", "method", "path"), [(404, "GET", "/"), (405, "POST", "/health"), (200, "HEAD", "/health/live")]
)
async def test_other_requests(watched: Watched, status: int, method: str, path: str) -> None:
    """An unknown page names those that exist; only reading is allowed."""
    async with listening(watched.monitor) as address:
        assert status == (await get(address, path, method))[0]


@pytest.mark.no_database
async def test_a_taken_port_is_logged_and_the_installation_goes_on() -> None:
    """The log says what to do."""
    with socket.create_server(("127.0.0.1", 0)) as other, structlog.testing.capture_logs() as entries:
        port = other.getsockname()[1]
        async with serving(Monitor(), ("127.0.0.1", port)) as address:
            assert address is None

    expected = {
        "event": "health and metrics are not served",
        "log_level": "warning",
        "host": "127.0.0.1",
        "port": port,
        "reason": "Address already in use",
        "remedy": "stop the program that uses the port, or set server.management to another address, or off",
    }
    assert [expected] == entries


def promtool() -> str:
    """The path of promtool; the test is skipped without it."""
    found = shutil.which("promtool")
    if found is None:
        pytest.skip("promtool is not installed; on Debian it is in the package prometheus")
    return found


async def test_promtool_accepts_the_metrics(watched: Watched) -> None:
    """Names, units and descriptions follow the conventions of Prometheus."""
    watched.requests.observe("Hello", 200, "json", 0.1)
    async with listening(watched.monitor) as address, watched.monitor.serving():
        _, text = await get(address, "/metrics")
    command = [promtool(), "check", "metrics"]
    done = await asyncio.to_thread(subprocess.run, command, input=text, capture_output=True, text=True, check=False)
    assert (0, "", "") == (done.returncode, done.stdout, done.stderr)


@pytest.mark.no_database
def test_promtool_accepts_the_alert_rules() -> None:
    """The rules are valid, and fire as `deploy/prometheus/tests.yml` says."""
    folder = Path(__file__).parents[3] / "deploy" / "prometheus"
    checked = subprocess.run(
        [promtool(), "check", "rules", "alerts.yml"], capture_output=True, text=True, check=False, cwd=folder
    )
    tested = subprocess.run(
        [promtool(), "test", "rules", "tests.yml"], capture_output=True, text=True, check=False, cwd=folder
    )
    assert (0, 0) == (checked.returncode, tested.returncode), checked.stdout + tested.stdout + tested.stderr
