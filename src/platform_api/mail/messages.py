"""The operations of the built-in mailbox: for the operator alone, since its mails hold live links."""

from datetime import datetime
from typing import Annotated, ClassVar

import msgspec

from platform_api.lists.messages import After
from servicehost.contract.messages import Access, Member, Message, Request, RoleHolder, Route
from servicehost.contract.scalars import EMPTY_GUID, Guid
from servicehost.contract.status import ResponseStatus

OPERATOR = RoleHolder("Operator")


class MailboxMessage(Message):
    """A mail in the built-in mailbox."""

    message_id: Annotated[Guid, Member("Id of the mail in the mailbox.")] = EMPTY_GUID
    to: Annotated[str | None, Member("Address that it is for.")] = None
    subject: Annotated[str | None, Member("Subject.")] = None
    stored_at: Annotated[datetime | None, Member("When it came to the mailbox.")] = None


class GetMailboxMessagesResponse(Message):
    """A page of the mailbox."""

    messages: Annotated[list[MailboxMessage], Member("Mails, the newest first.", stated=False)] = msgspec.field(
        default_factory=list
    )
    total_messages: Annotated[int, Member("How many mails the mailbox holds.", stated=False)] = 0
    response_status: Annotated[ResponseStatus | None, Member()] = None


class GetMailboxMessages(Request[GetMailboxMessagesResponse]):
    """List the mails of the built-in mailbox, newest first."""

    access: ClassVar[Access] = OPERATOR
    routes: ClassVar[tuple[Route, ...]] = (Route("/mailbox", verbs=("GET",)),)
    changes_state: ClassVar[bool] = False

    page_number: Annotated[int, Member("Page wanted, from 1.")] = 0
    page_size: Annotated[int, Member("Mails of a page.")] = 0
    after: After = None


class GetMailboxMessageResponse(Message):
    """A mail of the mailbox, whole."""

    message: Annotated[MailboxMessage | None, Member("What the list shows of it.", stated=False)] = None
    sender: Annotated[str | None, Member("Address that it comes from.", stated=False)] = None
    text: Annotated[str | None, Member("The mail as plain text.", stated=False)] = None
    html: Annotated[str | None, Member("The mail as HTML.", stated=False)] = None
    headers: Annotated[dict[str, str], Member("Further header fields.", stated=False)] = msgspec.field(
        default_factory=dict
    )
    response_status: Annotated[ResponseStatus | None, Member()] = None


class GetMailboxMessage(Request[GetMailboxMessageResponse]):
    """Read one mail of the built-in mailbox."""

    access: ClassVar[Access] = OPERATOR
    routes: ClassVar[tuple[Route, ...]] = (Route("/mailbox/{MessageId}", verbs=("GET",)),)
    changes_state: ClassVar[bool] = False

    message_id: Annotated[Guid, Member("Id of the mail in the mailbox.", required=True)]


__all__ = [
    "OPERATOR",
    "GetMailboxMessage",
    "GetMailboxMessageResponse",
    "GetMailboxMessages",
    "GetMailboxMessagesResponse",
    "MailboxMessage",
]
