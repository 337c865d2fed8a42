"""Measures how long lists take, and how long other requests wait for them, as the tables grow.

One contact has a given number of received requests, sent requests and active connections. The output is, for each list,
the median of its times and the median of the longest delays of the event loop.
"""

import asyncio
import statistics
import tempfile
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Iterable, Mapping
from contextlib import asynccontextmanager, closing
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, Final

from sqlalchemy import Table, insert

from platform_api.connections import counter_rules
from platform_api.connections.tables import connection_requests, connection_totals, connections
from platform_api.connections.values import pair_of
from platform_api.contacts import PlatformPrincipal
from platform_api.contacts.tables import contacts, profiles
from platform_api.database.migrations import schema
from platform_api.database.opening import engine_at
from platform_api.database.sqlite import SqliteDatabase
from platform_api.database.sqlite.transaction import DIALECT, connect
from platform_api.database.statements import Command
from platform_api.directory import DirectoryService, GetConnectionRequests, GetConnectionsToContact
from platform_api.foundation.well_known import ContactType
from platform_api.lists.errors import PagingRequired
from platform_api.lists.settings import PageLimits
from platform_api.roles.book import RoleBook
from platform_api.roles.standard import CLIENT, SUPPLIER
from servicehost.contract.call import Call
from servicehost.contract.scalars import Guid

SIZES: Final = (50, 10_000, 200_000)
REPEATS: Final = 21
HUB: Final = Guid("00000000-0000-4000-8000-000000000001")
PERSON: Final = ContactType.REAL_PERSON
_BEAT: Final = 0.0005
_NOW: Final = datetime.now(UTC)
_BY: Final = Call(principal=PlatformPrincipal(user_id="user", contact_id=HUB))

Row = dict[str, Any]
Ask = Callable[[DirectoryService], Awaitable[object]]


def _requests(**members: Any) -> Ask:
    message = GetConnectionRequests(contact_id=HUB, **members)
    return lambda directory: directory.connection_requests(message, _BY)


def _connections(**members: Any) -> Ask:
    message = GetConnectionsToContact(
        contact_id=HUB, requestor_contact_id=HUB, contact_type_id=PERSON.id, is_paged_mode=True, **members
    )
    return lambda directory: directory.connections_to_contact(message, _BY)


LISTS: Final[Mapping[str, Ask]] = {
    "received, a page": _requests(page_size=50),
    "received, a page of one type": _requests(page_size=50, contact_types=[PERSON.id]),
    "received, all": _requests(),
    "sent, a page": _requests(page_size=50, action="sent"),
    "own connections, a page": _connections(),
    "own connections, also removed": _connections(include_removed=True),
    "own connections, page 190": _connections(page_number=190),
    "own connections, page 1,990": _connections(page_number=1990),
}


def told(sizes: Iterable[int] = SIZES) -> str:
    """Return a table of all lists at all sizes."""
    measured = {size: asyncio.run(_measured(size)) for size in sizes}
    head = (
        "| milliseconds: list / longest delay of other requests | "
        + " | ".join(f"{size:,}" for size in measured)
        + " |"
    )
    lines = [f"| {name} | " + " | ".join(rows[name] for rows in measured.values()) + " |" for name in LISTS]
    return "\n".join([head, "|" + "---|" * (len(measured) + 1), *lines])


async def _measured(size: int) -> dict[str, str]:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "lists.sqlite3"
        _make(path, size)
        async with SqliteDatabase.open(path) as database:
            directory = DirectoryService(database, RoleBook(), PageLimits())
            return {name: await _time(directory, ask) for name, ask in LISTS.items()}


async def _time(directory: DirectoryService, ask: Ask) -> str:
    """Return the median time and the median of the longest event loop delays."""
    times, longest = [], []
    for _ in range(REPEATS):
        async with _watch() as pauses:
            started = time.perf_counter()
            try:
                await ask(directory)
            except PagingRequired:
                return "refused"
            times.append(time.perf_counter() - started)
        longest.append(max(pauses))
    return f"{statistics.median(times) * 1000:.1f} / {statistics.median(longest) * 1000:.1f}"


@asynccontextmanager
async def _watch() -> AsyncIterator[list[float]]:
    """Record the delays of a task that should run every half millisecond."""
    pauses: list[float] = []

    async def watch() -> None:
        while True:
            before = time.perf_counter()
            await asyncio.sleep(_BEAT)
            pauses.append(time.perf_counter() - before - _BEAT)

    task = asyncio.create_task(watch())
    await asyncio.sleep(0)
    try:
        yield pauses
        await asyncio.sleep(2 * _BEAT)
    finally:
        task.cancel()


def _make(path: Path, size: int) -> None:
    """Create a database in which the hub has the given number of each."""
    schema.migrate(engine_at(path))
    others = [_id(number, "4000") for number in range(size)]
    with closing(connect(path, busy_timeout=5)) as file:
        file.execute("BEGIN")
        people = [{"id": each, "contact_type": PERSON.code, "full_name": f"Person {each}"} for each in (HUB, *others)]
        _insert(file, contacts, ({"created_at": _NOW, **row} for row in people))
        facts = {"gst_registered": False, "contact_details": [], "updated_at": _NOW, "employment_role": "Engineer"}
        _insert(file, profiles, ({"contact_id": row["id"], **facts} for row in people))
        received = [(other, HUB, "Pending") for other in others]
        sent = [(HUB, other, "Pending") for other in others]
        active = [(HUB, other, "Active") for other in others]
        removed = [(HUB, other, "Removed") for other in others]
        _add(file, [*received, *sent, *active, *removed])
        totals = {counter_rules.LISTED: 3 * size, counter_rules.REMOVED: size}
        totals |= {
            counter_rules.of_type(name, PERSON.code): size
            for name in (counter_rules.RECEIVED, counter_rules.PENDING_SENT)
        }
        _insert(file, connection_totals, ({"contact_id": HUB, "name": n, "total": t} for n, t in totals.items()))
        file.execute("COMMIT")


def _add(file: Any, relations: list[tuple[Guid, Guid, str]]) -> None:
    numbered = list(enumerate(relations))
    _insert(file, connections, (_connection(number, *ends) for number, ends in numbered))
    _insert(file, connection_requests, (_request(number, *ends) for number, ends in numbered if ends[2] == "Pending"))


def _connection(number: int, sender: Guid, receiver: Guid, status: str) -> Row:
    return {
        "id": _id(number, "7000"),
        "request_id": _id(number, "7001") if status == "Pending" else None,
        "original_receiver_id": receiver,
        "status": status,
        "active_at": None if status == "Pending" else _NOW,
        "pair": pair_of(sender, receiver),
        **_ends(number, sender, receiver),
    }


def _request(number: int, sender: Guid, receiver: Guid, status: str) -> Row:
    return {
        "id": _id(number, "7001"),
        "connection_id": _id(number, "7000"),
        "original_receiver_id": receiver,
        "shown_to": receiver,
        "recipient_key": "somebody@example.com",
        "sent_by": sender,
        "status": status,
        "token_version": 1,
        "sent_at": _NOW,
        "resent_count": 0,
        "mailed_again_count": 0,
        "expires_at": _NOW + timedelta(days=14),
        "superseded": False,
        "sender_type": PERSON.code,
        "receiver_type": PERSON.code,
        **_ends(number, sender, receiver),
    }


def _ends(number: int, sender: Guid, receiver: Guid) -> Row:
    roles = {"sender_role_id": CLIENT, "receiver_role_id": SUPPLIER}
    return {"sender_id": sender, "receiver_id": receiver, "key": f"{number}", "version": 1, "created_at": _NOW, **roles}


def _id(number: int, group: str) -> Guid:
    return Guid(f"01900000-0000-{group}-8000-{number:012x}")


def _insert(file: Any, table: Table, rows: Iterable[Row]) -> None:
    """Insert rows; columns that a row does not name are null."""
    compiled = Command(insert(table)).form(DIALECT)
    blank: Row = dict.fromkeys(table.columns.keys())
    file.executemany(compiled.text, (compiled.arguments(blank | row) for row in rows))


__all__ = ["LISTS", "SIZES", "told"]
