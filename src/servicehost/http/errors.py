"""The one map from errors to answers: a status, a ResponseStatus in the asked format, and nothing of the inside."""

from collections.abc import Mapping
from http import HTTPStatus

import structlog

from servicehost.contract.catalog import Catalog
from servicehost.contract.errors import ServiceError
from servicehost.contract.status import ErrorResponse, ResponseError, ResponseStatus
from servicehost.formats.codec import Encoder
from servicehost.http import reply as replies
from servicehost.http.endpoint import Codecs
from servicehost.http.exchange import Exchange
from servicehost.http.reply import NOSNIFF, VARY, Reply
from servicehost.negotiation import Choice
from servicehost.pages import notice_page

_log = structlog.get_logger("servicehost.http")

_ROOTED_IN_RESPONSE = frozenset({"xml"})
"""Formats that name the type of the body, so that clients look for the operation's own response in it."""


class ErrorAnswers:
    """Answers errors."""

    def __init__(self, catalog: Catalog, codecs: Codecs, camel: Codecs, default: Choice) -> None:
        model = catalog.types.message(ErrorResponse)
        self._service = catalog.service
        self._encoders: Mapping[str, Encoder] = codecs.encoders(model)
        self._camel_encoders: Mapping[str, Encoder] = {**self._encoders, **camel.encoders(model)}
        self._default = default

    def answer(self, error: Exception, exchange: Exchange) -> Reply:
        """The answer to an error. One that the service did not declare is logged with the request's id and told by it."""
        if not isinstance(error, ServiceError):
            error = self._unexpected(error, exchange)
        status = status_of(error)
        if _wants_page(exchange):
            heading = HTTPStatus(error.status).phrase
            return replies.page(notice_page(self._service, heading, error.message), error.status, error.headers)
        fields = [NOSNIFF, VARY, *replies.fields_of(error.headers)]
        try:
            choice, body = exchange.choice, self._encode(status, exchange)
        except Exception:  # noqa: BLE001 - the asked format is out of order, so the answer falls back to the default
            _log.exception("error not encoded", request_id=exchange.request_id, format=exchange.choice.format.name)
            choice = self._default
            body = self._encoders[choice.format.name](ErrorResponse(response_status=status))
        return Reply(error.status, [replies.content_type(choice.content_type), *fields], body)

    def _encode(self, status: ResponseStatus, exchange: Exchange) -> bytes:
        name, endpoint = exchange.choice.format.name, exchange.endpoint
        if name in _ROOTED_IN_RESPONSE and endpoint is not None:
            failure = endpoint.failure(status)
            if failure is not None:
                return endpoint.encoders[name](failure)
        encoders = self._camel_encoders if exchange.camel_case else self._encoders
        return encoders[name](ErrorResponse(response_status=status))

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
    """What the wire says of an error."""
    return ResponseStatus(
        error_code=error.code,
        message=error.message,
        errors=[
            ResponseError(error_code=problem.code, field_name=problem.field, message=problem.message)
            for problem in error.fields
        ],
        meta=dict(error.meta) or None,
    )


def _wants_page(exchange: Exchange) -> bool:
    endpoint = exchange.endpoint
    if endpoint is None or endpoint.operation.contract.published:
        return False
    return "text/html" in exchange.headers.get("accept", "")


__all__ = ["ErrorAnswers", "status_of"]
