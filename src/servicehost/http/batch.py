"""Batches: many requests of one operation in one body, answered with the list of their responses.

All requests of a batch are read before any is executed, and the caller is authenticated once. Requests are executed in
order; the first failure ends the batch, and requests executed before it are not undone.
"""

import asyncio
import re
from collections.abc import Awaitable, Callable, Sequence

from servicehost.binding.pairs import NO_PAIRS
from servicehost.binding.request import BodyPart
from servicehost.contract.call import Answer, Page
from servicehost.contract.errors import FieldError, InvalidFields, MalformedBody, UnreadableMembers
from servicehost.contract.messages import Message
from servicehost.formats.codec import Format, Values
from servicehost.http.endpoint import RouteMatch
from servicehost.http.exchange import BatchProgress, Exchange
from servicehost.http.replies import ReplyBuilder
from servicehost.http.reply import Reply

Handle = Callable[[Message], Awaitable[Message | Answer | Page | None]]
"""Executes one request of a batch."""

_position = re.compile(r"\[(\d+)\]\.?(.*)", re.DOTALL).fullmatch


class Batches:
    """Processes batches."""

    def __init__(self, answers: ReplyBuilder, limit: int) -> None:
        """Limit batches to `limit` requests."""
        self._replies = answers
        self._limit = limit

    async def process(
        self, exchange: Exchange, match: RouteMatch, format_: Format, body: bytes, handle: Handle
    ) -> Reply:
        """The reply to a batch. Progress is recorded in the exchange, for the error that ends the batch.

        Raises:
            PayloadTooLarge: the batch has more requests than the limit.
            ServiceError: a request of the batch is unreadable or was refused.
        """
        progress = exchange.progress = BatchProgress()
        messages = self._messages(exchange, match, self._read(match, format_, body, progress), progress)
        progress.executing = True
        answered, large = [], False
        for progress.item, message in enumerate(messages):
            result = await handle(message)
            large = large or (isinstance(result, Answer) and result.large)
            answered.append(self._answer(exchange, match, result))
        present = [message for message in answered if message is not None]
        written = present if match.bound.endpoint.batching.empty else None
        if large:
            return await asyncio.to_thread(self._replies.for_batch, exchange, match, written, len(messages))
        return self._replies.for_batch(exchange, match, written, len(messages))

    def _read(self, match: RouteMatch, format_: Format, body: bytes, progress: BatchProgress) -> Sequence[Values]:
        endpoint = match.bound.endpoint
        try:
            return endpoint.batching.reader(format_, self._limit)(body)
        except UnreadableMembers as error:
            progress.item, fields = _first_item(error.fields)
            raise InvalidFields(endpoint.name, fields) from error

    def _messages(
        self, exchange: Exchange, match: RouteMatch, items: Sequence[Values], progress: BatchProgress
    ) -> Sequence[Message]:
        messages = []
        for progress.item, values in enumerate(items):
            messages.append(match.bound.binding.bind((), exchange.query, NO_PAIRS, BodyPart(values)))
        return messages

    def _answer(self, exchange: Exchange, match: RouteMatch, result: Message | Answer | Page | None) -> Message | None:
        """The message of one answer. Its cookies are kept; its status and headers apply only to single requests."""
        if isinstance(result, Answer):
            exchange.cookies_to_set = (*exchange.cookies_to_set, *result.cookies)
            result = result.message
        return result if isinstance(result, Message) else match.bound.endpoint.batching.empty


def _first_item(fields: Sequence[FieldError]) -> tuple[int, list[FieldError]]:
    """The position of the first invalid request, and its errors.

    Raises:
        MalformedBody: an item of the batch is not a request.
    """
    placed = [(int(found[1]), found[2], field) for field in fields if (found := _position(field.field))]
    first = min(position for position, _, _ in placed)
    wrong = [FieldError(name, field.message, field.code) for position, name, field in placed if position == first]
    if not wrong[0].field:
        raise MalformedBody(f"{wrong[0].message} A batch is a list of objects.")
    return first, wrong


__all__ = ["Batches", "Handle"]
