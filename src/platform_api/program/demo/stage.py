"""Environment of the demonstration: a server process of this program, a mail server, and a client that prints."""

import email
import email.policy
import http.client
import json
import os
import queue
import re
import socket
import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from email.message import EmailMessage
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from platform_api.foundation.refusals import Refusal

PATIENCE = 30.0
"""Seconds to wait for a mail or for the server to answer."""

_ANSWERS_AT = re.compile(r"answers at (http://\S+)")
_SHOWN = 400


class DemoFailed(Refusal):
    """A step of the demonstration did not have the expected result."""


class NoMailServer(Refusal):
    """The package of the mail server that the demo needs is not installed."""

    def __init__(self) -> None:
        super().__init__("The demo needs the package aiosmtpd. Run `make demo`, which installs it.")


def expect(*, that: bool, otherwise: str) -> None:
    """Check the result of a step.

    Raises:
        DemoFailed: it is not the expected one.
    """
    if not that:
        raise DemoFailed(f"The demo stopped: {otherwise}")


class ReceivedMails:
    """Mails that the mail server received over SMTP."""

    def __init__(self) -> None:
        self._arrived: queue.Queue[EmailMessage] = queue.Queue()

    async def handle_DATA(self, _server: object, _session: object, envelope: Any) -> str:  # noqa: N802 - aiosmtpd's name
        """Receive a mail; called by the mail server."""
        content = bytes(envelope.original_content)
        self._arrived.put(email.message_from_bytes(content, policy=email.policy.default))
        return "250 taken"

    def next_mail(self) -> EmailMessage:
        """Wait for the next mail.

        Raises:
            DemoFailed: no mail arrives.
        """
        try:
            return self._arrived.get(timeout=PATIENCE)
        except queue.Empty:
            raise DemoFailed(f"No mail arrived within {PATIENCE:.0f} seconds.") from None

    def next_link(self) -> str:
        """The link in the next mail that arrives."""
        mail = self.next_mail()
        body = mail.get_body(("plain",))
        text = body.get_content() if body else ""
        print(f"\n--- mail to {mail['To']}: {mail['Subject']}\n{_indented(text.strip())}")
        found = re.search(r"http://\S+Token=\S+", text)
        if found is None:
            raise DemoFailed("The mail has no link.")
        return found[0]


@contextmanager
def mail_server() -> Iterator[tuple[ReceivedMails, int]]:
    """An SMTP server on a free port of this machine, with the mails that it receives.

    Raises:
        NoMailServer: aiosmtpd is not installed.
    """
    try:
        from aiosmtpd.controller import Controller  # noqa: PLC0415 - not needed for anything else
    except ImportError:
        raise NoMailServer from None
    mailbox, port = ReceivedMails(), _free_port()
    controller = Controller(mailbox, hostname="127.0.0.1", port=port)
    controller.start()
    try:
        yield mailbox, port
    finally:
        controller.stop()


def _free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as trial:
        port: int = trial.getsockname()[1]
        return port


@contextmanager
def server(folder: Path, mail_port: int, **settings: str) -> Iterator["Client"]:
    """A server process on a free port, with its data in `folder`, that mails to `mail_port`."""
    given = {
        "server.port": "0",
        "database.path": str(folder / "demo.db"),
        "keys.path": str(folder / "keys"),
        "mail.host": "127.0.0.1",
        "mail.port": str(mail_port),
        "mail.security": "none",
        "mail.tick": "50ms",
        "logging.level": "warning",
        **settings,
    }
    flags = [f"--set={key}={value}" for key, value in given.items()]
    environment = {name: value for name, value in os.environ.items() if not name.startswith("PLATFORM_API_")}
    process = subprocess.Popen(
        [sys.executable, "-m", "platform_api", "serve", *flags],
        stdout=subprocess.PIPE, text=True, env=environment, cwd=folder,
    )  # fmt: skip
    try:
        yield Client(_address(process))
    finally:
        process.terminate()
        process.communicate(timeout=PATIENCE)


def _address(process: "subprocess.Popen[str]") -> str:
    """The address that the server prints when it has started."""
    for line in process.stdout or ():
        if found := _ANSWERS_AT.search(line):
            return found[1]
    raise DemoFailed("The server did not start; its log above says why.")


@dataclass(frozen=True)
class DemoReply:
    """A response: status, headers by lower-case name, body."""

    status: int
    headers: Mapping[str, str]
    text: str

    @property
    def json(self) -> Any:
        """The body as JSON."""
        return json.loads(self.text)


@dataclass
class Client:
    """Sends requests to the server, and prints them with their responses.

    Attributes:
        url: address of the server.
        token: sent as bearer token.
        contact: contact of the user of the token.
    """

    url: str
    token: str | None = field(default=None, repr=False)
    contact: str = ""

    def get(self, path: str, expected: int = 200, accept: str = "application/json") -> DemoReply:
        """GET a path and print it."""
        return self._send("GET", path, None, {"Accept": accept}, expected)

    def post(self, path: str, body: Any, expected: int = 200, content_type: str = "application/json") -> DemoReply:
        """POST a body (text, or a value that is encoded as JSON), and print it."""
        text = body if isinstance(body, str) else json.dumps(body)
        return self._send("POST", path, text, {"Content-Type": content_type, "Accept": content_type}, expected)

    def signed_in(self, token: str, contact: str) -> "Client":
        """A client with the token of a user."""
        return Client(self.url, token, contact)

    def _send(self, method: str, path: str, body: str | None, headers: dict[str, str], expected: int) -> DemoReply:
        if self.token:
            headers["Authorization"] = f"Bearer {self.token}"
        print(f"\n>>> {method} {_hidden(path)}  {headers.get('Content-Type', headers['Accept'])}")
        if body:
            print(_indented(_hidden(body)))
        connection = http.client.HTTPConnection(urlsplit(self.url).netloc, timeout=PATIENCE)
        try:
            connection.request(method, path, body.encode() if body else None, headers)
            answer = connection.getresponse()
            reply = DemoReply(answer.status, {k.lower(): v for k, v in answer.getheaders()}, answer.read().decode())
        finally:
            connection.close()
        print(f"<<< {reply.status}  {reply.headers.get('content-type', '')}")
        print(_indented(_hidden(_shortened(reply.text))))
        expect(that=reply.status == expected, otherwise=f"expected {expected}, got {reply.status}: {reply.text}")
        return reply


def _shortened(text: str) -> str:
    if "<html" in text:
        text = " ".join(re.sub(r"<style>.*?</style>|<[^>]+>", " ", text, flags=re.DOTALL).split())
    return text if len(text) <= _SHOWN else f"{text[:_SHOWN]} ... ({len(text)} characters)"


def _hidden(text: str) -> str:
    """The text without tokens and passwords, since a demonstration has an audience."""
    text = re.sub(r"(Token=)[\w.-]+", r"\1...", text)
    return re.sub(r'("(?:\w*[Tt]oken|\w*[Pp]assword)":\s*)"[^"]*"', r'\1"..."', text)


def _indented(text: str) -> str:
    return "\n".join(f"    {line}" for line in text.splitlines())


__all__ = ["PATIENCE", "Client", "DemoFailed", "DemoReply", "ReceivedMails", "expect", "mail_server", "server"]
