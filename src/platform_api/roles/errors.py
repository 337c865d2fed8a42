"""The errors of roles."""

from servicehost.contract.errors import FieldError, NotFound, ServiceError
from servicehost.contract.scalars import Guid


class ContactNotVisible(NotFound):
    """There is no contact at this id that the caller may see or act for."""

    def __init__(self) -> None:
        super().__init__("There is no such contact. Check the id, and that you may act for the contact.")


class WrongContactType(ServiceError):
    """ContactTypeId is no type of contact, or not that of the contact that is named beside it."""

    status = 400
    code = "Enum"

    def __init__(self, given: Guid, reason: str) -> None:
        message = f"'ContactTypeId' is '{given}', which {reason}. The list Contact Types of GetDataLists has the ids."
        super().__init__(message, fields=[FieldError("ContactTypeId", message, self.code)])


__all__ = ["ContactNotVisible", "WrongContactType"]
