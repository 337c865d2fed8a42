"""Builders of letters and mails with valid values, of which a test overrides only the relevant ones."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

from platform_api.accounts.messages import PasswordReset, VerifyMailbox
from platform_api.connections.messages import PublicConnectionRequestStatusUpdate
from platform_api.mail.envelope import Outgoing, Sender
from platform_api.mail.mail import Button, LetterContext, Mail
from platform_api.mail.values import LetterState, StoredLetter
from servicehost.addresses import Addresses
from servicehost.contract.catalog import Service
from servicehost.contract.scalars import Guid

NOW = datetime(2026, 11, 21, 12, 0, tzinfo=UTC)
LETTER_ID = Guid("01900000-0000-7000-8000-0000000000a1")
SUBJECT_ID = Guid("01900000-0000-7000-8000-0000000000b1")
PLATFORM = Sender("no-reply@platform.example", "Platform API")
RECIPIENT = "first@example.com"


def addresses(public_url: str) -> Addresses:
    """Addresses of the messages that mails link to."""
    linked = (PublicConnectionRequestStatusUpdate, VerifyMailbox, PasswordReset)
    return Addresses(Service("Platform API", public_url), linked)


def a_context(**changes: Any) -> LetterContext:
    """Return a context whose tokens show their arguments."""
    context = LetterContext(
        service_name="Platform API",
        public_url="https://platform.example",
        url_of=addresses("https://platform.example").url_of,
        token=lambda purpose, subject_id, version: f"{purpose}.{subject_id}.{version}",
    )
    return replace(context, **changes)


def a_letter(**changes: Any) -> StoredLetter:
    """Return a letter claimed for the first time, queued a minute ago."""
    letter = StoredLetter(
        id=LETTER_ID,
        owner=SUBJECT_ID,
        kind="invitation",
        subject_id=SUBJECT_ID,
        version=1,
        series=0,
        recipient_key=RECIPIENT,
        state=LetterState.SENDING,
        attempts=1,
        doubts=0,
        due_at=None,
        lease_until=NOW + timedelta(minutes=15),
        message_id="<letter@platform.example>",
        dated=NOW,
        reason=None,
        created_at=NOW - timedelta(minutes=1),
        attempted_at=NOW,
        settled_at=None,
    )
    return replace(letter, **changes)


def a_mail(**changes: Any) -> Mail:
    """Return a mail with one paragraph and a button."""
    parts: dict[str, Any] = {
        "to": RECIPIENT,
        "subject": "Acme Pty Ltd invites you",
        "paragraphs": ["Acme Pty Ltd would like to connect with you."],
        "button": Button("See invitation", "https://platform.example/i/1"),
        "footer": ["You get this mail because Acme Pty Ltd gave us this address."],
    }
    return Mail.compose(a_context(), **{**parts, **changes})


def an_outgoing(mail: Mail | None = None, sender: Sender = PLATFORM) -> Outgoing:
    """Return an attempt to send a mail."""
    return Outgoing(
        letter_id=LETTER_ID,
        recipient_key=RECIPIENT,
        sender=sender,
        mail=mail or a_mail(),
        message_id="<letter@platform.example>",
        dated=NOW,
    )
