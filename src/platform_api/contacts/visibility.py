"""The members of a contact that others see: one pure function, for every operation and every format.

| | stranger | connected, keeper, self |
|---|---|---|
| name, contact type, description, industry, role, work areas, time zone | yes | yes |
| e-mail address, mobile and phone number, primary address, photo | no | yes |

The name of an organisation is its trading or legal name. The name of a virtual contact may be its address; a stranger
then sees no name. The photo is private, since the public profile does not list it.
"""

import enum
from typing import NewType

from platform_api.contacts.facts import Facts
from platform_api.contacts.messages import ContactSummaryModel
from platform_api.foundation.well_known import CONTACT_TYPE_IDS, CONTACT_TYPES_BY_CODE

ContactFacts = NewType("ContactFacts", object)
"""The stored facts of a contact, opaque: queries make them, `view` shows them, and no other code can read a member."""


class Relation(enum.Enum):
    """The relation of the contact that asks to the contact that is shown. `connections.relations` alone decides it."""

    SELF = "self"
    KEEPER = "keeper"
    CONNECTED = "connected"
    STRANGER = "stranger"


_STRANGER = Relation.STRANGER
_TYPE_IDS = {code: CONTACT_TYPE_IDS[kind] for code, kind in CONTACT_TYPES_BY_CODE.items()}


def view(facts: ContactFacts, seen_as: Relation, *, removed: bool = False) -> ContactSummaryModel:
    """The contact as the contact that asks may see it.

    Args:
        facts: the facts of the contact.
        seen_as: the relation of the contact that asks to it.
        removed: whether every connection between the two has been removed.
    """
    known: Facts = facts  # type: ignore[assignment]  # the one place that looks behind the opaque type
    name: str | None = known.full_name
    email = known.email
    if seen_as is _STRANGER:
        name = name if name != email else None
        email = mobile = phone = photo = thumbnail = address = None
    else:
        mobile, phone, address = known.mobile_number, known.phone_number, known.primary_address
        photo, thumbnail = known.photo_url, known.photo_thumbnail_url
    members = (
        known.contact_id,
        name,
        email,
        mobile,
        phone,
        _TYPE_IDS[known.contact_type],
        photo,
        thumbnail,
        known.description,
        known.employment_industry,
        known.employment_role,
        known.employment_geographic_area,
        known.timezone_name,
        address,
        removed,
    )
    return ContactSummaryModel(*members)


__all__ = ["ContactFacts", "Relation", "view"]
