"""Addresses of database servers: `postgresql://user:password@host:port/name`."""

from typing import Final
from urllib.parse import SplitResult, urlsplit, urlunsplit

SCHEMES: Final = ("postgresql://", "postgres://")
"""Prefix of the address of a server; every other address is that of a file."""

EXAMPLE: Final = "postgresql://user@host:5432/name"


def is_server(address: str) -> bool:
    """Whether an address is that of a server; otherwise it is that of a file."""
    return address.startswith(SCHEMES)


def without_password(url: str) -> str:
    """The address of a server for messages: without the password, and without options, which may have one too."""
    parts = urlsplit(url)
    user, at, hosts = parts.netloc.rpartition("@")
    return urlunsplit(parts._replace(netloc=f"{user.partition(':')[0]}{at}{hosts}", query="", fragment=""))


def at_database(url: str, name: str) -> str:
    """The address of another database of the same server."""
    return urlunsplit(urlsplit(url)._replace(path=f"/{name}"))


def problem_with(url: str) -> str | None:
    """The fault of the address of a server, as the end of a sentence that repeats no part of it; None without a fault."""
    try:
        parts = urlsplit(url)
        ports_are_numbers = all(_has_number(host) for host in _hosts(parts))
    except ValueError:
        return f"is not an address such as {EXAMPLE}"
    if not is_server(url):
        return f"is not an address such as {EXAMPLE}"
    if not parts.path.strip("/"):
        return f"names no database; its name follows the host, as in {EXAMPLE}"
    if parts.fragment or not ports_are_numbers:
        return "has a port that is not a number; in a user name or password write : / ? # [ ] @ % as %3A %2F %3F %23 %5B %5D %40 %25"
    return None


def _hosts(parts: SplitResult) -> list[str]:
    return parts.netloc.rpartition("@")[2].split(",")


def _has_number(host: str) -> bool:
    """Whether the port of a host, such as `[::1]:5432`, is a number or missing."""
    _, colon, port = host.rpartition("]")[2].rpartition(":")
    return not colon or (port.isascii() and port.isdigit() and int(port) <= 65535)


__all__ = ["EXAMPLE", "SCHEMES", "at_database", "is_server", "problem_with", "without_password"]
