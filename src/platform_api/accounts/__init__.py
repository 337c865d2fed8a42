"""Accounts: registration, proof of a mailbox, password reset."""

from platform_api.accounts.errors import LinkExpired, LinkUsed, UnknownLink
from platform_api.accounts.messages import PasswordReset, VerifyMailbox
from platform_api.accounts.services import READY_ALREADY, AccountsService
from platform_api.accounts.store import erase
from platform_api.accounts.values import Proof

__all__ = [
    "READY_ALREADY",
    "AccountsService",
    "LinkExpired",
    "LinkUsed",
    "PasswordReset",
    "Proof",
    "UnknownLink",
    "VerifyMailbox",
    "erase",
]
