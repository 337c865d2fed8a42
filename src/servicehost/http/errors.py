"""Maps errors to replies: an HTTP status and a ResponseStatus in the requested format, without internals."""

from http import HTTPStatus

import structlog

from servicehost.contract.catalog import Catalog
from servicehost.contract.errors import ServiceError
from servicehost.contract.status import ErrorResponse, ResponseError, ResponseStatus
from servicehost.contract.types import Ref
from servicehost.formats import jsonp
from servicehost.http import reply as replies
from servicehost.http.endpoint import Codecs, ResponseEncoders
from servicehost.http.exchange import BatchProgress, Exchange
from servicehost.http.reply import NOSNIFF, VARY, Field, Reply, field
from servicehost.http.sign_in_page import SignInRedirects
from servicehost.negotiation import Choice
from servicehost.pages import error_page
from servicehost.security.challenges import challenges

_log = structlog.get_logger("servicehost.http")

_ROOTED_IN_RESPONSE = frozenset({"xml"})
"""Formats that name the type of the body, where clients expect the operation's own response."""


class ErrorReplies:
    """Builds the replies to errors."""

    def __init__(
        self, catalog: Catalog, codecs: Codecs, camel: Codecs, default: Choice, redirects: SignInRedirects
    ) -> None:
        self._service = catalog.service
        self._redirects = redirects
        self._outlet = ResponseEncoders(Ref(catalog.types.message(ErrorResponse)), codecs, camel)
        self._default = default

    def answer(self, error: Exception, exchange: Exchange) -> Reply:
        """The reply to an error. Unexpected errors are logged, and the reply states only the request id."""
        if not isinstance(error, ServiceError):
            error = self._unexpected(error, exchange)
        if error.status == HTTPStatus.UNAUTHORIZED and (redirect := self._redirects.reply_to(exchange)) is not None:
            return redirect
        reply = self._page(error, exchange) if _wants_page(exchange) else self._written(error, exchange)
        if reply.status == HTTPStatus.UNAUTHORIZED:
            reply.fields += [field("WWW-Authenticate", challenge) for challenge in challenges(exchange.headers)]
        return reply

    def _page(self, error: ServiceError, exchange: Exchange) -> Reply:
        html = error_page(self._service, HTTPStatus(error.status).phrase, error, exchange.request_id)
        return replies.page(html, error.status, {"Vary": "Accept", **error.headers})

    def _written(self, error: ServiceError, exchange: Exchange) -> Reply:
        status, fields = status_of(error), [NOSNIFF, VARY, *replies.fields_of(error.headers)]
        if exchange.progress is not None:
            fields += _add_progress(exchange.progress, status)
        try:
            choice, body = exchange.choice, self._encode(status, exchange)
        except Exception:  # noqa: BLE001 - encoding failed, so the reply falls back to the default format
            _log.exception("error not encoded", request_id=exchange.request_id, format=exchange.choice.format.name)
            choice = self._default
            body = self._outlet.encode(ErrorResponse(response_status=status), choice, camel_case=False)
        fields.insert(0, replies.content_type(choice.content_type))
        if choice.callback:
            return Reply(200, fields, jsonp.script(choice.callback, body))
        return Reply(error.status, fields, body)

    def _encode(self, status: ResponseStatus, exchange: Exchange) -> bytes:
        choice, endpoint = exchange.choice, exchange.endpoint
        if choice.format.name in _ROOTED_IN_RESPONSE and endpoint is not None:
            failure = endpoint.failure(status)
            if failure is not None:
                return endpoint.response_encoders.encode(failure, choice, camel_case=False)
        return self._outlet.encode(ErrorResponse(response_status=status), choice, camel_case=exchange.camel_case)

    def _unexpected(self, error: Exception, exchange: Exchange) -> ServiceError:
        _log.error(
            "unexpected error",
            exc_info=error,
            request_id=exchange.request_id,
            method=exchange.method,
            path=exchange.path,
        )
        return ServiceError(
            f"Something went wrong on the server. Try again later; if it happens again, report request "
            f"{exchange.request_id}.",
            meta={"RequestId": exchange.request_id},
        )


def status_of(error: ServiceError) -> ResponseStatus:
    """The ResponseStatus of an error."""
    return ResponseStatus(
        error_code=error.code,
        message=error.message,
        errors=[
            ResponseError(error_code=problem.code, field_name=problem.field, message=problem.message)
            for problem in error.fields
        ],
        meta=dict(error.meta) or None,
    )


def _add_progress(progress: BatchProgress, status: ResponseStatus) -> list[Field]:
    """Add which request of a batch failed; returns the header field with the number of executed requests."""
    if progress.item is None:
        return []
    status.meta = {**(status.meta or {}), "AutoBatchIndex": str(progress.item)}
    return [replies.completed(progress.item)] if progress.executing else []


def _wants_page(exchange: Exchange) -> bool:
    """Whether the reply is shown to a person, because the response would have been a page."""
    if exchange.choice.format.for_people:
        return True
    endpoint = exchange.endpoint
    if endpoint is None or endpoint.operation.contract.published:
        return False
    return "text/html" in exchange.headers.get("accept", "")


__all__ = ["ErrorReplies", "status_of"]
