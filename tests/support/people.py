"""People on a running server: registration, proof of the mailbox by the mail, sign-in."""

import threading
from dataclasses import dataclass

from tests.support.installation import PATIENCE, Server

PASSWORD = "a long enough passphrase"


@dataclass
class Person:
    """A signed-in person."""

    token: str
    contact: str


def operator_of(server: Server) -> Person:
    """Return the sample operator of a server at its first start."""
    assert server.operator is not None
    return Person(*server.sign_in(*server.operator))


def register(server: Server, operator: Person, name: str) -> Person:
    """Register a person, and prove the mailbox through the built-in mailbox."""
    address = f"{name}@example.com"
    told = {"FirstName": name, "Surname": "Person", "Description": "d", "EmploymentIndustry": "i"}
    told |= {"EmploymentRole": "r", "EmploymentGeographicArea": "a", "EmailAddress": address, "Password": PASSWORD}
    assert 200 == server.post("/api/register", told).status
    token = token_mailed_to(server, operator, address)
    assert 200 == server.post("/api/account/verifymailbox", {"Token": token, "Password": PASSWORD}).status
    return Person(*server.sign_in(address, PASSWORD))


def token_mailed_to(server: Server, operator: Person, address: str) -> str:
    """Wait for the newest mail to an address; return the token in it."""
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
