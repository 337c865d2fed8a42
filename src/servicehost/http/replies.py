"""Replies to handled requests: the message in the chosen format, with header fields and page layout."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from servicehost.addresses import Addresses, NoAddress
from servicehost.binding.pairs import first_of
from servicehost.contract.call import Answer, ListAnswer, Page
from servicehost.contract.catalog import Service
from servicehost.contract.messages import Message, Request
from servicehost.formats import jsonp
from servicehost.formats.codec import Format
from servicehost.http import reply as replies
from servicehost.http.endpoint import Endpoint, ResponseEncoders, RouteMatch
from servicehost.http.exchange import Exchange
from servicehost.http.reply import NOSNIFF, VARY, Field, Reply, field
from servicehost.pages import answer_page

_DONE = '<p class="lead">It is done.</p>'
_FORMAT_KEYS = ("format", "jsconfig", "callback", "flat", "bom")
"""Query keys that choose the form of a response; links to further pages of a list keep them."""

_FORM = ("format", "flat", "bom")
"""Query keys that a link to the same response in another form replaces."""


@dataclass(frozen=True, slots=True)
class _List:
    """One page of a list.

    Attributes:
        total: rows on all pages.
        next_page: path and query of the next page; None on the last one.
    """

    total: int
    next_page: str | None


class ReplyBuilder:
    """Builds the replies to handled requests."""

    def __init__(self, service: Service, formats: Sequence[Format], addresses: Addresses) -> None:
        self._service = service
        self._addresses = addresses
        self._others = [
            (format_.name.upper(), f"format={format_.name}{format_.page_query}")
            for format_ in formats
            if not format_.for_people
        ]

    def for_request(self, exchange: Exchange, match: RouteMatch, result: Message | Answer | Page | None) -> Reply:
        """The reply to a single request."""
        response_encoders = match.bound.endpoint.response_encoders
        if isinstance(result, Page):
            exchange.cookies_to_set = (*exchange.cookies_to_set, *result.cookies)
            return replies.page(result.html, result.status, result.headers)
        if not isinstance(result, Answer):
            return self._written(exchange, match, response_encoders, result)
        exchange.cookies_to_set = (*exchange.cookies_to_set, *result.cookies)
        list_ = self._list(exchange, match, result) if isinstance(result, ListAnswer) else None
        reply = self._written(exchange, match, response_encoders, result.message, result.status, list_)
        reply.fields += replies.fields_of(result.headers)
        if list_ is not None:
            reply.fields += self._list_fields(list_)
        return reply

    def for_batch(self, exchange: Exchange, match: RouteMatch, messages: Sequence[Message] | None, count: int) -> Reply:
        """The reply to a batch of `count` requests: the list of their responses, or an empty body."""
        reply = self._written(exchange, match, match.bound.endpoint.batching.response_encoders, messages)
        reply.fields.append(replies.completed(count))
        return reply

    def _written(
        self,
        exchange: Exchange,
        match: RouteMatch,
        response_encoders: ResponseEncoders,
        value: object,
        status: int = 200,
        list_: _List | None = None,
    ) -> Reply:
        choice = exchange.choice
        if not choice.is_plain:
            return self._as_page_reply(exchange, match, response_encoders, value, status, list_)
        if value is None:
            return _nothing(status)
        encoders = response_encoders.camel_encoders if match.camel_case else response_encoders.encoders
        fields = [replies.content_type(choice.content_type), VARY, NOSNIFF]
        return Reply(status, fields, encoders[choice.format.name](value))

    def _as_page_reply(
        self,
        exchange: Exchange,
        match: RouteMatch,
        response_encoders: ResponseEncoders,
        value: object,
        status: int,
        list_: _List | None,
    ) -> Reply:
        choice, endpoint = exchange.choice, match.bound.endpoint
        if value is None and (status != 200 or not (choice.format.for_people or choice.callback)):
            return _nothing(status)
        body = b"" if value is None else response_encoders.encode(value, choice, camel_case=match.camel_case)
        if choice.format.for_people:
            return self._page(exchange, endpoint, body.decode() or _DONE, status, list_)
        fields = [replies.content_type(choice.content_type), VARY, NOSNIFF]
        if choice.callback:
            return Reply(200, fields, jsonp.script(choice.callback, body))
        if choice.format.download:
            name = f"{endpoint.name}.{choice.format.name}"
            fields.append(field("Content-Disposition", f'attachment;filename="{name}"'))
        return Reply(status, fields, body)

    def _page(self, exchange: Exchange, endpoint: Endpoint, content: str, status: int, list_: _List | None) -> Reply:
        html = answer_page(
            self._service,
            endpoint.operation,
            content,
            others=[(title, self._addresses.public_path(_address(exchange, form))) for title, form in self._others]
            if _is_repeatable(exchange)
            else [],
            total=list_.total if list_ else None,
            next_page=_as_page(list_.next_page) if list_ and list_.next_page else None,
        )
        return replies.page(html, status, {"Vary": "Accept"})

    def _list(self, exchange: Exchange, match: RouteMatch, answer: ListAnswer) -> _List:
        return _List(answer.total, self._next_page(exchange, match, answer.next) if answer.next is not None else None)

    def _next_page(self, exchange: Exchange, match: RouteMatch, message: Request[Any]) -> str | None:
        """The address of the next page in the requested form; None if it has no address."""
        kept = {name: text for name in _FORMAT_KEYS if (text := first_of(exchange.query, name))}
        endpoint, binding = match.bound.endpoint, match.bound.binding
        try:
            if isinstance(message, endpoint.operation.contract) and binding.agrees(match.texts, message):
                query = self._addresses.query_of(message, binding.given)
                return _joined(self._addresses.public_path(exchange.path) + query, urlencode(kept))
            if _has_suffix(exchange):
                kept.setdefault("format", exchange.choice.format.name)
            return _joined(self._addresses.path_of(message), urlencode(kept))
        except NoAddress:
            return None

    def _list_fields(self, list_: _List) -> list[Field]:
        """Header fields with the total and the next page, which CSV and JSON lines can state nowhere else."""
        fields = [field("X-Total-Count", str(list_.total))]
        if list_.next_page:
            fields.append(field("Link", f'<{self._addresses.absolute(list_.next_page)}>; rel="next"'))
        return fields


def _has_suffix(exchange: Exchange) -> bool:
    return exchange.path.lower().endswith(f".{exchange.choice.format.name}")


def _as_page(address: str) -> str:
    """The address of a list's next page in HTML."""
    path, _, query = address.partition("?")
    kept = [part for part in query.split("&") if part and not part.startswith("format=")]
    return f"{path}?{'&'.join([*kept, 'format=html'])}"


def _joined(address: str, query: str) -> str:
    return f"{address}{'&' if '?' in address else '?'}{query}" if query else address


def _nothing(status: int) -> Reply:
    return Reply(204 if status == 200 else status, [VARY, NOSNIFF])


def _is_repeatable(exchange: Exchange) -> bool:
    """Whether a link can repeat the request."""
    return exchange.method in ("GET", "HEAD")


def _address(exchange: Exchange, form: str) -> str:
    """The address of the same response in another form, without a suffix, which would override the query."""
    path = "/" + exchange.path.strip("/").removesuffix(f".{exchange.choice.format.name}")
    query = exchange.query_string.decode("latin-1").split("&")
    kept = [part for part in query if part and part.partition("=")[0].lower() not in _FORM]
    return f"{path}?{'&'.join([*kept, form])}"


__all__ = ["ReplyBuilder"]
