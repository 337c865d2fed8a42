"""Code shared by all Python peers: data location, tokens, errors, and the SQL of the requests."""

import asyncio
import os
import sqlite3
import threading
from collections.abc import Awaitable, Callable, Sequence
from datetime import UTC, datetime
from typing import Any, Final, Protocol

SECRET: Final = os.environ["BENCH_SECRET"]
DATABASE: Final = os.environ["BENCH_DATABASE"]
ISSUER: Final = "benchmark"
PRAGMAS: Final = (
    "PRAGMA journal_mode = WAL",
    "PRAGMA synchronous = FULL",
    "PRAGMA busy_timeout = 5000",
    "PRAGMA foreign_keys = ON",
)
REFUSALS: Final = {
    "NotFound": (404, "There is no such connection request."),
    "Forbidden": (403, "This is not your connection request."),
    "NotPending": (409, "The connection request is not pending."),
    "Unauthorized": (401, "The token is not valid."),
}
READERS: Final = 3

GET_REQUEST = "SELECT sender_id, recipient_id, status FROM connection_request WHERE id = ?"
MARK_RESENT = "UPDATE connection_request SET resent_at = ?, resend_count = resend_count + 1 WHERE id = ?"
QUEUE_LETTER = (
    "INSERT INTO email_outbox (request_id, recipient_id, kind, created_at, state) VALUES (?, ?, 'resend', ?, 'queued')"
)
RECEIVED = """
    SELECT r.id, r.recipient_id, r.status, r.message, r.created_at, r.expires_at, r.resent_at, r.resend_count,
           c.id, c.first_name, c.last_name, c.email, c.company, c.job_title, c.avatar_url
    FROM connection_request r JOIN contact c ON c.id = r.sender_id
    WHERE r.recipient_id = ? ORDER BY r.created_at DESC LIMIT 50
"""


def refusal(code: str, message: str, fields: Sequence[str] = ()) -> dict[str, Any]:
    """Return the body of an error for fields that are not valid Guids."""
    errors = [
        {"ErrorCode": "InvalidGuid", "FieldName": name, "Message": f"'{name}' is not a valid Guid."} for name in fields
    ]
    return {"ResponseStatus": {"ErrorCode": code, "Message": message, "Errors": errors}}


def utc_now() -> str:
    """Return the current time in the format of the database."""
    return datetime.now(UTC).isoformat().replace("+00:00", "Z")


def connect() -> sqlite3.Connection:
    """Open a connection without implicit transactions."""
    connection = sqlite3.connect(DATABASE, isolation_level=None, check_same_thread=False)
    for pragma in PRAGMAS:
        connection.execute(pragma)
    return connection


def problem_of(row: Sequence[Any] | None, contact_id: str) -> str | None:
    """Return why a contact may not resend the request of a row; None if it may."""
    if row is None:
        return "NotFound"
    if row[0] != contact_id:
        return "Forbidden"
    return None if row[2] == "Pending" else "NotPending"


def resend_in(connection: sqlite3.Connection, request_id: str, contact_id: str) -> str | None:
    """Execute a resend inside an open transaction; return the problem, if any."""
    row = connection.execute(GET_REQUEST, (request_id,)).fetchone()
    problem = problem_of(row, contact_id)
    if problem is None:
        now = utc_now()
        connection.execute(MARK_RESENT, (now, request_id))
        connection.execute(QUEUE_LETTER, (request_id, row[1], now))
    return problem


class Store(Protocol):
    """Database access of a peer."""

    async def start(self) -> None:
        """Open the connection."""

    async def resend(self, request_id: str, contact_id: str) -> str | None:
        """Resend a request; return the problem, if any."""

    async def received(self, contact_id: str) -> Sequence[Sequence[Any]]:
        """Return the rows of the requests that a contact has received."""


class DirectStore:
    """The driver on the event loop: the minimal cost of one transaction per request."""

    async def start(self) -> None:
        """Open the connection."""
        self.connection = connect()

    async def resend(self, request_id: str, contact_id: str) -> str | None:
        """Resend a request in its own transaction."""
        self.connection.execute("BEGIN IMMEDIATE")
        try:
            problem = resend_in(self.connection, request_id, contact_id)
        except BaseException:
            self.connection.execute("ROLLBACK")
            raise
        self.connection.execute("COMMIT")
        return problem

    async def received(self, contact_id: str) -> Sequence[Sequence[Any]]:
        """Return the rows of the requests that a contact has received."""
        return self.connection.execute(RECEIVED, (contact_id,)).fetchall()


class GroupStore(DirectStore):
    """One writer thread: writes queued during a commit share the next transaction."""

    async def start(self) -> None:
        """Open the connection and start the thread."""
        await super().start()
        self.writer = connect()
        self.loop = asyncio.get_running_loop()
        self.queue: list[tuple[str, str, asyncio.Future[str | None]]] = []
        self.waiting = threading.Event()
        threading.Thread(target=self._work, daemon=True).start()

    async def resend(self, request_id: str, contact_id: str) -> str | None:
        """Resend a request in the next group."""
        future: asyncio.Future[str | None] = self.loop.create_future()
        self.queue.append((request_id, contact_id, future))
        self.waiting.set()
        return await future

    def _work(self) -> None:
        while self.waiting.wait():
            self.waiting.clear()
            batch, self.queue = self.queue, []
            if batch:
                self._commit(batch)

    def _commit(self, batch: list[tuple[str, str, asyncio.Future[str | None]]]) -> None:
        outcomes = []
        self.writer.execute("BEGIN IMMEDIATE")
        for request_id, contact_id, future in batch:
            self.writer.execute("SAVEPOINT one")
            outcomes.append((future, resend_in(self.writer, request_id, contact_id)))
            self.writer.execute("RELEASE one")
        self.writer.execute("COMMIT")
        self.loop.call_soon_threadsafe(_deliver, outcomes)


def _deliver(outcomes: list[tuple[asyncio.Future[str | None], str | None]]) -> None:
    for future, problem in outcomes:
        if not future.done():
            future.set_result(problem)


class AioStore:
    """Typical use of aiosqlite: one writing connection behind a lock, and a few readers."""

    async def start(self) -> None:
        """Open the connections."""
        self.writer = await self._connect()
        self.lock = asyncio.Lock()
        self.readers: asyncio.Queue[Any] = asyncio.Queue()
        for _ in range(READERS):
            self.readers.put_nowait(await self._connect())

    async def resend(self, request_id: str, contact_id: str) -> str | None:
        """Resend a request in its own transaction."""
        async with self.lock:
            await self.writer.execute("BEGIN IMMEDIATE")
            try:
                problem = await self._resend(request_id, contact_id)
            except BaseException:
                await self.writer.execute("ROLLBACK")
                raise
            await self.writer.execute("COMMIT")
        return problem

    async def received(self, contact_id: str) -> Sequence[Sequence[Any]]:
        """Return the rows of the requests that a contact has received."""
        reader = await self.readers.get()
        try:
            rows: list[Sequence[Any]] = await reader.execute_fetchall(RECEIVED, (contact_id,))
        finally:
            self.readers.put_nowait(reader)
        return rows

    async def _resend(self, request_id: str, contact_id: str) -> str | None:
        row = await (await self.writer.execute(GET_REQUEST, (request_id,))).fetchone()
        problem = problem_of(row, contact_id)
        if problem is None:
            now = utc_now()
            await self.writer.execute(MARK_RESENT, (now, request_id))
            await self.writer.execute(QUEUE_LETTER, (request_id, row[1], now))
        return problem

    async def _connect(self) -> Any:
        import aiosqlite  # noqa: PLC0415 - only this store needs it

        connection = await aiosqlite.connect(DATABASE, isolation_level=None)
        for pragma in PRAGMAS:
            await connection.execute(pragma)
        return connection


STORES: Final[dict[str, Callable[[], Store]]] = {"aio": AioStore, "direct": DirectStore, "group": GroupStore}

Receive = Callable[[], Awaitable[dict[str, Any]]]
