"""The operations of the built-in mailbox."""

from typing import Any
from urllib.parse import urlencode

from platform_api.database.transaction import Database, Transaction
from platform_api.outbox import store
from platform_api.outbox.messages import (
    GetMailboxMessage,
    GetMailboxMessageResponse,
    GetMailboxMessages,
    GetMailboxMessagesResponse,
    MailboxMessage,
)
from platform_api.outbox.values import StoredMessage
from servicehost.contract.call import Answer, Call, Handler
from servicehost.contract.errors import FieldError, InvalidFields, NotFound
from servicehost.contract.messages import Request
from servicehost.contract.scalars import EMPTY_GUID

_NOT_STORED = {"Cache-Control": "no-store"}


class MailboxService:
    """Lets the operator read the built-in mailbox.

    Args:
        database: where the mails are.
        page_size: mails of a page when the request does not say.
        largest_page: mails of a page at most.
    """

    def __init__(self, database: Database, *, page_size: int = 50, largest_page: int = 500) -> None:
        self._database = database
        self._page_size = page_size
        self._largest_page = largest_page

    def handlers(self) -> dict[type[Request[Any]], Handler]:
        """The operations of this capability."""
        return {GetMailboxMessages: self.messages, GetMailboxMessage: self.message}

    async def messages(self, message: GetMailboxMessages, call: Call) -> Answer:
        """A page of the mailbox, the newest first.

        Raises:
            InvalidFields: there is no such page.
        """
        size = self._size(message)
        after = None if message.after == EMPTY_GUID else message.after
        offset = 0 if after else (max(message.page_number, 1) - 1) * size

        async def unit(tx: Transaction) -> tuple[list[StoredMessage], int]:
            found = await store.messages(tx, after=after, offset=offset, limit=size + 1)
            return found, await store.count_messages(tx)

        found, total = await self._database.read(unit)
        headers = _NOT_STORED | {"X-Total-Count": str(total)}
        if len(found) > size:
            query = urlencode({"PageSize": size, "After": found[size - 1].id})
            headers["Link"] = f'<{call.path}?{query}>; rel="next"'
        page = [_summary(stored) for stored in found[:size]]
        return Answer(GetMailboxMessagesResponse(messages=page, total_messages=total), headers=headers)

    async def message(self, message: GetMailboxMessage, call: Call) -> Answer:  # noqa: ARG002 - a handler's signature
        """One mail, whole.

        Raises:
            NotFound: there is none with this id; it may have been purged.
        """
        stored = await self._database.read(lambda tx: store.message(tx, message.message_id))
        if stored is None:
            raise NotFound("There is no such mail in the mailbox. It may have been deleted because of its age.")
        whole = GetMailboxMessageResponse(
            message=_summary(stored),
            sender=stored.sender,
            text=stored.text,
            html=stored.html,
            headers=dict(stored.headers),
        )
        return Answer(whole, headers=_NOT_STORED)

    def _size(self, message: GetMailboxMessages) -> int:
        wrong = []
        if message.page_number < 0:
            wrong.append(FieldError("PageNumber", "PageNumber begins with 1.", "WrongPage"))
        if not 0 <= message.page_size <= self._largest_page:
            wrong.append(FieldError("PageSize", f"PageSize is at most {self._largest_page}.", "WrongPage"))
        if wrong:
            raise InvalidFields("GetMailboxMessages", wrong)
        return message.page_size or self._page_size


def _summary(stored: StoredMessage) -> MailboxMessage:
    return MailboxMessage(message_id=stored.id, to=stored.recipient, subject=stored.subject, stored_at=stored.stored_at)


__all__ = ["MailboxService"]
