"""Mailboxes: the key by which an e-mail address is compared, and its form on the wire, from one function.

Because one function makes both, mail always goes to the mailbox that the key names. Pure.

| part | in the key | on the wire |
|---|---|---|
| local part | NFC, ASCII letters in lower case, nothing else folded | NFC |
| domain | its A-label by IDNA 2008 (UTS 46, non-transitional), in lower case | the same |
"""

import re
import unicodedata
from dataclasses import dataclass
from string import ascii_lowercase, ascii_uppercase
from typing import Final

import idna

from servicehost.contract.lengths import ADDRESS

_LOWER: Final = str.maketrans(ascii_uppercase, ascii_lowercase)
_is_host_name = re.compile(r"[a-z0-9-]+(?:\.[a-z0-9-]+)*").fullmatch


class NotAnAddress(ValueError):
    """The text is not the address of a mailbox; the message says why."""


@dataclass(frozen=True, slots=True)
class Mailbox:
    """The mailbox of an address.

    Attributes:
        key: equal for all addresses that name the mailbox.
        wire: the address as SMTP carries it. Two wire forms of one key differ at most in ASCII case of the local part.
    """

    key: str
    wire: str

    @property
    def domain(self) -> str:
        """The domain in ASCII."""
        return self.wire.rpartition("@")[2]


def mailbox(address: str) -> Mailbox:
    """The mailbox of an address. Whether the address may be used is for the caller to decide.

    Raises:
        NotAnAddress: it has no local part, its domain is not valid in IDNA 2008, or it is too long.
    """
    typed = address.strip()
    if len(typed) > ADDRESS:
        raise NotAnAddress(f"It has {len(typed)} characters; an address has at most {ADDRESS}.")
    local, _, domain = typed.rpartition("@")
    if not local:
        raise NotAnAddress("It must have a name before its @ and a domain after it.")
    composed = unicodedata.normalize("NFC", local)
    ascii_domain = _ascii_domain(domain)
    return Mailbox(f"{composed.translate(_LOWER)}@{ascii_domain}", f"{composed}@{ascii_domain}")


def _ascii_domain(domain: str) -> str:
    try:
        ascii_domain = idna.encode(domain, uts46=True).decode().lower()
    except idna.IDNAError as error:
        raise NotAnAddress("Its domain is not a valid host name.") from error
    if not _is_host_name(ascii_domain):
        raise NotAnAddress("Its domain is not a valid host name.")
    return ascii_domain


__all__ = ["Mailbox", "NotAnAddress", "mailbox"]
