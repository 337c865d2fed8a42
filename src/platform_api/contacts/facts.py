"""The stored facts of a contact, public and private: one class, whose members are the columns that queries read.

Only `tables` and `visibility` import this module. Every other module holds the facts of a contact as an opaque
`ContactFacts`, which only `view` can read.
"""

import msgspec

from servicehost.contract.scalars import Guid


class Facts(msgspec.Struct, frozen=True, gc=False):
    """The facts of a contact. Each member has the name of a column of `contacts` or `profiles`."""

    contact_id: Guid
    contact_type: str
    full_name: str
    email: str | None
    mobile_number: str | None
    phone_number: str | None
    photo_url: str | None
    photo_thumbnail_url: str | None
    description: str | None
    employment_industry: str | None
    employment_role: str | None
    employment_geographic_area: str | None
    timezone_name: str | None
    primary_address: str | None


__all__ = ["Facts"]
