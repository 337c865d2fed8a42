"""Errors of contacts, and of operations that name a contact."""

from servicehost.contract.errors import Conflict, FieldError, NotFound, ServiceError


class ContactNotFound(NotFound):
    """The contact does not exist, or the caller may not act for it; the answer is the same."""

    def __init__(self) -> None:
        super().__init__("There is no such contact, or you may not act for it. Check its id.")


class AddressKept(Conflict):
    """The keeper already keeps another contact with this address."""

    code = "AddressKept"

    def __init__(self) -> None:
        super().__init__("You keep another contact at this address. Invite that contact, or give another address.")


class TooManyContacts(Conflict):
    """A contact keeps the greatest number of virtual contacts."""

    code = "TooManyContacts"

    def __init__(self, most: int) -> None:
        super().__init__(
            f"This contact keeps {most} virtual contacts, the most that one contact may keep. "
            "Invite a contact that it keeps already, or ask the operator for a larger limit."
        )


class WrongValue(ServiceError):
    """The value of a member does not fit the rest of the request, or names something that does not exist."""

    status = 400
    code = "WrongValue"

    def __init__(self, field: str, message: str) -> None:
        super().__init__(message, fields=[FieldError(field, message, self.code)])


class ProfileTooLarge(WrongValue):
    """A profile with its contact details is larger than the limit."""

    code = "Length"

    def __init__(self, size: int, most: int) -> None:
        super().__init__(
            "ContactDetails",
            f"The profile takes {size} bytes with its contact details; at most {most} are stored. Send fewer details.",
        )


class DetailTooLong(WrongValue):
    """A phone number or postal address, written on one line, is too long for a list."""

    code = "Length"

    def __init__(self, name: str, size: int, most: int) -> None:
        super().__init__(
            "ContactDetails", f"A {name} in one line has {size} characters; send parts that make at most {most}."
        )


__all__ = [
    "AddressKept",
    "ContactNotFound",
    "DetailTooLong",
    "ProfileTooLarge",
    "TooManyContacts",
    "WrongValue",
]
