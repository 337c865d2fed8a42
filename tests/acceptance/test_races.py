"""Concurrent conflicting requests to two server processes on one database."""

import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from uuid import UUID

import pytest
from sqlalchemy import text
from tests.support import postgres
from tests.support.installation import UNLIMITED, Reply, Server, running
from tests.support.people import Person, operator_of, register

from platform_api.database.engine import Engine
from platform_api.database.postgres.engine import PostgresEngine
from platform_api.database.sqlite.engine import SqliteEngine
from platform_api.foundation.well_known import ContactType
from platform_api.roles.standard import EMPLOYEE, EMPLOYER, SUBCONTRACTOR

ROUNDS = 25
WINNERS = {"AlreadyAccepted": "Accepted", "AlreadyCancelled": "Cancelled"}
ACCEPTS = "SELECT count(*) FROM journal_entries WHERE act = 'accept' AND subject_id = ?"
LIVE = "SELECT count(*), count(DISTINCT key) FROM connections WHERE status IN ('Pending', 'Active')"


@dataclass
class Nodes:
    """Run two servers and create two people."""

    engine: Engine
    one: Server
    other: Server
    first: Person
    second: Person

    def rows(self, query: str, *parameters: str) -> list[tuple[object, ...]]:
        """Return the result of a query on the database."""
        given = {f"p{number}": each for number, each in enumerate(parameters)}
        for name in given:
            query = query.replace("?", f":{name}", 1)
        found = self.engine.alone(lambda connection: connection.execute(text(query), given).all())
        return [tuple(str(value) if isinstance(value, UUID) else value for value in row) for row in found]

    def act(self, server: Server, operation: str, request: str, who: Person) -> Callable[[], Reply]:
        """Return a function that sends an operation on a request."""
        return lambda: server.post(f"/api/{operation}", {"ConnectionRequestId": request}, who.token)

    def ask(self, server: Server, sender: Person, receiver: Person, role: str) -> Reply:
        """Send a request from one person to the other."""
        body = {"ContactTypeId": ContactType.REAL_PERSON.id, "Roles": [role], "SendConnectionEmails": False}
        return server.post(f"/api/connections/{sender.contact}/to/{receiver.contact}", body, sender.token)

    def pending(self) -> str:
        """Return the request from the first to the second person, sending it if there is none."""
        self.ask(self.one, self.first, self.second, SUBCONTRACTOR)
        listed = self.one.get(f"/api/contacts/{self.second.contact}/connectionrequests/received", self.second.token)
        found: str = listed.json["ConnectionRequests"][0]["ConnectionRequestId"]
        return found


@pytest.fixture(scope="module", params=["sqlite", "postgresql"])
def nodes(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Nodes]:
    """Two servers and two people, on each kind of database."""
    folder = tmp_path_factory.mktemp("races")
    settings = {**UNLIMITED, "server.public_url": "http://platform.example"}
    engine: Engine = SqliteEngine(folder / "data.sqlite3")
    if request.param == "postgresql":
        settings["database.url"] = postgres.new_database()
        engine = PostgresEngine(settings["database.url"])
    with running(folder, settings) as one, running(folder, settings) as other:
        operator = operator_of(one)
        yield Nodes(engine, one, other, register(one, operator, "first"), register(one, operator, "second"))


def at_once(*acts: Callable[[], Reply]) -> list[Reply]:
    """Send requests at the same moment; return the responses."""
    together = threading.Barrier(len(acts))

    def start(act: Callable[[], Reply]) -> Reply:
        together.wait()
        return act()

    with ThreadPoolExecutor(len(acts)) as threads:
        return list(threads.map(start, acts))


def test_of_an_accept_and_a_cancel_one_wins_and_the_other_is_told(nodes: Nodes) -> None:
    """Exactly one succeeds, and the state is that of the winner."""
    for _ in range(ROUNDS):
        request = nodes.pending()
        accepted, cancelled = at_once(
            nodes.act(nodes.one, "AcceptConnectionRequest", request, nodes.second),
            nodes.act(nodes.other, "CancelConnectionRequest", request, nodes.first),
        )

        (status,) = nodes.rows("SELECT status FROM connection_requests WHERE id = ?", request)
        assert [200, 409] == sorted([accepted.status, cancelled.status])
        loser = accepted if accepted.status == 409 else cancelled
        assert (WINNERS[loser.json["responseStatus"]["errorCode"]],) == status
        if accepted.status == 200:
            end(nodes, request)


def test_a_request_accepted_twice_at_once_makes_one_connection(nodes: Nodes) -> None:
    """The second accept is a repetition: 200 without further effect."""
    for _ in range(ROUNDS):
        request = nodes.pending()
        servers = (nodes.one, nodes.other)
        replies = at_once(*(nodes.act(server, "AcceptConnectionRequest", request, nodes.second) for server in servers))

        assert [200, 200] == [reply.status for reply in replies]
        assert [(1,)] == nodes.rows(ACCEPTS, request)
        end(nodes, request)


def test_requests_that_mirror_each_other_become_one_connection(nodes: Nodes) -> None:
    """Of two simultaneous requests, one is sent and the other accepts it."""
    for _ in range(ROUNDS):
        replies = at_once(
            lambda: nodes.ask(nodes.one, nodes.first, nodes.second, EMPLOYEE),
            lambda: nodes.ask(nodes.other, nodes.second, nodes.first, EMPLOYER),
        )

        assert [200, 200] == [reply.status for reply in replies]
        assert [(1, 1)] == nodes.rows(LIVE)
        ((request, status),) = nodes.rows(
            "SELECT request_id, status FROM connections WHERE status IN ('Pending', 'Active')"
        )
        assert "Active" == status
        end(nodes, str(request))


def end(nodes: Nodes, request: str) -> None:
    """Remove the connection of a request."""
    ((connection,),) = nodes.rows("SELECT connection_id FROM connection_requests WHERE id = ?", request)
    reply = nodes.one.post("/api/RemoveConnection", {"ConnectionId": connection}, nodes.first.token)
    assert 200 == reply.status
