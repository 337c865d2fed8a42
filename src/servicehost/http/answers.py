"""From what a handler answered to what HTTP carries: the message in the chosen format, and around it what that wants."""

from collections.abc import Mapping, Sequence
from urllib.parse import urlencode

from servicehost.binding.pairs import first_of
from servicehost.contract.call import Answer, Page
from servicehost.contract.catalog import Service
from servicehost.contract.messages import Message
from servicehost.formats import jsonp
from servicehost.formats.codec import Format
from servicehost.http import reply as replies
from servicehost.http.endpoint import Endpoint, Outlet, Visit
from servicehost.http.exchange import Exchange
from servicehost.http.reply import NOSNIFF, VARY, Reply
from servicehost.pages import answer_page

_DONE = '<p class="lead">It is done.</p>'
_NO_HEADERS: Mapping[str, str] = {}
_NEXT = '>; rel="next"'
_WISHES = ("format", "jsconfig", "callback", "flat", "bom")
"""Query keys that choose the form of an answer, and so of every page of a list."""

_FORM = ("format", "flat", "bom")
"""Query keys that a link to the same answer in another form replaces."""


class Answers:
    """Answers requests that were handled."""

    def __init__(self, service: Service, formats: Sequence[Format]) -> None:
        self._service = service
        self._others = [
            (format_.name.upper(), f"format={format_.name}{format_.page_query}")
            for format_ in formats
            if not format_.for_people
        ]

    def one(self, exchange: Exchange, visit: Visit, result: Message | Answer | Page | None) -> Reply:
        """The answer to a single request."""
        outlet = visit.bound.endpoint.outlet
        if isinstance(result, Page):
            exchange.cookies_to_set = (*exchange.cookies_to_set, *result.cookies)
            return replies.page(result.html, result.status, result.headers)
        if not isinstance(result, Answer):
            return self._written(exchange, visit, outlet, result)
        exchange.cookies_to_set = (*exchange.cookies_to_set, *result.cookies)
        headers = _with_wishes(exchange, result.headers) if exchange.query else result.headers
        reply = self._written(exchange, visit, outlet, result.message, result.status, headers)
        reply.fields += replies.fields_of(headers)
        return reply

    def many(self, exchange: Exchange, visit: Visit, messages: Sequence[Message] | None, count: int) -> Reply:
        """The answer to `count` requests in one body: the list of what each was answered, or nothing."""
        reply = self._written(exchange, visit, visit.bound.endpoint.batching.outlet, messages)
        reply.fields.append(replies.completed(count))
        return reply

    def _written(
        self,
        exchange: Exchange,
        visit: Visit,
        outlet: Outlet,
        value: object,
        status: int = 200,
        headers: Mapping[str, str] = _NO_HEADERS,
    ) -> Reply:
        choice = exchange.choice
        if not choice.is_plain:
            return self._dressed(exchange, visit, outlet, value, status, headers)
        if value is None:
            return _nothing(status)
        encoders = outlet.camel_encoders if visit.camel_case else outlet.encoders
        fields = [replies.content_type(choice.content_type), VARY, NOSNIFF]
        return Reply(status, fields, encoders[choice.format.name](value))

    def _dressed(
        self,
        exchange: Exchange,
        visit: Visit,
        outlet: Outlet,
        value: object,
        status: int,
        headers: Mapping[str, str],
    ) -> Reply:
        choice, endpoint = exchange.choice, visit.bound.endpoint
        if value is None and (status != 200 or not (choice.format.for_people or choice.callback)):
            return _nothing(status)
        body = b"" if value is None else outlet.encode(value, choice, camel_case=visit.camel_case)
        if choice.format.for_people:
            return self._page(exchange, endpoint, body.decode() or _DONE, status, headers)
        fields = [replies.content_type(choice.content_type), VARY, NOSNIFF]
        if choice.callback:
            return Reply(200, fields, jsonp.script(choice.callback, body))
        if choice.format.download:
            name = f"{endpoint.name}.{choice.format.name}"
            fields.append(replies.field("Content-Disposition", f'attachment;filename="{name}"'))
        return Reply(status, fields, body)

    def _page(
        self, exchange: Exchange, endpoint: Endpoint, content: str, status: int, headers: Mapping[str, str]
    ) -> Reply:
        following = headers.get("Link", "")
        html = answer_page(
            self._service,
            endpoint.operation,
            content,
            others=[(title, _address(exchange, wish)) for title, wish in self._others]
            if _is_repeatable(exchange)
            else [],
            total=headers.get("X-Total-Count"),
            next_page=_as_page(following[1 : -len(_NEXT)]) if following.endswith(_NEXT) else None,
        )
        return replies.page(html, status, {"Vary": "Accept"})


def _with_wishes(exchange: Exchange, headers: Mapping[str, str]) -> Mapping[str, str]:
    """The headers with a `Link` that asks for the next page in the form in which this one was asked for."""
    wishes = {name: text for name in _WISHES if (text := first_of(exchange.query, name))}
    link = headers.get("Link", "")
    if not wishes or not link.endswith(_NEXT):
        return headers
    return {**headers, "Link": f"{_joined(link[: -len(_NEXT)], urlencode(wishes))}{_NEXT}"}


def _as_page(address: str) -> str:
    """The address of a list's next page, as a page for people."""
    path, _, query = address.partition("?")
    kept = [part for part in query.split("&") if part and not part.startswith("format=")]
    return f"{path}?{'&'.join([*kept, 'format=html'])}"


def _joined(address: str, query: str) -> str:
    return f"{address}{'&' if '?' in address else '?'}{query}"


def _nothing(status: int) -> Reply:
    return Reply(204 if status == 200 else status, [VARY, NOSNIFF])


def _is_repeatable(exchange: Exchange) -> bool:
    """Whether a link asks for the same answer again."""
    return exchange.method in ("GET", "HEAD")


def _address(exchange: Exchange, wish: str) -> str:
    """The address of the same answer in another form: a suffix would be stronger than the query, so it goes."""
    path = "/" + exchange.path.strip("/").removesuffix(f".{exchange.choice.format.name}")
    query = exchange.query_string.decode("latin-1").split("&")
    kept = [part for part in query if part and part.partition("=")[0].lower() not in _FORM]
    return f"{path}?{'&'.join([*kept, wish])}"


__all__ = ["Answers"]
