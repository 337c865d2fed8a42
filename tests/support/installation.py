"""A real installation in its own process: started, called over HTTP, stopped or killed."""

import http.client
import json
import os
import re
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

PATIENCE = 60.0
"""Seconds to wait for anything."""

_OPERATOR = re.compile(r"Operator\s+(\S+), password (\S+)")

QUICK = {
    "sign_in.argon2_memory_kib": "8",
    "sign_in.argon2_time_cost": "1",
    "mail.tick": "20ms",
    "server.management": "off",
}
"""Settings that make passwords cheap, let letters leave soon, and use no port that other servers use."""

UNLIMITED = {
    "limits.resend_cooldown": "0s",
    "limits.resends_per_request": "unlimited",
    "limits.sends_per_user_hour": "unlimited",
    "limits.sends_per_user_day": "unlimited",
    "limits.sends_per_organisation_day": "unlimited",
    "limits.pending_per_sender": "unlimited",
    "limits.letters_per_address_day": "unlimited",
}
"""Settings without quotas; their counters are written nevertheless."""


@dataclass(frozen=True)
class Reply:
    """A response: status, headers by lower-case name, body."""

    status: int
    headers: Mapping[str, str]
    body: bytes

    @property
    def text(self) -> str:
        """The body as text."""
        return self.body.decode()

    @property
    def json(self) -> Any:
        """The body as JSON."""
        return json.loads(self.body)


@dataclass
class Server:
    """A running server process.

    Attributes:
        process: the process.
        url: base URL.
        operator: address and password of the sample operator, if this start created it.
    """

    process: "subprocess.Popen[str]"
    url: str
    operator: tuple[str, str] | None = field(repr=False, default=None)

    @property
    def netloc(self) -> str:
        """Host and port."""
        return urlsplit(self.url).netloc

    def send(
        self, method: str, path: str, body: str | bytes | None = None, headers: Mapping[str, str] | None = None
    ) -> Reply:
        """Send one request on a new connection; return the response."""
        connection = http.client.HTTPConnection(self.netloc, timeout=PATIENCE)
        try:
            content = body.encode() if isinstance(body, str) else body
            connection.request(method, path, content, dict(headers or {}))
            answer = connection.getresponse()
            return Reply(answer.status, {k.lower(): v for k, v in answer.getheaders()}, answer.read())
        finally:
            connection.close()

    def post(self, path: str, value: Any, token: str | None = None) -> Reply:
        """Post a JSON body; return the response."""
        headers = {"Content-Type": "application/json"} | bearer(token)
        return self.send("POST", path, json.dumps(value), headers)

    def get(self, path: str, token: str | None = None, accept: str = "application/json") -> Reply:
        """Send a GET request; return the response."""
        return self.send("GET", path, None, {"Accept": accept} | bearer(token))

    def sign_in(self, address: str, password: str) -> tuple[str, str]:
        """Sign in; return a bearer token and the contact of its owner."""
        body = {"UserName": address, "Password": password, "UseTokenCookie": False}
        answer = self.post("/api/auth/credentials", body).json
        return answer["BearerToken"], answer["Meta"]["ContactId"]

    def kill(self) -> None:
        """Kill the process without cleanup, like a power failure."""
        self.process.send_signal(signal.SIGKILL)
        self.process.wait(PATIENCE)


def bearer(token: str | None) -> dict[str, str]:
    """Return the header with a bearer token; empty without one."""
    return {"Authorization": f"Bearer {token}"} if token else {}


@contextmanager
def running(folder: Path, settings: Mapping[str, str] | None = None) -> Iterator[Server]:
    """Run a server with its data in `folder` until the end of the block."""
    port = free_port()
    given = {
        "server.port": str(port),
        "database.path": str(folder / "data.sqlite3"),
        "keys.path": str(folder / "keys"),
        "logging.level": "warning",
        **QUICK,
        **(settings or {}),
    }
    flags = [f"--set={key}={value}" for key, value in given.items()]
    environment = {name: value for name, value in os.environ.items() if not name.startswith("PLATFORM_API_")}
    process = subprocess.Popen(
        [sys.executable, "-m", "platform_api", "serve", *flags],
        stdout=subprocess.PIPE,
        text=True,
        env=environment,
        cwd=folder,
    )
    with process:
        try:
            yield _answering(process, f"http://127.0.0.1:{port}")
        finally:
            if process.poll() is None:
                process.terminate()
                process.communicate(timeout=PATIENCE)


def free_port() -> int:
    """Return an unused port."""
    with socket.create_server(("127.0.0.1", 0)) as trial:
        port: int = trial.getsockname()[1]
        return port


def _answering(process: "subprocess.Popen[str]", url: str) -> Server:
    said = []
    assert process.stdout is not None
    for line in process.stdout:
        said.append(line)
        if line.startswith("Ctrl-C"):
            break
    assert process.poll() is None, "".join(said)
    found = _OPERATOR.search("".join(said))
    return Server(process, url, (found[1], found[2]) if found else None)


__all__ = ["PATIENCE", "QUICK", "UNLIMITED", "Reply", "Server", "bearer", "free_port", "running"]
