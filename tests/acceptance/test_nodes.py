"""Two server processes on one PostgreSQL database: what one does holds on the other."""

import asyncio
import threading
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import asyncpg
import pytest
from tests.support import postgres
from tests.support.installation import PATIENCE, UNLIMITED, Server, running
from tests.support.mail_server import a_mail_server
from tests.support.people import PASSWORD, Person, operator_of, register, token_mailed_to

from platform_api.roles.standard import SUBCONTRACTOR

INVITED = 20
SIGN_IN = {"UserName": "first@example.com", "Password": PASSWORD}
DUE = "SELECT count(*) FROM letters WHERE due_at IS NOT NULL OR lease_until IS NOT NULL"


@dataclass
class Nodes:
    """Two servers on one database, with the operator and a person who registered at the first one."""

    database: str
    one: Server
    other: Server
    operator: Person
    person: Person

    def rows(self, query: str) -> list[Any]:
        """Return the result of a query on the database."""
        return rows(self.database, query)


def rows(database: str, query: str) -> list[Any]:
    """Return the result of a query on a database."""

    async def fetch() -> list[Any]:
        connection = await asyncpg.connect(database)
        try:
            return await connection.fetch(query)
        finally:
            await connection.close()

    found: list[Any] = postgres.finished(fetch())
    return found


@pytest.fixture(scope="module")
def database() -> Iterator[str]:
    """Return the address of a database for the tests of this module."""
    url = postgres.new_database()
    yield url
    postgres.drop_database(url)


@pytest.fixture(scope="module")
def nodes(database: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Nodes]:
    """Two servers with the same keys and quotas of three sendings an hour."""
    folder = tmp_path_factory.mktemp("nodes")
    settings = {"database.url": database, "server.public_url": "http://platform.example", "mail.tick": "100ms"}
    settings |= {"limits.sends_per_user_hour": "3"}
    with running(folder, settings) as one, running(folder, settings) as other:
        operator = operator_of(one)
        yield Nodes(database, one, other, operator, register(one, operator, "first"))


def test_a_first_start_fills_the_database_once(nodes: Nodes) -> None:
    """The second server finds the schema and the operator of the first, and creates neither."""
    assert nodes.other.operator is None
    assert 2 == nodes.rows("SELECT count(*) FROM users")[0][0]


def test_a_token_of_one_node_is_valid_on_the_other(nodes: Nodes) -> None:
    """A bearer token is accepted by the node that did not issue it, with the same answer."""
    answers = [server.get("/api/contacts/own", nodes.person.token) for server in (nodes.one, nodes.other)]

    assert [200, 200] == [answer.status for answer in answers]
    assert answers[0].json == answers[1].json


def test_a_session_ended_on_one_node_is_ended_on_the_other(nodes: Nodes) -> None:
    """A token that the other node has verified before is refused there as soon as it hears of the end of the session."""
    token, _ = nodes.one.sign_in("first@example.com", PASSWORD)
    before = nodes.other.get("/api/contacts/own", token).status

    ended = nodes.one.post("/api/auth/logout", {}, token).status

    assert (200, 200, 401) == (before, ended, nodes.one.get("/api/contacts/own", token).status)
    until(lambda: nodes.other.get("/api/contacts/own", token).status == 401)


def test_a_quota_is_shared(nodes: Nodes) -> None:
    """Three sendings an hour are three, whichever node they go to; the fourth is refused by both."""

    def invite(server: Server, number: int) -> int:
        body = {"EmailAddress": f"guest{number}@example.com", "Roles": [SUBCONTRACTOR]}
        path = f"/api/contacts/{nodes.person.contact}/invite/contact"
        return server.post(path, body, nodes.person.token).status

    answers = [invite((nodes.one, nodes.other)[number % 2], number) for number in range(5)]

    assert [200, 200, 200, 429, 429] == answers


def test_a_link_works_on_the_other_node(nodes: Nodes) -> None:
    """A link that proves a mailbox is mailed for one node and used on the other; then both admit the person."""
    told = {"FirstName": "Second", "Surname": "Person", "Description": "d", "EmploymentIndustry": "i"}
    told |= {"EmploymentRole": "r", "EmploymentGeographicArea": "a", "EmailAddress": "second@example.com"}
    assert 200 == nodes.one.post("/api/register", told | {"Password": PASSWORD}).status
    token = token_mailed_to(nodes.other, nodes.operator, "second@example.com")

    assert 200 == nodes.other.post("/api/account/verifymailbox", {"Token": token, "Password": PASSWORD}).status
    second = SIGN_IN | {"UserName": "second@example.com"}
    assert [200, 200] == [server.post("/api/auth/credentials", second).status for server in (nodes.one, nodes.other)]


def test_periodic_units_run_on_one_node_at_a_time(nodes: Nodes) -> None:
    """Each periodic unit has one row in the schedule, whichever node runs it."""
    names = [row[0] for row in nodes.rows("SELECT name FROM periodic_units")]

    assert len(names) == len(set(names)) > 5


async def test_each_letter_is_sent_once_by_two_nodes(tmp_path: Path) -> None:
    """The mail workers of two nodes send twenty letters, and none of them twice."""
    database = await asyncio.to_thread(postgres.new_database)
    async with a_mail_server() as mails:
        settings = {**UNLIMITED, "database.url": database, "mail.host": "127.0.0.1", "mail.port": str(mails.port)}
        settings |= {"mail.security": "none", "mail.tick": "50ms", "server.public_url": "http://platform.example"}

        await asyncio.to_thread(invite_on_two_nodes, tmp_path, settings)

    recipients = Counter(line for mail in mails.mails for line in mail.decode().splitlines() if line.startswith("To: "))
    assert INVITED == len(recipients)
    assert {1} == set(recipients.values())
    await asyncio.to_thread(postgres.drop_database, database)


def invite_on_two_nodes(folder: Path, settings: dict[str, str]) -> None:
    """Invite from two servers in turn, until every letter is sent."""
    with running(folder, settings) as one, running(folder, settings) as other:
        operator = operator_of(one)
        for number in range(INVITED):
            body = {"EmailAddress": f"invited{number}@example.com", "Roles": [SUBCONTRACTOR]}
            server = (one, other)[number % 2]
            path = f"/api/contacts/{operator.contact}/invite/contact"
            assert 200 == server.post(path, body, operator.token).status
        until(lambda: not rows(settings["database.url"], DUE)[0][0])


def until(happened: Callable[[], bool]) -> None:
    """Wait until a condition holds."""
    pause = threading.Event()
    for _ in range(int(PATIENCE / 0.05)):
        if happened():
            return
        pause.wait(0.05)
    raise TimeoutError
