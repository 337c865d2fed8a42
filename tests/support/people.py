"""People at a running server: who register, prove their mailbox by the mail that they get, and sign in."""

import threading
from dataclasses import dataclass

from tests.support.installation import PATIENCE, Server

PASSWORD = "a long enough passphrase"


@dataclass
class Person:
    """Somebody who is signed in."""

    token: str
    contact: str


def operator_of(server: Server) -> Person:
    """The sample operator of a server that was started for the first time."""
    assert server.operator is not None
    return Person(*server.sign_in(*server.operator))


def register(server: Server, operator: Person, name: str) -> Person:
    """Somebody who registers and proves the mailbox by the mail in the built-in mailbox."""
    address = f"{name}@example.com"
    told = {"FirstName": name, "Surname": "Person", "Description": "d", "EmploymentIndustry": "i"}
    told |= {"EmploymentRole": "r", "EmploymentGeographicArea": "a", "EmailAddress": address, "Password": PASSWORD}
    assert 200 == server.post("/api/register", told).status
    token = token_mailed_to(server, operator, address)
    assert 200 == server.post("/api/account/verifymailbox", {"Token": token, "Password": PASSWORD}).status
    return Person(*server.sign_in(address, PASSWORD))


def token_mailed_to(server: Server, operator: Person, address: str) -> str:
    """The token in the newest mail to an address, once it has arrived."""
    pause = threading.Event()
    for _ in range(int(PATIENCE / 0.05)):
        for mail in server.get("/api/mailbox", operator.token).json["Messages"]:
            if mail["To"] == address:
                text = server.get(f"/api/mailbox/{mail['MessageId']}", operator.token).json["Text"]
                found: str = text.split("Token=")[1].split()[0]
                return found
        pause.wait(0.05)
    raise AssertionError(f"no mail for {address}")


__all__ = ["PASSWORD", "Person", "operator_of", "register", "token_mailed_to"]
