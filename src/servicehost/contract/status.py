"""Messages that carry errors, in the format of ServiceStack clients."""

from typing import Annotated, ClassVar

from servicehost.contract.messages import Member, Message

SERVICESTACK_TYPES = "http://schemas.servicestack.net/types"
"""XML namespace of ServiceStack's shared messages."""


class ResponseError(Message):
    """One thing that is wrong with one member of a request."""

    namespace: ClassVar[str | None] = SERVICESTACK_TYPES
    data_contract: ClassVar[bool] = True

    error_code: Annotated[str | None, Member()] = None
    field_name: Annotated[str | None, Member()] = None
    message: Annotated[str | None, Member()] = None
    meta: Annotated[dict[str, str] | None, Member()] = None


class ResponseStatus(Message):
    """Why a request failed; absent from an answer that succeeded."""

    namespace: ClassVar[str | None] = SERVICESTACK_TYPES
    data_contract: ClassVar[bool] = True

    error_code: Annotated[str | None, Member()] = None
    message: Annotated[str | None, Member()] = None
    stack_trace: Annotated[str | None, Member()] = None
    errors: Annotated[list[ResponseError] | None, Member()] = None
    meta: Annotated[dict[str, str] | None, Member()] = None


class ErrorResponse(Message):
    """The answer to a request that failed, where its own response has no room for a status."""

    namespace: ClassVar[str | None] = SERVICESTACK_TYPES
    data_contract: ClassVar[bool] = True

    response_status: Annotated[ResponseStatus | None, Member()] = None


__all__ = ["SERVICESTACK_TYPES", "ErrorResponse", "ResponseError", "ResponseStatus"]
