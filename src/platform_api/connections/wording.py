"""Texts of the mails about requests and connections, rendered from facts without a database or a clock."""

from dataclasses import dataclass
from datetime import datetime

from platform_api.connections.messages import PublicConnectionRequestStatusUpdate
from platform_api.foundation.tokens import Purpose
from platform_api.mail import Button, LetterContext, Mail, name_or_somebody
from platform_api.notices.values import NoticeKind
from platform_api.roles.wording import in_sentence, with_article
from servicehost.contract.scalars import Guid


@dataclass(frozen=True, slots=True)
class RequestFacts:
    """Facts for the mail of a connection request.

    Attributes:
        to: the address that the mail goes to.
        request_id: the request.
        token_version: the version of the link's token.
        sender_name: the name of the contact that asks.
        sender_role: the role of the sender.
        receiver_role: the role that the reader is asked to take.
        registered: whether a user has verified the address. It decides the words, not whether there is a mail.
        expires_at: the moment at which the request expires.
    """

    to: str
    request_id: Guid
    token_version: int
    sender_name: str
    sender_role: str
    receiver_role: str
    registered: bool
    expires_at: datetime


@dataclass(frozen=True, slots=True)
class NoticeFacts:
    """Facts for the mail that goes with a notice about a connection.

    Attributes:
        to: the address that the mail goes to.
        other_name: the name of the contact at the other end.
        role: the role of that contact.
        kind: the kind of the notice, one of those in `NOTICES`.
    """

    to: str
    other_name: str
    role: str
    kind: NoticeKind


NOTICES = {
    NoticeKind.ACCEPTED: ("{Name} accepted your connection request", "{Name} is now your {role}."),
    NoticeKind.REMOVED: ("{Name} removed your connection", "{Name} is no longer your {role}."),
    NoticeKind.EXPIRED: (
        "Your connection request to {name} expired",
        "It was not answered in time. You can send it again from your list of sent requests.",
    ),
    NoticeKind.CONNECTED: ("{Name} added a connection with you", "{Name} is now your {role}."),
}
"""Subject and text for each kind of notice. `Name` begins a sentence, `name` does not."""


def request_sentence(name: str, receiver_role: str) -> str:
    """The sentence that states the request of a sender."""
    return f"{name} would like to add you as {with_article(receiver_role)}."


def outcome_sentence(name: str, sender_role: str, receiver_role: str) -> str:
    """The sentence that states the roles of both sides after an acceptance. A symmetric role is not named again."""
    if sender_role == receiver_role:
        return f"If you accept, {name} is connected with you."
    return f"If you accept, {name} is your {in_sentence(sender_role)} and you are their {in_sentence(receiver_role)}."


def render_request(facts: RequestFacts, context: LetterContext) -> Mail:
    """The mail of a connection request: to a user, or an invitation to an address that no user has."""
    name = name_or_somebody(facts.sender_name, begins=True)
    token = context.token(Purpose.INVITATION, facts.request_id, facts.token_version)
    link = PublicConnectionRequestStatusUpdate(connection_request_id=facts.request_id, token=token)
    until = f"Answer by {facts.expires_at.day} {facts.expires_at:%B %Y}. Opening the link does not accept the request."
    paragraphs = [
        f"{request_sentence(name, facts.receiver_role)} {outcome_sentence(name, facts.sender_role, facts.receiver_role)}",
        until,
    ]
    if facts.registered:
        subject, text = f"{name} asks to connect with you", "See request"
    else:
        subject, text = f"{name} invites you to {context.service_name}", "See invitation"
        paragraphs.insert(
            1,
            f"{context.service_name} connects people and organisations that work together: staff, subcontractors, suppliers.",
        )
    return Mail.compose(
        context,
        to=facts.to,
        subject=subject,
        paragraphs=paragraphs,
        button=Button(text, context.url_of(link)),
        footer=[
            f"{name} gave us this address to invite you.",
            "If you do not know the sender, ignore this email. Nothing happens unless you accept.",
        ],
    )


def render_notice(facts: NoticeFacts, context: LetterContext) -> Mail:
    """The mail about an act of the other side, or about an expiry."""
    names = {"Name": name_or_somebody(facts.other_name, begins=True), "name": name_or_somebody(facts.other_name)}
    subject, text = (part.format(**names, role=in_sentence(facts.role)) for part in NOTICES[facts.kind])
    return Mail.compose(
        context,
        to=facts.to,
        subject=subject,
        paragraphs=[text],
        footer=[f"You receive this email because you are a member of {context.service_name}."],
    )


__all__ = [
    "NOTICES",
    "NoticeFacts",
    "RequestFacts",
    "outcome_sentence",
    "render_notice",
    "render_request",
    "request_sentence",
]
