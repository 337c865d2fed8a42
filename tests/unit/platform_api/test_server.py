"""Which port a server takes."""

import socket

import pytest

from platform_api.server import NoSuchAddress, PortTaken, claim_port
from platform_api.settings import Settings, replaced


def listening(port: int, host: str = "127.0.0.1") -> Settings:
    """Settings of a server at this address."""
    return replaced(Settings(), "server", host=host, port=port)


def test_port_zero_is_replaced_by_a_free_one() -> None:
    """A server that may take any port gets one that it can print."""
    assert 0 != claim_port(listening(0)).server.port


def test_a_port_that_is_in_use_is_refused() -> None:
    """A port that somebody listens on is refused, also when both would share it, with another to try."""
    with socket.create_server(("127.0.0.1", 0), reuse_port=True) as other:
        port = other.getsockname()[1]
        with pytest.raises(PortTaken, match=rf"Port {port} on 127\.0\.0\.1 is in use.*--port \d+"):
            claim_port(listening(port))


@pytest.mark.parametrize("host", ["192.0.2.1", "no such host"])
def test_an_address_of_another_machine_is_refused(host: str) -> None:
    """A server cannot listen where this machine is not."""
    with pytest.raises(NoSuchAddress, match=r"Set server\.host"):
        claim_port(listening(0, host))
