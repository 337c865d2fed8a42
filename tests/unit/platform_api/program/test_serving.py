"""Tests of the text that is printed after a start."""

import pytest

from platform_api.installation.operators import Credentials, OperatorStanding
from platform_api.installation.settings import Settings, replaced
from platform_api.program.serving import announcement

SAMPLE = "operator@platform-api.example"
END = "Ctrl-C stops it. Another port: platform-api serve --port NUMBER"
KEPT = "  Mail       kept in the built-in mailbox, {}/api/mailbox, which operators can read; nothing is sent"


def lines(settings: Settings, operators: OperatorStanding) -> list[str]:
    """The printed lines, without empty ones."""
    return [line for line in announcement(settings, operators).split("\n") if line]


def test_a_first_start() -> None:
    """The text has the address, the password of the sample operator, and where mail is stored."""
    operators = OperatorStanding(Credentials(SAMPLE, "a-password"), sample=True, others=0)

    assert [
        "Platform API answers at http://127.0.0.1:8000",
        "  Pages      http://127.0.0.1:8000/api/metadata",
        f"  Operator   {SAMPLE}, password a-password (shown only this once)",
        f"  Sign in    curl -u {SAMPLE} http://127.0.0.1:8000/api/contacts/own (curl asks for the password)",
        KEPT.format("http://127.0.0.1:8000"),
        END,
    ] == lines(Settings(), operators)


def test_a_later_start_behind_a_proxy() -> None:
    """The local address is printed even with a public URL, and the commands use it."""
    settings = replaced(Settings(), "server", public_url="https://connect.example", port=9000, host="::1")
    settings = replaced(settings, "mail_server", host="mail.example")

    assert [
        "Platform API answers at http://[::1]:9000",
        "  Public URL https://connect.example",
        "  Pages      http://[::1]:9000/api/metadata",
        f"  Operator   {SAMPLE}; for a new password run: platform-api operator reset-password",
        f"  Sign in    curl -u {SAMPLE} http://[::1]:9000/api/contacts/own (curl asks for the password)",
        "  Mail       sent by mail.example",
        END,
    ] == lines(settings, OperatorStanding(None, sample=True, others=1))


@pytest.mark.parametrize(
    ("others", "expected"),
    [
        (2, "2; the sample operator has been withdrawn"),
        (0, "no operator; register, then run: platform-api operator grant ADDRESS"),
    ],
)
def test_a_withdrawn_sample_operator(others: int, expected: str) -> None:
    """The command to sign in as the sample operator is omitted after its withdrawal."""
    assert [
        "Platform API answers at http://127.0.0.1:8000",
        "  Pages      http://127.0.0.1:8000/api/metadata",
        f"  Operator   {expected}",
        KEPT.format("http://127.0.0.1:8000"),
        END,
    ] == lines(Settings(), OperatorStanding(None, sample=False, others=others))


@pytest.mark.parametrize(("host", "expected"), [("0.0.0.0", "http://127.0.0.1:8000"), ("::", "http://[::1]:8000")])
def test_an_address_that_stands_for_all(host: str, expected: str) -> None:
    """For an address of all interfaces, an address for clients on this machine is printed."""
    assert expected == replaced(Settings(), "server", host=host).server.local_url
