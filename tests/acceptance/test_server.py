"""Start and stop of a real server process."""

import http.client
import signal
import subprocess
import sys
from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import urlsplit

PROGRAM = Path(__file__).parents[1] / "support" / "minimal_server.py"


class Running:
    """Run a server with these settings until the end of the block."""

    def __init__(self, process: "subprocess.Popen[str]") -> None:
        self.process = process
        self.url = self.line()

    def line(self) -> str:
        """Return the next line of its output."""
        assert self.process.stdout is not None
        return self.process.stdout.readline().strip()

    def wait_for_log(self, text: str) -> None:
        """Wait until a log entry has `text`."""
        assert self.process.stderr is not None
        assert any(text in line for line in self.process.stderr)

    def get(self, path: str) -> tuple[int, str]:
        """Return status and body of the response."""
        connection = http.client.HTTPConnection(urlsplit(self.url).netloc, timeout=30)
        try:
            connection.request("GET", path)
            answer = connection.getresponse()
            return answer.status, answer.read().decode()
        finally:
            connection.close()


@contextmanager
def running(*arguments: str) -> Iterator[Running]:
    """A server with these settings, ended with the block."""
    command = [sys.executable, str(PROGRAM), "server.port=0", "server.management=off", *arguments]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as process:
        try:
            yield Running(process)
        finally:
            process.kill()


@contextmanager
def running_with_a_request_in_flight(*arguments: str) -> Iterator[tuple[Running, Future[tuple[int, str]]]]:
    """Run a server with a request that it has not answered yet."""
    with ThreadPoolExecutor() as threads, running(*arguments) as server:
        answer = threads.submit(server.get, "/slow")
        assert "asked" == server.line()
        yield server, answer


def test_it_says_where_it_is_once_it_answers() -> None:
    """The printed address accepts requests immediately."""
    with running() as server:
        assert (200, "/hello") == server.get("/hello")


def test_sigterm_finishes_the_request_in_flight() -> None:
    """A request in progress at SIGTERM is completed, then the application is closed."""
    with running_with_a_request_in_flight() as (server, answer):
        server.process.send_signal(signal.SIGTERM)
        server.wait_for_log("stopping")
        server.process.send_signal(signal.SIGUSR1)

        assert (200, "/slow") == answer.result()
        assert ("closed", 0) == (server.line(), server.process.wait())


def test_ctrl_c_finishes_the_request_in_flight() -> None:
    """Ctrl-C behaves like SIGTERM."""
    with running_with_a_request_in_flight() as (server, answer):
        server.process.send_signal(signal.SIGINT)
        server.wait_for_log("stopping")
        server.process.send_signal(signal.SIGUSR1)

        assert (200, "/slow") == answer.result()
        assert ("closed", 0) == (server.line(), server.process.wait())


def test_an_open_connection_without_a_request_does_not_hold_the_end_up() -> None:
    """The server does not wait for idle connections."""
    with running() as server:
        idle = http.client.HTTPConnection(urlsplit(server.url).netloc)
        idle.request("GET", "/")
        idle.getresponse().read()

        server.process.send_signal(signal.SIGTERM)

        assert 0 == server.process.wait()
        idle.close()


def test_a_second_signal_ends_it_at_once() -> None:
    """A second signal stops the server without waiting for requests in progress."""
    with running_with_a_request_in_flight() as (server, answer):
        server.process.send_signal(signal.SIGTERM)
        server.wait_for_log("stopping")
        server.process.send_signal(signal.SIGTERM)

        assert 1 == server.process.wait()
        assert isinstance(answer.exception(), OSError | http.client.HTTPException)


def test_requests_in_flight_are_not_waited_for_for_ever() -> None:
    """After the grace period a request in progress is answered with 503, and the application is closed."""
    with running_with_a_request_in_flight("server.shutdown_grace=0s") as (server, answer):
        server.process.send_signal(signal.SIGTERM)

        stopped = "The server stopped before the request was finished. Send it again.\n"
        assert (503, stopped) == answer.result()
        assert ("closed", 0) == (server.line(), server.process.wait())


def test_an_application_that_does_not_start_ends_the_server() -> None:
    """A server whose application fails to start prints no address, and exits with the reason in its log."""
    with running("/broken") as server:
        assert "" == server.url
        server.wait_for_log("no database")
        assert 0 != server.process.wait()
