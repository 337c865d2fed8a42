"""A server killed during its work: acknowledged changes are kept, and pending mail is sent."""

import asyncio
import http.client
import itertools
import sqlite3
import threading
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from pathlib import Path

from tests.support.installation import PATIENCE, UNLIMITED, Server, running
from tests.support.mail_server import MailServer, a_mail_server

from platform_api.foundation import tokens
from platform_api.foundation.tokens import Purpose
from platform_api.installation.keys import KeyFolder
from platform_api.roles.standard import SUBCONTRACTOR
from servicehost.contract.scalars import Guid

INVITED = 24
BEFORE_THE_KILL = 200
"""How many resends are answered before the server is killed, while others are under way."""

UNSETTLED = "SELECT count(*) FROM letters WHERE due_at IS NOT NULL OR lease_until IS NOT NULL"
RESENT = "SELECT subject_id, count(*) FROM journal_entries WHERE act = 'resend' GROUP BY subject_id"
VERSIONS = "SELECT id, token_version FROM connection_requests"
PROMPT = {"mail.lease": "2s", "mail.slow_retry": "1s", "mail.timeout": "5s"}


async def test_after_a_kill_every_answered_resend_is_kept_and_every_letter_goes_out(tmp_path: Path) -> None:
    """SIGKILL during a load of resends loses no acknowledged one, and no mail of a committed one."""
    async with a_mail_server() as mails:
        settings = {**UNLIMITED, **PROMPT, "mail.host": "127.0.0.1", "mail.port": str(mails.port)}
        settings["mail.security"] = "none"

        answered = await asyncio.to_thread(load_until_killed, tmp_path, settings)

        assert BEFORE_THE_KILL <= answered.total()
        kept = dict(rows(tmp_path, RESENT))
        assert {} == {request: count for request, count in answered.items() if kept.get(request, 0) < count}
        with_server = running(tmp_path, settings)
        with with_server:
            await settled(tmp_path)
        assert set() == await asyncio.to_thread(latest_links, tmp_path) - links_in(mails)


def load_until_killed(folder: Path, settings: dict[str, str]) -> Counter[str]:
    """Resend requests until the server is killed; return the number of successful resends of each."""
    answered: Counter[str] = Counter()
    enough = threading.Event()
    lock = threading.Lock()
    with running(folder, settings) as server:
        token, contact, requests = invitations(server)
        turns = itertools.cycle(requests)

        def resend_for_ever() -> None:
            while True:
                with lock:
                    request = next(turns)
                try:
                    reply = server.post(f"/api/connectionrequests/{request}/resend", {"ContactId": contact}, token)
                except (OSError, http.client.HTTPException):
                    return
                with lock:
                    answered[request] += reply.status == 200
                    if answered.total() >= BEFORE_THE_KILL:
                        enough.set()

        with ThreadPoolExecutor(8) as threads:
            for _ in range(8):
                threads.submit(resend_for_ever)
            enough.wait(PATIENCE)
            server.kill()
    return answered


def invitations(server: Server) -> tuple[str, str, list[str]]:
    """Return the operator's token and contact, and the requests that they have sent."""
    assert server.operator is not None
    token, contact = server.sign_in(*server.operator)
    for number in range(INVITED):
        body = {"EmailAddress": f"invited{number}@example.com", "Roles": [SUBCONTRACTOR]}
        assert 200 == server.post(f"/api/contacts/{contact}/invite/contact", body, token).status
    sent = server.get(f"/api/contacts/{contact}/connectionrequests/sent", token).json["ConnectionRequests"]
    return token, contact, [each["ConnectionRequestId"] for each in sent]


def rows(folder: Path, query: str) -> list[tuple[str, int]]:
    """Return the result of a query on the database."""
    with closing(sqlite3.connect(folder / "data.sqlite3", timeout=PATIENCE)) as connection:
        return connection.execute(query).fetchall()


async def settled(folder: Path) -> None:
    """Wait until no letter remains to be sent."""
    async with asyncio.timeout(PATIENCE):
        while rows(folder, UNSETTLED)[0][0]:  # noqa: ASYNC110 - the event happens in another process
            await asyncio.sleep(0.05)


def latest_links(folder: Path) -> set[str]:
    """Return the token of the last sending of every request."""
    keys = KeyFolder.open(folder / "keys")()
    return {
        tokens.derive(keys, Purpose.INVITATION, Guid(request), version) for request, version in rows(folder, VERSIONS)
    }


def links_in(mails: MailServer) -> set[str]:
    """Return the tokens in all mails that arrived."""
    text = b"\n".join(mail.replace(b"=\r\n", b"").replace(b"=3D", b"=") for mail in mails.mails).decode()
    return {part.split()[0] for part in text.split("Token=")[1:]}
