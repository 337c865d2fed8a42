"""Letters requested for an address by strangers, on a real server with its mail."""

import json
import threading
from collections.abc import Iterator

import pytest
from tests.support.installation import PATIENCE, UNLIMITED, Reply, Server, running
from tests.support.people import PASSWORD, Person, operator_of, register, token_mailed_to

OWN_PASSWORD = "the owner's password"
ADDRESS = "victim@example.com"


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """Run a server with its default limit of daily letters per address."""
    limits = {name: value for name, value in UNLIMITED.items() if "letters" not in name}
    with running(tmp_path_factory.mktemp("letters"), limits) as server:
        yield server


@pytest.fixture(scope="module")
def operator(server: Server) -> Person:
    """Return the operator, who can read the mailbox."""
    return operator_of(server)


def ask_to_register(server: Server, password: str, address: str = ADDRESS) -> None:
    """Register an address, one's own or another."""
    told = {"FirstName": "Evil", "Surname": "Person", "EmailAddress": address, "Password": password}
    assert 200 == server.post("/api/register", told).status


def sign_in(server: Server, password: str, address: str = ADDRESS) -> Reply:
    """Return the response to a sign-in."""
    return server.post("/api/auth/credentials", {"UserName": address, "Password": password, "UseTokenCookie": False})


def mails_to(server: Server, operator: Person, address: str) -> list[str]:
    """Wait for the mails that are due, of which our own is the last; return the subjects of the mails to an address."""
    register(server, operator, f"after-{len(server.get('/api/mailbox', operator.token).json['Messages'])}")
    messages = server.get("/api/mailbox?PageSize=500", operator.token).json["Messages"]
    return [mail["Subject"] for mail in messages if mail["To"] == address]


def reset(server: Server, operator: Person, address: str, password: str) -> None:
    """Wait for a new reset link and choose a new password with it."""
    pause = threading.Event()
    for _ in range(int(PATIENCE / 0.05)):
        answer = server.post(
            "/api/account/passwordreset",
            {"Token": token_mailed_to(server, operator, address), "NewPassword": password},
        )
        if answer.status == 200:
            return
        assert answer.status in (404, 410)  # of a letter before it
        pause.wait(0.05)
    raise AssertionError(f"no new letter for {address}")


def test_a_strangers_registration_gives_the_stranger_nothing(server: Server, operator: Person) -> None:
    """Six registrations send one mail; a person who follows its link gets an account with their own password."""
    for number in range(6):
        ask_to_register(server, f"strange password {number}")
    token = token_mailed_to(server, operator, ADDRESS)
    assert 400 == server.post("/api/account/verifymailbox", {"Token": token}).status
    proof = {"Token": token, "Password": OWN_PASSWORD, "FirstName": "Real", "Surname": "Owner"}
    assert [200, 200] == [server.post("/api/account/verifymailbox", proof).status for _ in range(2)]
    assert "Real Owner" == sign_in(server, OWN_PASSWORD).json["DisplayName"]
    assert {401} == {sign_in(server, f"strange password {number}").status for number in range(3, 6)}
    assert 1 == len(mails_to(server, operator, ADDRESS))


def test_resets_by_strangers_leave_the_owner_a_link_that_works(server: Server, operator: Person) -> None:
    """Seven requests send one mail, whose link works for all of them; the next one is sent after its use."""
    address = "member@example.com"
    register(server, operator, "member")
    for each in ("the first password", "the second password"):
        for _ in range(7):
            assert 200 == server.post(f"/api/account/{address}/passwordresettoken", {}).status
        reset(server, operator, address, each)
        assert 200 == sign_in(server, each, address).status
    assert 2 == mails_to(server, operator, address).count("Reset your password for Platform API")


def test_an_attacked_owner_signs_in_by_a_reset(server: Server, operator: Person) -> None:
    """The 429 response mentions the reset, after which the sign-in works immediately."""
    address = "attacked@example.com"
    register(server, operator, "attacked")
    statuses = [sign_in(server, "a wrong password", address).status for _ in range(6)]
    refused = sign_in(server, PASSWORD, address)
    assert (429, True) == (refused.status, "reset the password" in json.dumps(refused.json))
    assert [401] * 5 + [429] == statuses
    server.post(f"/api/account/{address}/passwordresettoken", {})
    reset(server, operator, address, OWN_PASSWORD)
    assert 200 == sign_in(server, OWN_PASSWORD, address).status


def test_an_address_that_nobody_has_gets_no_reset(server: Server, operator: Person) -> None:
    """The response does not reveal it, and no mail is sent."""
    assert 200 == server.post("/api/account/nobody@example.com/passwordresettoken", {}).status
    assert [] == mails_to(server, operator, "nobody@example.com")
