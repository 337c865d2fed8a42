"""The errors of contacts, and of every operation that names one."""

from servicehost.contract.errors import Conflict, FieldError, NotFound, ServiceError


class ContactNotFound(NotFound):
    """There is no such contact, or the caller may not act for it: the same answer for both."""

    def __init__(self) -> None:
        super().__init__("There is no such contact, or you may not act for it. Check its id.")


class AddressKept(Conflict):
    """The keeper of a contact keeps another one at this address."""

    code = "AddressKept"

    def __init__(self) -> None:
        super().__init__("You keep another contact at this address. Invite that contact, or give another address.")


class WrongValue(ServiceError):
    """A member names something that does not fit the rest of the request, or that is not there."""

    status = 400
    code = "WrongValue"

    def __init__(self, field: str, message: str) -> None:
        super().__init__(message, fields=[FieldError(field, message, self.code)])


__all__ = ["AddressKept", "ContactNotFound", "WrongValue"]
