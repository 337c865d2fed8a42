"""Who sees what of a contact: one pure function, for every operation and every format that shows one.

| | stranger | connected, keeper, self |
|---|---|---|
| name, contact type, description, industry, role, work areas, time zone | yes | yes |
| e-mail address, mobile and phone number, primary address, photo | no | yes |

The name is the trading or legal name of an organisation. A kept person may be called by its address; a stranger sees
no name then. The photo is not named among what everybody may see, so it is private. Connected means an *Active*
connection now: one that is pending or removed shows no more than none.
"""

import enum
from typing import NamedTuple

from platform_api.contacts.messages import ContactSummaryModel
from platform_api.foundation.well_known import CONTACT_TYPE_IDS, CONTACT_TYPES_BY_CODE
from servicehost.contract.scalars import Guid


class Relation(enum.Enum):
    """What the asking contact is to the contact that it asks about."""

    SELF = "self"
    KEEPER = "keeper"
    CONNECTED = "connected"
    STRANGER = "stranger"


class ContactFacts(NamedTuple):
    """What is known of a contact, as `SUMMARY_COLUMNS` selects it; the view decides what of it is shown."""

    contact_id: Guid
    keeper_id: Guid | None
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


_SELF, _KEEPER, _CONNECTED, _STRANGER = Relation.SELF, Relation.KEEPER, Relation.CONNECTED, Relation.STRANGER
_TYPE_IDS = {code: CONTACT_TYPE_IDS[kind] for code, kind in CONTACT_TYPES_BY_CODE.items()}


def relation(asker: Guid, facts: ContactFacts, *, connected: bool) -> Relation:
    """What the contact `asker` is to the contact of `facts`.

    Args:
        asker: the contact that asks, or that the asking person acts for.
        facts: the contact asked about.
        connected: whether the two have an Active connection now.
    """
    if asker == facts.contact_id:
        return _SELF
    if asker == facts.keeper_id:
        return _KEEPER
    return _CONNECTED if connected else _STRANGER


def view(facts: ContactFacts, seen_as: Relation, *, removed: bool = False) -> ContactSummaryModel:
    """The contact as somebody in this relation sees it.

    Args:
        facts: the contact.
        seen_as: what the asker is to it.
        removed: whether every connection of the asker to it has been removed.
    """
    (id_, _, code, name, email, mobile, phone, photo, thumbnail, about, industry, role, area, zone, address) = facts
    type_id = _TYPE_IDS[code]
    shown_name: str | None = name
    if seen_as is _STRANGER:
        shown_name = name if name != email else None
        email = mobile = phone = photo = thumbnail = address = None
    members = (
        id_,
        shown_name,
        email,
        mobile,
        phone,
        type_id,
        photo,
        thumbnail,
        about,
        industry,
        role,
        area,
        zone,
        address,
        removed,
    )  # fmt: skip - one line of facts becomes one line of members
    return ContactSummaryModel(*members)


__all__ = ["ContactFacts", "Relation", "relation", "view"]
