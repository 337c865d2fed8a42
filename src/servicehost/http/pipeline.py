"""The request pipeline after routing: authentication, binding, the operation, and the reply."""

import asyncio
from typing import Final

from servicehost.addresses import Addresses
from servicehost.binding.forms import is_form, read_form
from servicehost.binding.pairs import NO_PAIRS
from servicehost.binding.request import NO_BODY, BodyPart
from servicehost.contract.call import Answer, Call, Page
from servicehost.contract.errors import (
    Forbidden,
    NotAuthenticated,
    ServiceError,
    UnreadableMembers,
    UnsupportedMediaType,
)
from servicehost.contract.messages import Message
from servicehost.formats.codec import Format
from servicehost.http.batch import Batches
from servicehost.http.body import Receive, may_have_body, read_body
from servicehost.http.endpoint import Endpoint, RouteMatch
from servicehost.http.exchange import Exchange
from servicehost.http.replies import ReplyBuilder
from servicehost.http.reply import Reply
from servicehost.http.settings import HostSettings
from servicehost.negotiation import Negotiator, media_type
from servicehost.security.authentication import Authentication, Authenticator, proved_by_header
from servicehost.security.origin import StateChangeGuard, origin_of

_UNSPECIFIED: Final = "text/plain"
"""The default Content-Type of `fetch` for a string, also sent by the published client that avoids preflights."""


class Pipeline:
    """Processes a request from its endpoint to the reply."""

    def __init__(
        self,
        authenticator: Authenticator,
        negotiator: Negotiator,
        answers: ReplyBuilder,
        settings: HostSettings,
        addresses: Addresses,
    ) -> None:
        self._authenticator = authenticator
        self._negotiator = negotiator
        self._replies = answers
        self._path_of = addresses.path_of
        self._batches = Batches(answers, settings.batch_limit)
        self._body_limit = settings.body_limit
        self._guard = StateChangeGuard(origin_of(addresses.absolute("")), settings.trusted_origins)

    async def process(self, exchange: Exchange, match: RouteMatch, receive: Receive) -> Reply:
        """The reply to a request.

        Raises:
            ServiceError: the request is refused.
        """
        endpoint = match.bound.endpoint
        proved = None
        if endpoint.changes_state and (refusal := self._refusal(exchange, match)) is not None:
            proved = await proved_by_header(self._authenticator, exchange.headers, exchange.client)
            if proved is None:
                raise refusal
        if endpoint.identifies:
            await self._authenticate(exchange, endpoint, proved)
        call = Call(
            exchange.request_id,
            exchange.method,
            exchange.path,
            exchange.principal,
            match.bound.route,
            exchange.headers,
            exchange.cookies,
            exchange.client,
            exchange.camel_case,
            self._path_of,
        )
        if match.is_batch:
            return await self._process_batch(exchange, match, receive, call)
        message = await self._message(exchange, match, receive)
        result = await endpoint.handler(message, call)
        if isinstance(result, Answer) and result.large:
            return await asyncio.to_thread(self._replies.for_request, exchange, match, result)
        return self._replies.for_request(exchange, match, result)

    async def _process_batch(self, exchange: Exchange, match: RouteMatch, receive: Receive, call: Call) -> Reply:
        body = b""
        if may_have_body(exchange.method, exchange.headers):
            body = await read_body(receive, exchange.headers, self._body_limit)
        format_ = self._body_format(match, exchange.headers.get("content-type", ""))
        if format_ is None:
            raise UnsupportedMediaType("A form is one request. Send a batch as a list, in JSON for example.")

        async def handle(message: Message) -> Message | Answer | Page | None:
            return await match.bound.endpoint.handler(message, call)

        return await self._batches.process(exchange, match, format_, body, handle)

    def _refusal(self, exchange: Exchange, match: RouteMatch) -> ServiceError | None:
        """The error for a state-changing call, unless a bearer token or an API key proves who sends it."""
        fields = exchange.headers.fields
        if exchange.method == "POST" and b"origin" not in fields and b"sec-fetch-site" not in fields:
            return None  # not a browser; most requests take this path, without decoding a header
        return self._guard.refusal(exchange.method, exchange.headers, match.bound.allow)

    async def _authenticate(self, exchange: Exchange, endpoint: Endpoint, proved: Authentication | None) -> None:
        found = proved or await self._authenticator.authenticate(exchange.headers, exchange.cookies, exchange.client)
        exchange.cookies_to_set = found.cookies
        principal = exchange.principal = found.principal
        if principal is None and endpoint.authenticated:
            raise NotAuthenticated(found.problem) if found.problem else NotAuthenticated()
        if (
            principal is not None
            and endpoint.role is not None
            and not await self._authenticator.holds_role(principal, endpoint.role)
        ):
            raise Forbidden(f"This needs the role {endpoint.role}. Ask the operator of the installation for it.")

    async def _message(self, exchange: Exchange, match: RouteMatch, receive: Receive) -> Message:
        form, part = NO_PAIRS, NO_BODY
        if may_have_body(exchange.method, exchange.headers):
            body = await read_body(receive, exchange.headers, self._body_limit)
            content_type = exchange.headers.get("content-type", "")
            if body and (format_ := self._body_format(match, content_type)) is not None:
                part = _read(match.bound.endpoint, format_, body)
            elif body:
                form = await read_form(content_type, body)
        return match.bound.binding.bind(match.texts, exchange.query, form, part)

    def _body_format(self, match: RouteMatch, content_type: str) -> Format | None:
        """The format of a body; None for a form."""
        known = self._negotiator.read_as(content_type) if content_type else self._negotiator.default
        if known is None and is_form(content_type):
            return None
        if match.body_format is not None:
            return match.body_format
        if known is None and media_type(content_type) == _UNSPECIFIED:
            return self._negotiator.default.format
        if known is None:
            readable = ", ".join(
                choice.format.media_types[0] for choice in self._negotiator.choices if not choice.format.for_people
            )
            raise UnsupportedMediaType(f"A body of type '{content_type[:64]}' is not supported here. Send {readable}.")
        return known.format


def _read(endpoint: Endpoint, format_: Format, body: bytes) -> BodyPart:
    try:
        return BodyPart(endpoint.readers[format_.name](body))
    except UnreadableMembers as error:
        return BodyPart(error.values or {}, error.fields, whole=error.values is not None)


__all__ = ["Pipeline"]
