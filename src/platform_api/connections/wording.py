"""The words of the life cycle's mails: facts in, mail out. No database, no clock."""

from dataclasses import dataclass
from datetime import datetime

from platform_api.notices.values import NoticeKind
from platform_api.outbox.mail import Button, LetterContext, Mail
from platform_api.outbox.text import name_or_somebody
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
    NoticeKind.ACCEPTED: ("{Name} accepted your connection request", "You are connected now: {name} is your {role}."),
    NoticeKind.REMOVED: ("{Name} removed the connection with you", "{Name} is no longer your {role}."),
    NoticeKind.EXPIRED: (
        "Your connection request to {name} has expired",
        "It was not answered in time. You can send it again from the list of the requests that you sent.",
    ),
    NoticeKind.CONNECTED: ("{Name} connected with you", "{Name} is your {role} now."),
}
"""Subject and text for each piece of news; `Name` begins a sentence."""


def invitation_path(request_id: Guid, token: str) -> str:
    """The path of the page behind the link of a request mail."""
    return f"/api/public/connectionrequests/{request_id}/accept?Token={token}"


def render_request(facts: RequestFacts, context: LetterContext) -> Mail:
    """The mail of a connection request: to a member, or an invitation to somebody who is none yet."""
    name = name_or_somebody(facts.sender_name, begins=True)
    token = context.token(INVITATION_PURPOSE, facts.request_id, facts.token_version)
    asked = f"{name} would like to connect with you as {facts.sender_role}, with you as {facts.receiver_role}."
    until = f"You can answer until {facts.expires_at:%d %B %Y}. Opening the link changes nothing; the page asks first."
    if facts.registered:
        subject, text = f"{name} asks to connect with you", "See request"
    else:
        subject, text = f"{name} invites you to {context.service_name}", "See invitation"
        asked += f" {context.service_name} keeps the contacts and connections of people and organisations that work together."
    return Mail.compose(
        context,
        to=facts.to,
        subject=subject,
        paragraphs=[asked, until],
        button=Button(text, context.link(invitation_path(facts.request_id, token))),
        footer=[
            f"{name} gave us this address to invite you.",
            "If you do not know the sender, ignore it: without your answer nothing happens.",
        ],
    )


def render_news(facts: NewsFacts, context: LetterContext) -> Mail:
    """The mail that tells one side what the other, or the clock, did."""
    names = {"Name": name_or_somebody(facts.other_name, begins=True), "name": name_or_somebody(facts.other_name)}
    subject, text = (part.format(**names, role=facts.role) for part in NEWS[facts.news])
    return Mail.compose(
        context,
        to=facts.to,
        subject=subject,
        paragraphs=[text],
        footer=["You get this mail because you are a member."],
    )


__all__ = [
    "INVITATION_PURPOSE",
    "NEWS",
    "NewsFacts",
    "RequestFacts",
    "invitation_path",
    "render_news",
    "render_request",
]
