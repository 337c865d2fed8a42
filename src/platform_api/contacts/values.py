"""The values of contacts: a contact as its row holds it, its profile, and what new ones are made from."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Protocol

from platform_api.foundation.ids import new_contact_id, new_id
from platform_api.foundation.well_known import ContactType
from servicehost.contract.scalars import Guid

ERASED_NAME = "Erased contact"
"""What others' history calls a contact that was erased."""


class MailAddress(Protocol):
    """An e-mail address as contacts need it: the text that mail goes to, and the key that addresses are compared by."""

    @property
    def text(self) -> str:
        """As somebody typed it."""

    @property
    def key(self) -> str:
        """Equal for two writings of one mailbox."""


FORGOTTEN_NAME = "Invited contact"
"""What a virtual contact is called that was known by an address which is forgotten."""


@dataclass(frozen=True, slots=True)
class Contact:
    """A person or an organisation, without its profile.

    Attributes:
        original_type: the type before somebody claimed it.
        full_name: what lists call it.
        email: the address that others are shown, if they may see it.
        keeper_id: who keeps it, while it is virtual.
        address_key: key of the address that its keeper gave, while it is virtual.
        removed_at: when it was merged or erased.
        merged_into: the contact that took its place.
    """

    id: Guid
    contact_type: ContactType
    original_type: ContactType | None
    full_name: str
    email: str | None
    keeper_id: Guid | None
    address_key: str | None
    created_at: datetime
    removed_at: datetime | None
    merged_into: Guid | None

    @property
    def is_live(self) -> bool:
        """Whether it is neither merged nor erased."""
        return self.removed_at is None

    def is_or_was(self, contact_type: ContactType) -> bool:
        """Whether this is its type, or was before a claim."""
        return contact_type in (self.contact_type, self.original_type)


@dataclass(frozen=True, slots=True, kw_only=True)
class Profile:
    """What a contact says of itself. `contact_details` are ContactDetailModels as plain values."""

    profile_name: str | None = None
    title: str | None = None
    first_name: str | None = None
    surname: str | None = None
    legal_name: str | None = None
    trading_name: str | None = None
    abn: str | None = None
    acn: str | None = None
    arbn: str | None = None
    gst_registered: bool = False
    gender_id: Guid | None = None
    description: str | None = None
    employment_industry: str | None = None
    employment_role: str | None = None
    employment_geographic_area: str | None = None
    timezone_id: Guid | None = None
    mobile_number: str | None = None
    phone_number: str | None = None
    primary_address: str | None = None
    contact_details: Sequence[Any] = ()
    photo_url: str | None = None
    photo_thumbnail_url: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class NewPerson:
    """A person that stands behind a new user.

    Attributes:
        profile: what it says of itself; its names make the full name.
        email: the address that connected contacts are shown.
        contact_id: its id.
        grant_id: id of its grant on its own profile (`UserProfileId`).
    """

    profile: Profile
    email: str | None = None
    contact_id: Guid = field(default_factory=new_contact_id)
    grant_id: Guid = field(default_factory=new_id)


@dataclass(frozen=True, slots=True, kw_only=True)
class NewOrganisation:
    """An organisation that a person makes and may do everything for.

    Attributes:
        owner: the person's contact.
        profile: what it says of itself; its trading or legal name makes the full name.
        email: the address that connected contacts are shown.
        contact_id: its id.
        grant_id: id of the owner's grant on its profile (`UserProfileId`).
    """

    owner: Guid
    profile: Profile
    email: str | None = None
    contact_id: Guid = field(default_factory=new_contact_id)
    grant_id: Guid = field(default_factory=new_id)


__all__ = ["ERASED_NAME", "FORGOTTEN_NAME", "Contact", "MailAddress", "NewOrganisation", "NewPerson", "Profile"]
