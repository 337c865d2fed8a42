"""The command `platform-api serve`: prepares the installation, serves, and prints the addresses."""

import sys
from functools import partial

from platform_api.app import create_monitored
from platform_api.installation import first_start, logs
from platform_api.installation.operators import SAMPLE_ADDRESS, OperatorStanding
from platform_api.installation.settings import Settings
from platform_api.program import server


def serve(settings: Settings) -> None:
    """Create what is missing, serve until a signal, and print the addresses.

    Raises:
        Refusal: the server cannot start; the message says why.
    """
    logs.configure(settings.logging.level, settings.logging.format)
    with server.claimed_port(settings) as claimed:
        operators = first_start.prepare(claimed)
        server.run(claimed, create_monitored, partial(_announce, claimed, operators))


def announcement(settings: Settings, operators: OperatorStanding) -> str:
    """The text that is printed after the start: addresses, operator, mail."""
    url = settings.server.local_url
    lines = [
        ("Public URL", settings.server.public_url),
        ("Pages", f"{url}/api/metadata"),
        ("Operator", _operator(operators)),
        ("Sign in", f"curl -u {SAMPLE_ADDRESS} {url}/api/contacts/own (curl asks for the password)"),
        ("Mail", _mail(settings)),
    ]
    if not operators.sample:
        lines = [(title, text) for title, text in lines if title != "Sign in"]
    told = "".join(f"  {title:<10} {text}\n" for title, text in lines if text)
    return (
        f"\nPlatform API answers at {url}\n\n{told}\nCtrl-C stops it. Another port: platform-api serve --port NUMBER\n"
    )


def _operator(operators: OperatorStanding) -> str:
    if operators.made:
        return f"{SAMPLE_ADDRESS}, password {operators.made.password} (shown only this once)"
    if operators.sample:
        return f"{SAMPLE_ADDRESS}; for a new password run: platform-api operator reset-password"
    if operators.others:
        return f"{operators.others}; the sample operator has been withdrawn"
    return "no operator; register, then run: platform-api operator grant ADDRESS"


def _mail(settings: Settings) -> str:
    mail = settings.mail_server
    if mail.host is not None:
        return f"sent by {mail.host}"
    return f"kept in the built-in mailbox, {settings.server.local_url}/api/mailbox, which operators can read; nothing is sent"


def _announce(settings: Settings, operators: OperatorStanding) -> None:
    sys.stdout.write(announcement(settings, operators))
    sys.stdout.flush()


__all__ = ["announcement", "serve"]
