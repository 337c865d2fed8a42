"""The documented proxies in front of a real installation: HTTP/2 for clients, and limits by client address."""

import json
import os
import socket
import subprocess
import threading
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from tests.support.certificates import a_certificate
from tests.support.compilers import compiler
from tests.support.installation import PATIENCE, free_port, running

DEPLOY = Path(__file__).parents[2] / "deploy"
pytestmark = pytest.mark.conformance

SERVERS = os.pathsep.join((os.environ.get("PATH", ""), "/usr/sbin"))


@dataclass(frozen=True)
class Proxy:
    """A running proxy.

    Attributes:
        plain: port for HTTP.
        secure: port for HTTPS.
        operator: credentials that can sign in.
    """

    plain: int
    secure: int
    operator: tuple[str, str]

    def curl(self, path: str, *arguments: str, source: str = "127.0.0.1", given: str = "") -> tuple[str, str, str]:
        """Return status, HTTP version and body of the response to a client with this address."""
        told = ("--write-out", "\n%{http_code} %{http_version}", "--max-time", str(PATIENCE))
        command = ["curl", "--silent", "--insecure", "--http2", "--interface", source, *told, *arguments]
        printed = subprocess.run(
            [*command, f"https://127.0.0.1:{self.secure}{path}"],
            input=given,
            capture_output=True,
            text=True,
            check=True,
        ).stdout
        body, _, last = printed.rpartition("\n")
        status, version = last.split(" ")
        return status, version, body

    def sign_in(self, address: str, password: str, *arguments: str, source: str) -> str:
        """Return the status of an attempt to sign in."""
        body = json.dumps({"UserName": address, "Password": password})
        arguments = ("--header", "Content-Type: application/json", "--data", body, *arguments)
        return self.curl("/api/auth/credentials", *arguments, source=source)[0]


def nginx(folder: Path, replaced: dict[str, str]) -> list[str]:
    """Return the command that runs nginx with the documented configuration."""
    text = (DEPLOY / "nginx" / "platform-api.conf").read_text(encoding="utf-8")
    text = "\n".join(line for line in text.splitlines() if "listen [::]" not in line)
    (folder / "platform-api.conf").write_text(written(text, replaced), encoding="utf-8")
    kinds = ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
    paths = " ".join(f"{kind}_temp_path {folder}/{kind};" for kind in kinds)
    http = f"http {{ access_log off; {paths} include {folder}/platform-api.conf; }}"
    main = f"user root; daemon off; pid {folder}/pid; events {{}} {http}"
    (folder / "nginx.conf").write_text(main, encoding="utf-8")
    return [program("nginx"), "-p", str(folder), "-e", "stderr", "-c", str(folder / "nginx.conf")]


def haproxy(folder: Path, replaced: dict[str, str]) -> list[str]:
    """Return the command that runs HAProxy with the documented configuration."""
    text = (DEPLOY / "haproxy" / "haproxy.cfg").read_text(encoding="utf-8")
    (folder / "haproxy.cfg").write_text(written(text, replaced), encoding="utf-8")
    return [program("haproxy"), "-db", "-f", str(folder / "haproxy.cfg")]


def written(text: str, replaced: dict[str, str]) -> str:
    """Save a configuration with the addresses and certificates of the test; each original must occur."""
    for before, after in replaced.items():
        if before in text:
            text = text.replace(before, after)
    assert "/etc/" not in "".join(line.partition("#")[0] for line in text.splitlines())
    return text


def program(name: str) -> str:
    """Return the path of a program, which Debian installs outside the usual path."""
    os.environ["PATH"] = SERVERS
    return compiler(name)


@pytest.fixture(scope="module", params=[nginx, haproxy], ids=["nginx", "haproxy"])
def proxy(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Proxy]:
    """Each proxy in front of an installation of its own that trusts it."""
    folder = tmp_path_factory.mktemp("proxy")
    a_certificate(folder)
    plain, secure = free_port(), free_port()
    with running(folder, {"server.trusted_proxies": "127.0.0.1", "server.connections_per_client": "2"}) as server:
        assert server.operator is not None
        certificate = str(folder / "server.pem")
        replaced = {
            "listen 80;": f"listen 127.0.0.1:{plain};",
            "listen 443 ": f"listen 127.0.0.1:{secure} ",
            "bind :80": f"bind 127.0.0.1:{plain}",
            "bind :443 ": f"bind 127.0.0.1:{secure} ",
            "/etc/ssl/platform-api/fullchain.pem": certificate,
            "/etc/ssl/platform-api/key.pem": certificate,
            "/etc/ssl/platform-api/server.pem": certificate,
            "127.0.0.1:8000": server.netloc,
        }
        with subprocess.Popen(request.param(folder, replaced)) as process:
            try:
                until_listening(secure)
                yield Proxy(plain, secure, server.operator)
            finally:
                process.terminate()


def until_listening(port: int) -> None:
    """Wait until a server listens on a port."""
    for _ in range(500):
        try:
            socket.create_connection(("127.0.0.1", port), timeout=PATIENCE).close()
        except ConnectionRefusedError:
            threading.Event().wait(0.02)
        else:
            return
    raise TimeoutError


def test_clients_speak_http_2(proxy: Proxy) -> None:
    """The proxy offers HTTP/2 with TLS."""
    status, version, body = proxy.curl("/api/metadata", "--header", "Accept: text/html")

    assert ("200", "2") == (status, version)
    assert "<html" in body


def test_http_is_sent_to_https(proxy: Proxy) -> None:
    """Plain HTTP is redirected, keeping the method."""
    url = f"http://127.0.0.1:{proxy.plain}/api/metadata"
    told = subprocess.run(["curl", "--silent", "--head", url], capture_output=True, text=True, check=True).stdout

    assert "308" in told.splitlines()[0]
    assert "location: https://127.0.0.1" in told.lower()


def test_limits_by_address_count_the_client(proxy: Proxy) -> None:
    """Failures slow down only that client behind the proxy, whatever address it claims."""
    forged = ("--header", "X-Forwarded-For: 127.0.0.9")
    for _ in range(200):
        status = proxy.sign_in("nobody@example.com", "wrong", *forged, source="127.0.0.2")
        if status == "429":
            break

    assert "429" == status
    assert "200" == proxy.sign_in(*proxy.operator, source="127.0.0.3")


def test_a_large_body_passes(proxy: Proxy) -> None:
    """A body of nearly a mebibyte reaches the server; a larger one is 413."""
    body = ("--header", "Content-Type: application/json", "--data-binary", "@-")
    sizes = (1_000_000, 1_100_000)
    statuses = [proxy.curl("/api/auth/credentials", *body, given=" " * size)[0] for size in sizes]

    assert ["400", "413"] == statuses
