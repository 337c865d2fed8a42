"""The errors of contacts, and of every operation that names one."""

from servicehost.contract.errors import Conflict, FieldError, NotFound, ServiceError


class ContactNotFound(NotFound):
    """There is no such contact, or the caller may not act for it: the same answer for both."""

    def __init__(self) -> None:
        super().__init__("There is no such contact, or you may not act for it. Check its id.")


class AddressKept(Conflict):
    """The keeper already keeps another contact with this address."""

    code = "AddressKept"

    def __init__(self) -> None:
        super().__init__("You keep another contact at this address. Invite that contact, or give another address.")


class TooManyContacts(Conflict):
    """A contact keeps as many virtual contacts as it may."""

    code = "TooManyContacts"

    def __init__(self, most: int) -> None:
        super().__init__(
            f"This contact keeps {most} virtual contacts, the most that one contact may keep. "
            "Invite somebody whom it keeps already, or ask the operator for a larger limit."
        )


class WrongValue(ServiceError):
    """A member names something that does not fit the rest of the request, or that is not there."""

    status = 400
    code = "WrongValue"

    def __init__(self, field: str, message: str) -> None:
        super().__init__(message, fields=[FieldError(field, message, self.code)])


class ProfileTooLarge(WrongValue):
    """A profile with its contact details is larger than one contact may store."""

    code = "Length"

    def __init__(self, size: int, most: int) -> None:
        super().__init__(
            "ContactDetails",
            f"The profile takes {size} bytes with its contact details; at most {most} are stored. Send fewer details.",
        )


class DetailTooLong(WrongValue):
    """The parts of a phone number or of a postal address make a line that is too long to be listed."""

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
