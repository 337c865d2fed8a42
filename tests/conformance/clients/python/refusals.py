"""Errors as the clients report them."""

from dataclasses import dataclass

import dtos
from servicestack import IReturn
from telling import GIVEN, anonymous, refused, signed_in, tell

FIRST, SECOND = GIVEN["first"], GIVEN["second"]
NOWHERE = "00000000-0000-4000-8000-000000000000"


@dataclass
class Hello(IReturn[dtos.GetListResponse]):
    """A request that this server does not know."""


def pending(url: str = GIVEN["url"]) -> str:
    """Return the request that the first person has sent to the second."""
    sent = dtos.ConnectContactsInRoles(
        ContactId=FIRST["contact"],
        ToContactId=SECOND["contact"],
        ContactTypeId=GIVEN["real_person"],
        Roles=[GIVEN["role"]],
        SendConnectionEmails=False,
    )
    signed_in(FIRST, url).send(sent)
    listed = signed_in(SECOND, url).send(dtos.GetConnectionRequests(ContactId=SECOND["contact"]))
    return listed.ConnectionRequests[0].ConnectionRequestId


first = signed_in(FIRST)
hasty = dtos.RegisterNewUser(EmailAddress="no address", Password="short", FirstName="First")
tell("several members", refused(lambda: anonymous().send(hasty)))
tell("missing", refused(lambda: first.send(dtos.AcceptConnectionRequest())))
tell("no id", refused(lambda: first.send(dtos.AcceptConnectionRequest(ConnectionRequestId="no id"))))
tell("no id in a query", refused(lambda: first.get(dtos.GetLists(ListIds=[NOWHERE, "no id"]))))
tell("unknown operation", refused(lambda: first.send(Hello())))
tell("unknown route", refused(lambda: first.get_url("/api/nothing/here", dtos.GetListResponse)))
tell("not found", refused(lambda: first.send(dtos.AcceptConnectionRequest(ConnectionRequestId=NOWHERE))))
tell("not allowed", refused(lambda: first.send(dtos.GetMailboxMessages())))
basic = anonymous().set_credentials(FIRST["address"], FIRST["password"])
tell("read where it writes", refused(lambda: basic.get(dtos.AcceptConnectionRequest(ConnectionRequestId=NOWHERE))))

request = pending()
again = dtos.ConnectionRequestResend(ConnectionRequestId=request, ContactId=SECOND["contact"])
tell("too soon", refused(lambda: signed_in(FIRST, GIVEN["strict_url"]).send(again)))
first.send(dtos.CancelConnectionRequest(ConnectionRequestId=request))
accepted = dtos.AcceptConnectionRequest(ConnectionRequestId=request)
tell("too late", refused(lambda: signed_in(SECOND).send(accepted)))
