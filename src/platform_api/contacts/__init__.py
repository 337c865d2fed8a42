"""Contacts: persons and organisations, their profiles, who may act for them, and what others see of them.

Functions work in the caller's transaction. Call them through the package: `contacts.get_contact(tx, contact_id)`.
"""

from platform_api.contacts.acting import (
    ACTS,
    Actor,
    NewGrant,
    PlatformPrincipal,
    Scope,
    actor,
    actors,
    give_grant,
    may_act,
    signed_in,
)
from platform_api.contacts.errors import (
    AddressKept,
    ContactNotFound,
    DetailTooLong,
    ProfileTooLarge,
    TooManyContacts,
    WrongValue,
)
from platform_api.contacts.messages import AddressModel, ContactDetailModel, ContactSummaryModel, SaveUserProfile
from platform_api.contacts.records import (
    create_organisation,
    create_person,
    erase,
    existing_contact,
    find,
    get_contact,
    get_contacts,
    give_address,
    keep_person_at,
    kept_by,
    merge,
    purge_address,
)
from platform_api.contacts.rules import clean, full_name, profile_from
from platform_api.contacts.time_zones import TIME_ZONE_IDS, TIME_ZONES, time_zone
from platform_api.contacts.values import (
    ERASED_NAME,
    NAME_WITHOUT_ADDRESS,
    Contact,
    MailAddress,
    NewOrganisation,
    NewPerson,
    Profile,
)
from platform_api.contacts.visibility import ContactFacts, Relation, view

__all__ = [
    "ACTS",
    "ERASED_NAME",
    "NAME_WITHOUT_ADDRESS",
    "TIME_ZONES",
    "TIME_ZONE_IDS",
    "Actor",
    "AddressKept",
    "AddressModel",
    "Contact",
    "ContactDetailModel",
    "ContactFacts",
    "ContactNotFound",
    "ContactSummaryModel",
    "DetailTooLong",
    "MailAddress",
    "NewGrant",
    "NewOrganisation",
    "NewPerson",
    "PlatformPrincipal",
    "Profile",
    "ProfileTooLarge",
    "Relation",
    "SaveUserProfile",
    "Scope",
    "TooManyContacts",
    "WrongValue",
    "actor",
    "actors",
    "clean",
    "create_organisation",
    "create_person",
    "erase",
    "existing_contact",
    "find",
    "full_name",
    "get_contact",
    "get_contacts",
    "give_address",
    "give_grant",
    "keep_person_at",
    "kept_by",
    "may_act",
    "merge",
    "profile_from",
    "purge_address",
    "signed_in",
    "time_zone",
    "view",
]
