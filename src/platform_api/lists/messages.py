"""Members of requests for lists, as the contract publishes them."""

import enum
from typing import Annotated, ClassVar

from platform_api.foundation.dotnet import MODELS
from servicehost.contract.messages import Member, Message

After = Annotated[str | None, Member("Cursor: the page after this one.", published=False)]
"""The member `after` of every request for a list. The host sets it in the link to the next page."""


class SortOrder(enum.Enum):
    """The direction of a sort."""

    clr_namespace = enum.nonmember(MODELS)

    ASCENDING = "Ascending"
    DESCENDING = "Descending"


class PagedModel(Message):
    """One page of a list."""

    clr_namespace: ClassVar[str | None] = MODELS

    page_number: Annotated[int, Member("Page wanted, from 1.")] = 0
    page_size: Annotated[int, Member("Rows of a page.")] = 0
    sort_index: Annotated[int, Member("Index of the field to sort by.")] = 0
    sort_order: Annotated[SortOrder, Member("Direction of the sort.", data_type="int")] = SortOrder.ASCENDING


__all__ = ["After", "PagedModel", "SortOrder"]
