"""Values of contacts: a contact, its profile, and the data of new ones."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, NamedTuple, Protocol

from platform_api.foundation.ids import new_contact_id, new_id
from platform_api.foundation.well_known import ContactType
from servicehost.contract.scalars import Guid

ERASED_NAME = "Erased contact"
"""The name of an erased contact in the history of others."""

NAME_WITHOUT_ADDRESS = "Invited contact"
"""The name of a virtual contact that was named by its address, once the address is removed."""


class MailAddress(Protocol):
    """An e-mail address as contacts need it: the text that mail is sent to, and the key that addresses are compared by."""

    @property
    def text(self) -> str:
        """The address as it was typed."""

    @property
    def key(self) -> str:
        """The same text for any two spellings of one mailbox."""


@dataclass(frozen=True, slots=True)
class Contact:
    """A person or an organisation, without its profile.

    Attributes:
        original_type: its type before it was claimed.
        full_name: its name in lists.
        email: its address, shown to those who may see it.
        keeper_id: the contact that keeps it; None unless it is virtual.
        address_key: key of the address that its keeper gave; None unless it is virtual.
        removed_at: the time when it was merged or erased.
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
        """Whether it has been neither merged nor erased."""
        return self.removed_at is None

    def is_or_was(self, contact_type: ContactType) -> bool:
        """Whether this is its type or was its type before a claim."""
        return contact_type in (self.contact_type, self.original_type)


@dataclass(frozen=True, slots=True, kw_only=True)
class Profile:
    """The profile of a contact. `contact_details` are ContactDetailModels as plain values."""

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
    """The person of a new user.

    Attributes:
        profile: the profile; its names make the full name.
        email: the address that connected contacts see.
        contact_id: the id of the contact.
        grant_id: the id of its grant on its own profile (`UserProfileId`).
    """

    profile: Profile
    email: str | None = None
    contact_id: Guid = field(default_factory=new_contact_id)
    grant_id: Guid = field(default_factory=new_id)


@dataclass(frozen=True, slots=True, kw_only=True)
class NewOrganisation:
    """A new organisation and the person who owns it.

    Attributes:
        owner: the person's contact; it gets every scope.
        profile: the profile; its trading or legal name makes the full name.
        email: the address that connected contacts see.
        contact_id: the id of the contact.
        grant_id: the id of the owner's grant on its profile (`UserProfileId`).
    """

    owner: Guid
    profile: Profile
    email: str | None = None
    contact_id: Guid = field(default_factory=new_contact_id)
    grant_id: Guid = field(default_factory=new_id)


class Standing(NamedTuple):
    """Basis of a person's right to act for a contact: the scopes of its grant, and the contact's keeper.

    Attributes:
        scopes: bits of `Scope`; 0 without a grant.
        keeper_id: the keeper of a virtual contact; None for a real one.
    """

    scopes: int
    keeper_id: Guid | None

    def allows(self, scope: int) -> bool:
        """Whether the grant has every bit of the scope."""
        return self.scopes & scope == scope


__all__ = [
    "ERASED_NAME",
    "NAME_WITHOUT_ADDRESS",
    "Contact",
    "MailAddress",
    "NewOrganisation",
    "NewPerson",
    "Profile",
    "Standing",
]
