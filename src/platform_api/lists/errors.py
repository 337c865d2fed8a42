"""Refusals of lists."""

from collections.abc import Mapping
from typing import ClassVar

from servicehost.contract.errors import FieldError, ServiceError


class PagingRequired(ServiceError):
    """The list is too long for the request; it is read page by page, by cursor. It is never cut silently."""

    status: ClassVar[int] = 400
    code = "PagingRequired"

    def __init__(self, field: str, message: str) -> None:
        super().__init__(message, fields=[FieldError(field, message, self.code)])

    @classmethod
    def whole(cls, limit: int) -> "PagingRequired":
        """The whole list was requested, and has more rows than one answer may have."""
        return cls(
            "PageSize",
            f"The list has more than {limit} rows. Ask for pages: send PageSize, then follow the Link header.",
        )

    @classmethod
    def deep(cls, limit: int) -> "PagingRequired":
        """A page was requested by number that lies too far from the beginning."""
        return cls(
            "PageNumber",
            f"PageNumber reaches the first {limit} rows. To read further, follow the Link header of each page: its "
            "After names the row from which the next page continues.",
        )


class WrongPage(ServiceError):
    """The requested page cannot exist."""

    status: ClassVar[int] = 400
    code = "WrongPage"

    def __init__(self, wrong: Mapping[str, str]) -> None:
        fields = [FieldError(name, message, self.code) for name, message in wrong.items()]
        super().__init__(" ".join(wrong.values()), fields=fields)


class WrongSort(ServiceError):
    """The list cannot be sorted as requested."""

    status: ClassVar[int] = 400
    code = "WrongSort"

    def __init__(self, field: str, message: str) -> None:
        super().__init__(message, fields=[FieldError(field, message, self.code)])


__all__ = ["PagingRequired", "WrongPage", "WrongSort"]
