"""Batches, one-way requests and files."""

import io

import dtos
from requests import Response
from servicestack import UploadFile
from telling import GIVEN, older, refused, signed_in, tell

FIRST, SECOND = GIVEN["first"], GIVEN["second"]
NOWHERE = "00000000-0000-4000-8000-000000000000"

first = signed_in(FIRST)
completed: list[str | None] = []


def note(response: Response) -> None:
    """Record the number of completed requests of a batch."""
    completed.append(response.headers.get("X-AutoBatch-Completed"))


first._session.hooks["response"] = [lambda response, **_options: note(response)]


def roles_for(contact: str) -> dtos.GetRolesForConnection:
    """Return a request for the roles that a contact may give a person."""
    return dtos.GetRolesForConnection(FromContactId=contact, ContactTypeId=GIVEN["real_person"])


three = [roles_for(FIRST["contact"]) for _ in range(3)]
answers = first.send_all(three)
tell("a batch", [len(each.Roles) for each in answers])
tell("a batch that fails", refused(lambda: first.send_all([roles_for(FIRST["contact"]), roles_for(NOWHERE)])))
tell("completed", completed)

tell("a batch that nobody waits for", first.send_all_oneway(three))
in_older_place = older().set_bearer_token(first.bearer_token)
in_order = [len(each.Roles) for each in in_older_place.send_all(three)]
tell("in the older place", [in_order, in_older_place.send_all_oneway(three)])

page = UploadFile("file", "page.txt", "text/plain", io.BytesIO(b"a page"))
tell("a file", len(first.post_file_with_request(roles_for(FIRST["contact"]), page).Roles))
