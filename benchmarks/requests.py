"""The measured requests, as files for the load generator and one by one for the check.

A line contains method, path, token, accepted type and body, separated by tabs.
"""

from dataclasses import dataclass
from pathlib import Path
from typing import Final, Literal

from benchmarks.world import Member, World, some_requests
from platform_api.directory import ListName

Kind = Literal["A", "B", "C1", "C2", "B xml", "B jsv", "B csv", "B jsonl"]
FORMATS: Final[dict[Kind, str]] = {
    "B xml": "application/xml",
    "B jsv": "text/jsv",
    "B csv": "text/csv",
    "B jsonl": "application/x-ndjson",
}
"""B in the other formats, which only the platform supports."""

KINDS: Final[tuple[Kind, ...]] = ("A", "B", "C1", "C2")
EXPECTED: Final[dict[Kind, int]] = {"C1": 400}
"""Expected status where it is not 200."""

_NO_GUID: Final = "not-a-guid"


@dataclass(frozen=True)
class Asked:
    """One request."""

    method: str
    path: str
    token: str
    accept: str = ""
    body: str = ""

    @property
    def line(self) -> str:
        """The request as a line of a file."""
        return f"{self.method}\t{self.path}\t{self.token}\t{self.accept}\t{self.body}"


def asked(world: World, kind: Kind, *, ours: bool) -> list[Asked]:
    """Return all requests of a kind: one per contact, or one per request to resend."""
    match kind:
        case "A":
            return [_resend(world, id_, sender, ours=ours) for id_, sender, _ in some_requests(world)]
        case "C1":
            return [_resend(world, _NO_GUID, sender, ours=ours) for _, sender, _ in some_requests(world)]
        case "C2":
            return [Asked("GET", _tiny_path(ours=ours), _token(member, ours=ours)) for member in world.members]
        case _:
            return [_received(member, FORMATS.get(kind, ""), ours=ours) for member in world.members]


def write(world: World, kind: Kind, file: Path, *, ours: bool) -> Path:
    """Write the file of a kind of request."""
    file.write_text("".join(f"{request.line}\n" for request in asked(world, kind, ours=ours)), encoding="utf-8")
    return file


def _resend(world: World, request_id: str, sender: int, *, ours: bool) -> Asked:
    member = world.members[sender]
    body = f'{{"ConnectionRequestId":"{request_id}","ContactId":"{member.id}"}}'
    return Asked("POST", f"/api/connectionrequests/{request_id}/resend", _token(member, ours=ours), body=body)


def _received(member: Member, accept: str, *, ours: bool) -> Asked:
    path = f"/api/contacts/{member.id}/connectionrequests/received"
    return Asked("GET", path, _token(member, ours=ours), accept)


def _tiny_path(*, ours: bool) -> str:
    """Return the path of the smallest response that needs a principal but no database."""
    return f"/api/lists?ListIds={ListName.RECORD_STATUSES.id}" if ours else "/api/caller"


def _token(member: Member, *, ours: bool) -> str:
    return member.token if ours else member.peer_token


__all__ = ["EXPECTED", "FORMATS", "KINDS", "Asked", "Kind", "asked", "write"]
