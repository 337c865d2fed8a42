"""The errors of contacts."""

from servicehost.contract.errors import Conflict


class AddressKept(Conflict):
    """The contact keeps another virtual contact under this address."""

    code = "AddressKept"

    def __init__(self) -> None:
        super().__init__("You keep another contact with this address. Invite that contact, or give another address.")


__all__ = ["AddressKept"]
