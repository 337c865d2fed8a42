"""Full life cycle of connections with the published client, from two registrations to an invitation."""

from datetime import datetime

import dtos
from servicestack import ResponseStatus
from telling import GIVEN, address_of, anonymous, own_contact, places, signed_in, tell, token_mailed_to

EMPLOYMENT = {"EmploymentIndustry": "i", "EmploymentRole": "r", "EmploymentGeographicArea": "a"}


def register(name: str) -> dict[str, str]:
    """Register a person and prove the mailbox."""
    who = {"address": address_of(name), "password": "a long enough passphrase"}
    asked = dtos.RegisterNewUser(
        EmailAddress=who["address"],
        Password=who["password"],
        FirstName=name,
        Surname="Person",
        Description="Zoë & Söhne, <b>said</b>",
        **EMPLOYMENT,
    )
    told = anonymous().send(asked).Message
    token = token_mailed_to(who["address"], "verifymailbox")
    proved = anonymous().send(dtos.VerifyMailbox(Token=token, Password=who["password"])).Message
    return who | {"contact": own_contact(signed_in(who)), "told": [told != "", proved != ""]}


sender, receiver = register("sender"), register("receiver")
tell("registered", [sender["told"], receiver["told"]])
one, other = signed_in(sender), signed_in(receiver)
tell("described", one.send(dtos.GetOwnContact()).Contact.Description)

lists = one.send(dtos.GetDataLists()).Lists
standard = next(each for each in lists if each.Name == "Standard Roles")
alone = one.get(dtos.GetLists(ListIds=[standard.ListId])).List
tell("lists", [alone.Name, len(alone.ListItems) == len(standard.ListItems), one.get(dtos.GetLists()).List.Name])

wanted = dtos.GetRolesForConnection(
    FromContactId=sender["contact"], ContactId=receiver["contact"], ContactTypeId=GIVEN["real_person"]
)
offered = {each.RoleName: each.RoleId for each in one.get(wanted).Roles}
tell("roles", sorted(offered)[:3])


def ask(role: str) -> str:
    """Send the receiver a connection request; return the request as the receiver sees it."""
    asked = dtos.ConnectContactsInRoles(
        ContactId=sender["contact"],
        ToContactId=receiver["contact"],
        ContactTypeId=GIVEN["real_person"],
        Roles=[offered[role]],
        SendConnectionEmails=True,
    )
    one.send(asked)
    return received()[0].ConnectionRequestId


def received(*, ignored: bool = False) -> list[dtos.ContactConnectionModel]:
    """Return the requests that the receiver has received."""
    wanted = dtos.GetConnectionRequests(ContactId=receiver["contact"], IncludeIgnoredRequests=ignored)
    return other.send(wanted).ConnectionRequests


def connections(of: str, page: int = 1) -> dtos.GetConnectionsToContactResponse:
    """Return the connections of the sender to a contact."""
    wanted = dtos.GetConnectionsToContact(
        ContactId=of,
        ContactTypeId=GIVEN["real_person"],
        RequestorContactId=sender["contact"],
        IsPagedMode=True,
        PageNumber=page,
        PageSize=1,
    )
    return one.send(wanted)


request = ask("Supplier")
(found,) = received()
tell("received", [found.Contact.ContactId == sender["contact"], found.ContactRoleName, found.IsIncoming])
tell("dates", isinstance(found.FromDate, datetime) and found.FromDate.tzinfo is not None)
sent = one.get_url(
    f"/api/contacts/{sender['contact']}/connectionrequests/sent", dtos.GetConnectionRequestsResponse, {"PageSize": 5}
)
tell("sent", [each.ConnectionRequestId == request for each in sent.ConnectionRequests])
resent = dtos.ConnectionRequestResend(ConnectionRequestId=request, ContactId=receiver["contact"])
tell("sent again", one.send(resent).ResponseStatus)

accepted = dtos.ConnectionRequestStatusUpdate(ContactId=sender["contact"], RoleId=offered["Supplier"])
other.post_url(f"/api/connectionrequests/{request}/accept", accepted)
tell("accepted", [received(), [each.ConnectionStatusName for each in connections(receiver["contact"]).Connections]])

other.send(dtos.AcceptConnectionRequest(ConnectionRequestId=ask("Client")))
pages = [connections(receiver["contact"], page) for page in (1, 2)]
tell("pages", [[page.TotalConnections, len(page.Connections)] for page in pages])
(second,), (first,) = (page.Connections for page in pages)
removed = dtos.ConnectionStatusUpdate(
    ContactId=receiver["contact"], ContactTypeId=GIVEN["real_person"], RoleId=first.ContactRoleId
)
one.post_url(f"/api/connections/{first.ConnectionId}/remove", removed)
other.send(dtos.RemoveConnection(ConnectionId=second.ConnectionId))
tell("removed", connections(receiver["contact"]).TotalConnections)

request = ask("Consultant")
other.send(dtos.IgnoreConnectionRequest(ConnectionRequestId=request))
tell("ignored", [len(received()), len(received(ignored=True))])
other.send(dtos.DeclineConnectionRequest(ConnectionRequestId=request))
one.send(dtos.CancelConnectionRequest(ConnectionRequestId=request))
tell("declined, then cancelled", len(received(ignored=True)))

ask("Principal")
(pending,) = connections(receiver["contact"]).Connections
cancelled = dtos.ConnectionStatusUpdate(
    ConnectionId=pending.ConnectionId,
    ContactId=receiver["contact"],
    ContactTypeId=GIVEN["real_person"],
    RoleId=offered["Principal"],
)
one.send(cancelled)
ask("Principal")
one.send(dtos.CancelConnection(ConnectionId=connections(receiver["contact"]).Connections[0].ConnectionId))
tell("cancelled", connections(receiver["contact"]).TotalConnections)

address = address_of("guest")
invitation = dtos.InviteContact(ContactId=sender["contact"], EmailAddress=address, Roles=[offered["Customer"]])
guest = one.send(invitation).ContactId
token = token_mailed_to(address, "accept")
invited = one.get_url(
    f"/api/contacts/{sender['contact']}/connectionrequests/sent", dtos.GetConnectionRequestsResponse
).ConnectionRequests[0]
anonymous().send(
    dtos.PublicConnectionRequestStatusUpdate(ConnectionRequestId=invited.ConnectionRequestId), args={"Token": token}
)
tell(
    "accepted by mail",
    [
        each.Contact.EmailAddress == address
        for each in one.send(
            dtos.GetConnectionsToContact(
                ContactId=sender["contact"], ContactTypeId=GIVEN["real_person"], RequestorContactId=sender["contact"]
            )
        ).Connections
    ],
)
tell("a guest", guest != sender["contact"])

# Requests that declare no response carry no IReturn; the client takes them by their address.
anonymous().post_url(
    "/api/GetResetPasswordToken", dtos.GetResetPasswordToken(UserName=sender["address"]), ResponseStatus
)
token = token_mailed_to(sender["address"], "passwordreset")
sender["password"] = "another long passphrase"
reset = dtos.PasswordReset(Token=token, NewPassword=sender["password"], ConfirmPassword=sender["password"])
anonymous().post_url("/api/PasswordReset", reset, ResponseStatus)
tell("a new password", own_contact(signed_in(sender)) == sender["contact"])
tell("places", sorted(places))
