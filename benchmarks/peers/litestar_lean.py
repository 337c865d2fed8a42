"""Litestar with msgspec, aiosqlite and PyJWT, on granian."""

from typing import Any
from uuid import UUID

import jwt
from common import ISSUER, REFUSALS, SECRET, AioStore, refusal
from litestar import Litestar, Request, Response, get, post
from litestar.connection import ASGIConnection
from litestar.exceptions import NotAuthorizedException, ValidationException
from litestar.middleware import AbstractAuthenticationMiddleware, AuthenticationResult, DefineMiddleware
from messages import Caller, Contact, Nothing, Received, Resend

store = AioStore()
Asked = Request[str, None, Any]


class Authentication(AbstractAuthenticationMiddleware):
    """Authenticates callers by their token."""

    async def authenticate_request(self, connection: ASGIConnection[Any, Any, Any, Any]) -> AuthenticationResult:
        """Return the contact of the token."""
        token = connection.headers.get("authorization", "")[7:]
        try:
            claims = jwt.decode(token, SECRET, algorithms=["HS256"], issuer=ISSUER)
        except jwt.PyJWTError:
            raise NotAuthorizedException("The token is not valid.") from None
        return AuthenticationResult(user=claims["sub"], auth=None)


class Refused(Exception):
    """An error with its code."""

    def __init__(self, code: str) -> None:
        self.code = code


def refused(_request: Asked, error: Refused) -> Response[Any]:
    """Return the response for an error."""
    status, message = REFUSALS[error.code]
    return Response(refusal(error.code, message), status_code=status)


def unknown(_request: Asked, _error: NotAuthorizedException) -> Response[Any]:
    """Return the response for an invalid token."""
    status, message = REFUSALS["Unauthorized"]
    return Response(refusal("Unauthorized", message), status_code=status)


def invalid(_request: Asked, error: ValidationException) -> Response[Any]:
    """Return the response for an invalid request."""
    fields = [problem.get("key", "") for problem in error.extra or []]
    return Response(refusal("ValidationError", "The request is not valid.", fields), status_code=400)


@post("/api/connectionrequests/{ConnectionRequestId:str}/resend", status_code=200)
async def resend(ConnectionRequestId: UUID, data: Resend, request: Asked) -> Nothing:  # noqa: N803 - wire name
    """Resend a request."""
    if str(data.ContactId) != request.user or data.ConnectionRequestId != ConnectionRequestId:
        raise Refused("Forbidden")
    problem = await store.resend(str(ConnectionRequestId), request.user)
    if problem is not None:
        raise Refused(problem)
    return Nothing()


@get("/api/contacts/{ContactId:str}/connectionrequests/received")
async def received(ContactId: UUID, request: Asked) -> list[Received]:  # noqa: N803 - wire name
    """Return the requests that the caller has received."""
    if str(ContactId) != request.user:
        raise Refused("Forbidden")
    rows = await store.received(request.user)
    return [Received(*row[:8], Contact(*row[8:])) for row in map(tuple, rows)]


@get("/api/caller")
async def who_asks(request: Asked) -> Caller:
    """Return the caller."""
    return Caller(request.user)


app = Litestar(
    [resend, received, who_asks],
    middleware=[DefineMiddleware(Authentication)],
    on_startup=[store.start],
    openapi_config=None,
    exception_handlers={Refused: refused, NotAuthorizedException: unknown, ValidationException: invalid},
)
