"""Tests of the client's address behind proxies."""

import pytest

from servicehost.http.clients import ClientAddresses


@pytest.mark.parametrize(
    ("trusted", "peer", "forwarded", "expected"),
    [
        ((), "192.0.2.1", "198.51.100.1", "192.0.2.1"),
        (("192.0.2.1",), "192.0.2.1", "198.51.100.1", "198.51.100.1"),
        (("192.0.2.0/24",), "192.0.2.1", "198.51.100.1", "198.51.100.1"),
        (("192.0.2.1",), "192.0.2.9", "198.51.100.1", "192.0.2.9"),
        (("192.0.2.1",), "192.0.2.1", "203.0.113.5, 198.51.100.1", "198.51.100.1"),
        (("192.0.2.0/24",), "192.0.2.1", "203.0.113.5, 198.51.100.1, 192.0.2.2", "198.51.100.1"),
        (("192.0.2.0/24",), "192.0.2.1", "192.0.2.3, 192.0.2.2", "192.0.2.3"),
        (("192.0.2.1",), "192.0.2.1", "", "192.0.2.1"),
        (("192.0.2.0/24",), "192.0.2.1", "junk, 192.0.2.2", "junk"),
        (("192.0.2.0/24",), "192.0.2.1", "203.0.113.5, junk", "junk"),
        (("::1",), "::1", "2001:db8::1", "2001:db8::1"),
    ],
)
def test_address(trusted: tuple[str, ...], peer: str, forwarded: str, expected: str) -> None:
    """The address is the last one that a trusted proxy reported; clients can forge earlier ones."""
    scope = {"client": (peer, 1)}

    assert expected == ClientAddresses(trusted).find(scope, {"x-forwarded-for": forwarded})


def test_without_address() -> None:
    """A client on a Unix socket has no address."""
    assert ClientAddresses(()).find({"client": None}, {}) == ""


def test_invalid_proxy() -> None:
    """A trusted proxy that is neither an address nor a network is refused at start-up."""
    with pytest.raises(ValueError, match="proxy"):
        ClientAddresses(("proxy",))
