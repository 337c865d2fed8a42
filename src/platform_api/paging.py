"""What paged requests share: the published members and the limits behind them."""

import enum
from typing import Annotated

from servicehost.contract.messages import Member, Message


class SortOrder(enum.Enum):
    """The direction of a sort."""

    ASCENDING = "Ascending"
    DESCENDING = "Descending"


class PagedModel(Message):
    """One page of a list."""

    page_number: Annotated[int, Member("Page wanted, from 1.", place="form")] = 0
    page_size: Annotated[int, Member("Rows of a page.", place="form")] = 0
    sort_index: Annotated[int, Member("Index of the field to sort by.", place="form")] = 0
    sort_order: Annotated[SortOrder, Member("Direction of the sort.", place="form", data_type="int")] = (
        SortOrder.ASCENDING
    )


__all__ = ["PagedModel", "SortOrder"]
