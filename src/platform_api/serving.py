"""One run of the server, from settings to the last answer: what `platform-api serve` does."""

import os
import sys
from collections.abc import Mapping
from functools import partial

from platform_api import first_start, logs, server
from platform_api.app import create_app
from platform_api.operators import SAMPLE_ADDRESS, Credentials
from platform_api.settings import SETTINGS, Settings


def serve(settings: Settings, environment: Mapping[str, str]) -> None:
    """Make what is missing, serve, and say where; ends when a signal has asked for it.

    Args:
        settings: the settings.
        environment: variables with which worker processes find the same settings.

    Raises:
        Refusal: the server cannot start; says why.
    """
    logs.configure(settings.logging.level, settings.logging.format)
    with server.claimed_port(settings) as claimed:
        made = first_start.prepare(claimed)
        os.environ.update({**environment, SETTINGS["server.port"].variable: str(claimed.server.port)})
        server.run(claimed, create_app, partial(_announce, claimed, made))


def announcement(settings: Settings, made: Credentials | None) -> str:
    """What somebody who has just started the server wants to know."""
    url = settings.server.url
    if made:
        known = f"password {made.password} (shown only this once)"
    else:
        known = "if the password is lost: platform-api operator reset-password"
    return f"""
Platform API answers at {url}

  Pages      {url}/api/metadata
  Operator   {SAMPLE_ADDRESS}, {known}
  Sign in    curl -u {SAMPLE_ADDRESS} {url}/api/mailbox (curl asks for the password)
  Mailbox    {_mailbox(settings)}

Ctrl-C stops it.
"""


def _mailbox(settings: Settings) -> str:
    if settings.mail.host is not None:
        return f"mail is sent by {settings.mail.host}"
    return f"{settings.server.url}/api/mailbox (the operator reads there what was mailed)"


def _announce(settings: Settings, made: Credentials | None) -> None:
    sys.stdout.write(announcement(settings, made))
    sys.stdout.flush()


__all__ = ["announcement", "serve"]
