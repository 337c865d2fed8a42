"""The operations of the built-in mailbox."""

from typing import Any

from platform_api.database.transaction import Database, Transaction
from platform_api.lists.pages import ListPage, list_answer, page, read_page
from platform_api.lists.rules import numbered_page
from platform_api.lists.settings import PageLimits
from platform_api.lists.values import Window
from platform_api.mail import store
from platform_api.mail.messages import (
    GetMailboxMessage,
    GetMailboxMessageResponse,
    GetMailboxMessages,
    GetMailboxMessagesResponse,
    MailboxMessage,
)
from platform_api.mail.values import MessageSummary, StoredMessage
from servicehost.contract.call import Answer, Call, Handler, ListAnswer
from servicehost.contract.errors import NotFound
from servicehost.contract.messages import Request

_NOT_STORED = {"Cache-Control": "no-store"}


class MailboxService:
    """The operations that let the operator read the built-in mailbox.

    Args:
        database: where the mails are.
        limits: the limits of pages.
    """

    def __init__(self, database: Database, limits: PageLimits) -> None:
        self._database = database
        self._limits = limits

    def handlers(self) -> dict[type[Request[Any]], Handler]:
        """The handler of each operation."""
        return {GetMailboxMessages: self.messages, GetMailboxMessage: self.message}

    async def messages(self, message: GetMailboxMessages, call: Call) -> ListAnswer:  # noqa: ARG002 - a handler's signature
        """One page of the mailbox, the newest mail first.

        Raises:
            WrongPage: there is no such page.
            PagingRequired: the page lies too far from the beginning to be asked for by its number.
        """
        window = numbered_page(message.page_number, message.page_size, message.after, self._limits)

        async def read(tx: Transaction, window: Window) -> ListPage[MailboxMessage]:
            found = await store.summaries(tx, window)
            return await page(window, found, _summary, lambda: store.count_messages(tx))

        found = await read_page(self._database, window, read)
        response = GetMailboxMessagesResponse(messages=found.rows, total_messages=found.total)
        return list_answer(message, response, found, headers=_NOT_STORED)

    async def message(self, message: GetMailboxMessage, call: Call) -> Answer:  # noqa: ARG002 - a handler's signature
        """One mail with its content.

        Raises:
            NotFound: no mail has this id; it may have been purged.
        """
        stored = await self._database.read(lambda tx: store.get_message(tx, message.message_id))
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


def _summary(stored: MessageSummary | StoredMessage) -> MailboxMessage:
    return MailboxMessage(message_id=stored.id, to=stored.recipient, subject=stored.subject, stored_at=stored.stored_at)


__all__ = ["MailboxService"]
