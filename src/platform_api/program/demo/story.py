"""Steps of the demonstration: a person invites another one, mails are sent, the connection is accepted, listed and ended."""

import re
import tempfile
from pathlib import Path
from typing import Final
from urllib.parse import urlsplit

from platform_api.foundation.well_known import ContactType
from platform_api.program.demo.stage import Client, ReceivedMails, expect, mail_server, server
from platform_api.roles import CUSTOMER, SUBCONTRACTOR

FIRST: Final = "first@example.com"
SECOND: Final = "second@example.com"
PASSWORD: Final = "a long enough passphrase"  # noqa: S105 - of two users of the demonstration

FORMATS: Final = {
    "application/json": '"Connections"',
    "application/xml": "<d2p1:ContactConnectionModel>",
    "text/jsv": "ConnectionStatusName:Active",
    "text/csv": "ConnectionId,",
    "text/jsonl": '{"ConnectionId":',
}
"""Every format of the contract, with a text that a list of connections contains in it."""

RESEND_XML: Final = (
    '<ConnectionRequestResend xmlns:i="http://www.w3.org/2001/XMLSchema-instance" '
    'xmlns="http://schemas.datacontract.org/2004/07/Eros.Subtle.Canvara.WebAPIModel.ServiceModel">\n'
    "  <ConnectionRequestId>{request_id}</ConnectionRequestId>\n"
    "  <ContactId>{contact_id}</ContactId>\n"
    "</ConnectionRequestResend>"
)
"""The XML sample request on the documentation page of ConnectionRequestResend."""


def play() -> None:
    """Run the demonstration.

    Raises:
        DemoFailed: a step did not have the expected result.
    """
    with tempfile.TemporaryDirectory(prefix="platform-api-demo-") as name, mail_server() as (mailbox, mail_port):
        folder = Path(name)
        with server(folder, mail_port) as client:
            first = first_person(client, mailbox)
            first_link = invitation(first, mailbox)
        with server(folder, mail_port, **{"limits.resend_cooldown": "0s"}) as client:
            first = sign_in(client, FIRST)
            newest_link = resending(first, mailbox, first_link)
            second = second_person(client, newest_link)
            acceptance(first, second, mailbox)
            listing(first, second)
            ending(first, second)
    print("\nEvery step succeeded.")


def first_person(client: Client, mailbox: ReceivedMails) -> Client:
    """Register a person, prove the mailbox with the link in the mail, and sign in."""
    title("A first person registers")
    client.post("/api/register", registration(FIRST, "First"))
    link = mailbox.next_link()
    client.get(path_of(link), accept="text/html")
    client.post("/api/account/verifymailbox", {"Token": token_of(link), "Password": PASSWORD})
    return sign_in(client, FIRST)


def sign_in(client: Client, address: str) -> Client:
    """A client for the user with the address."""
    body = {"UserName": address, "Password": PASSWORD, "UseTokenCookie": False}
    answer = client.post("/api/auth/credentials", body).json
    return client.signed_in(answer["BearerToken"], answer["Meta"]["ContactId"])


def invitation(first: Client, mailbox: ReceivedMails) -> str:
    """Invite an address in a role; the mail arrives, and sending again at once is refused."""
    title("The first person invites an address as subcontractor")
    mine = first.contact
    first.post(f"/api/contacts/{mine}/invite/contact", {"EmailAddress": SECOND, "Roles": [SUBCONTRACTOR]})
    link = mailbox.next_link()
    title("Sending it again at once is refused")
    request_id = sent_request(first)
    refused = first.post(f"/api/connectionrequests/{request_id}/resend", {"ContactId": mine}, expected=429)
    expect(that=int(refused.headers["retry-after"]) > 0, otherwise="a 429 says when to try again")
    return link


def resending(first: Client, mailbox: ReceivedMails, old_link: str) -> str:
    """Without a cooldown, send the request again in XML; the page of the old link says so."""
    title("With no cooldown it is sent again, by the XML request of the documentation page")
    request_id = sent_request(first)
    body = RESEND_XML.format(request_id=request_id, contact_id=first.contact)
    answer = first.post(f"/api/connectionrequests/{request_id}/resend", body, content_type="application/xml")
    expect(that="<ConnectionRequestResendResponse" in answer.text, otherwise="the answer is in XML too")
    link = mailbox.next_link()
    title("The old link says that there is a newer one; the new one opens the request")
    old, new = first.get(path_of(old_link), accept="text/html"), first.get(path_of(link), accept="text/html")
    expect(that="There is a newer invitation" in old.text, otherwise="an old link says that a newer one was sent")
    expect(that="Accept" in new.text, otherwise="the newest link opens a page with a button")
    return link


def second_person(client: Client, link: str) -> Client:
    """Register the invited person with the token of the invitation, which proves the mailbox."""
    title("The invited person registers with the token of the invitation")
    client.post("/api/register", registration(SECOND, "Second") | {"Token": token_of(link)})
    return sign_in(client, SECOND)


def acceptance(first: Client, second: Client, mailbox: ReceivedMails) -> None:
    """Find the request and accept it; the sender gets a notice."""
    title("The invited person accepts")
    received = second.get(f"/api/contacts/{second.contact}/connectionrequests/received").json["ConnectionRequests"]
    expect(that=len(received) == 1, otherwise="the request is listed as received")
    request = received[0]
    second.post(
        f"/api/connectionrequests/{request['ConnectionRequestId']}/accept",
        {"ContactId": second.contact, "RoleId": request["RequestorRoleId"]},
    )
    notice = mailbox.next_mail()
    print(f"\n--- mail to {notice['To']}: {notice['Subject']}")
    expect(that=notice["To"] == FIRST, otherwise="the inviting person gets a notice of the acceptance")
    sent = first.get(f"/api/contacts/{first.contact}/connectionrequests/sent").json
    expect(that=sent["ConnectionRequests"] == [], otherwise="the request is no longer listed as sent")


def listing(first: Client, second: Client) -> None:
    """List the connections of both in every format."""
    title("Both list their connections in every format")
    for person, other in ((first, second), (second, first)):
        for media_type, mark in FORMATS.items():
            listed = person.get(connections_path(person, other), accept=media_type)
            expect(that=mark in listed.text, otherwise=f"{media_type} lists the connection")


def ending(first: Client, second: Client) -> None:
    """Remove the connection and cancel a second request, with the JSON lines of the documentation page."""
    title("The connection is removed by the JSON-lines request of the documentation page")
    connection = first.get(connections_path(first, second)).json["Connections"][0]
    end(first, connection, "remove")
    listed = first.get(connections_path(first, second)).json["Connections"]
    expect(that=listed == [], otherwise="a removed connection is no longer listed")
    title("A second request is made, and cancelled")
    mine, other = first.contact, second.contact
    first.post(
        f"/api/connections/{mine}/to/{other}",
        {"ContactTypeId": ContactType.REAL_PERSON.id, "Roles": [CUSTOMER], "SendConnectionEmails": False},
    )
    pending = first.get(connections_path(first, second)).json["Connections"][0]
    expect(that=pending["AllowCancel"], otherwise="the sender may cancel")
    end(first, pending, "cancel")
    listed = second.get(f"/api/contacts/{other}/connectionrequests/received").json["ConnectionRequests"]
    expect(that=listed == [], otherwise="a cancelled request is gone")


def end(person: Client, connection: dict[str, str], act: str) -> None:
    """Remove or cancel a connection with one line of JSON."""
    line = (
        f'{{"ConnectionId":"{connection["ConnectionId"]}","ContactId":"{person.contact}",'
        f'"ContactTypeId":"{ContactType.REAL_PERSON.id}","RoleId":"{connection["ContactRoleId"]}"}}'
    )
    answer = person.post(f"/api/connections/{connection['ConnectionId']}/{act}", line, content_type="text/jsonl")
    expect(that=answer.text.strip() == "{}", otherwise="success is an empty object")


def sent_request(person: Client) -> str:
    """The id of the only request that a person has sent."""
    listed = person.get(f"/api/contacts/{person.contact}/connectionrequests/sent").json["ConnectionRequests"]
    expect(that=len(listed) == 1, otherwise="one request is listed as sent")
    found: str = listed[0]["ConnectionRequestId"]
    return found


def connections_path(person: Client, other: Client) -> str:
    """Path of the list of connections with another contact."""
    return (
        f"/api/contacts/{other.contact}/connections"
        f"?ContactTypeId={ContactType.REAL_PERSON.id}&RequestorContactId={person.contact}"
    )


def registration(address: str, name: str) -> dict[str, str]:
    """Members of a registration."""
    return {
        "EmailAddress": address,
        "Password": PASSWORD,
        "FirstName": name,
        "Surname": "Member",
        "Description": "Renovates houses.",
        "EmploymentIndustry": "Construction",
        "EmploymentRole": "Carpenter",
        "EmploymentGeographicArea": "Hobart",
    }


def path_of(link: str) -> str:
    """The path and query of a link."""
    parts = urlsplit(link)
    return f"{parts.path}?{parts.query}"


def token_of(link: str) -> str:
    """The token of a link."""
    found = re.search(r"Token=(\S+)", link)
    return found[1] if found else ""


def title(text: str) -> None:
    """Print the heading of a step."""
    print(f"\n=== {text}")


__all__ = ["play"]
