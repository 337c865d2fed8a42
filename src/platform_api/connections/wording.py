"""The words of the life cycle's mails: facts in, mail out. No database, no clock."""

from dataclasses import dataclass
from datetime import datetime

from platform_api.connections.messages import PublicConnectionRequestStatusUpdate
from platform_api.mail import Button, LetterContext, Mail, name_or_somebody
from platform_api.notices.values import NoticeKind
from platform_api.roles.wording import in_sentence, with_article
from servicehost.contract.scalars import Guid

INVITATION_PURPOSE = "invitation"
"""The purpose of the tokens in these mails."""


@dataclass(frozen=True, slots=True)
class RequestFacts:
    """What the mail of a connection request says.

    Attributes:
        to: the address.
        request_id: the request.
        token_version: of the link.
        sender_name: who asks.
        sender_role: the sender's role.
        receiver_role: the role that the reader is asked to take.
        registered: whether somebody is registered with the address; decides the words, not whether there is a mail.
        expires_at: until when the link answers.
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
class NewsFacts:
    """What the mail about an answer says.

    Attributes:
        to: the address.
        other_name: the contact at the other end.
        role: the other contact's role.
        news: what happened, one of `NEWS`.
    """

    to: str
    other_name: str
    role: str
    news: NoticeKind


NEWS = {
    NoticeKind.ACCEPTED: ("{Name} accepted your connection request", "{Name} is now your {role}."),
    NoticeKind.REMOVED: ("{Name} removed your connection", "{Name} is no longer your {role}."),
    NoticeKind.EXPIRED: (
        "Your connection request to {name} expired",
        "It was not answered in time. You can send it again from your list of sent requests.",
    ),
    NoticeKind.CONNECTED: ("{Name} added a connection with you", "{Name} is now your {role}."),
}
"""Subject and text for each piece of news; `Name` begins a sentence."""


def asked(name: str, receiver_role: str) -> str:
    """The sentence that says what a sender asks."""
    return f"{name} would like to add you as {with_article(receiver_role)}."


def outcome(name: str, sender_role: str, receiver_role: str) -> str:
    """The sentence that says what each side will be to the other; in a symmetric role that is said already."""
    if sender_role == receiver_role:
        return f"If you accept, {name} is connected with you."
    return f"If you accept, {name} is your {in_sentence(sender_role)} and you are their {in_sentence(receiver_role)}."


def render_request(facts: RequestFacts, context: LetterContext) -> Mail:
    """The mail of a connection request: to a member, or an invitation to somebody who is none yet."""
    name = name_or_somebody(facts.sender_name, begins=True)
    token = context.token(INVITATION_PURPOSE, facts.request_id, facts.token_version)
    link = PublicConnectionRequestStatusUpdate(connection_request_id=facts.request_id, token=token)
    until = f"Answer by {facts.expires_at.day} {facts.expires_at:%B %Y}. Opening the link does not accept the request."
    paragraphs = [
        f"{asked(name, facts.receiver_role)} {outcome(name, facts.sender_role, facts.receiver_role)}",
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


def render_news(facts: NewsFacts, context: LetterContext) -> Mail:
    """The mail that tells one side what the other, or the clock, did."""
    names = {"Name": name_or_somebody(facts.other_name, begins=True), "name": name_or_somebody(facts.other_name)}
    subject, text = (part.format(**names, role=in_sentence(facts.role)) for part in NEWS[facts.news])
    return Mail.compose(
        context,
        to=facts.to,
        subject=subject,
        paragraphs=[text],
        footer=[f"You receive this email because you are a member of {context.service_name}."],
    )


__all__ = [
    "INVITATION_PURPOSE",
    "NEWS",
    "NewsFacts",
    "RequestFacts",
    "asked",
    "outcome",
    "render_news",
    "render_request",
]
