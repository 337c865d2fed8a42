"""Which port a server takes."""

import socket

import pytest

from platform_api.installation.settings import Settings, replaced
from platform_api.program.server import NoSuchAddress, PortTaken, claimed_port


def listening(port: int, host: str = "127.0.0.1") -> Settings:
    """Settings of a server at this address."""
    return replaced(Settings(), "server", host=host, port=port)


def test_port_zero_is_replaced_by_a_free_one() -> None:
    """A server that may take any port gets one that it can print."""
    with claimed_port(listening(0)) as claimed:
        assert 0 != claimed.server.port


def test_a_port_that_is_in_use_is_refused() -> None:
    """A port that somebody listens on is refused, also when both would share it, with another to try."""
    with socket.create_server(("127.0.0.1", 0), reuse_port=True) as other:
        port = other.getsockname()[1]
        with (
            pytest.raises(PortTaken, match=rf"Port {port} on 127\.0\.0\.1 is in use.*--port \d+"),
            claimed_port(listening(port)),
        ):
            pass


def test_a_claimed_port_is_kept_until_the_server_listens() -> None:
    """Between the claim and the first request nobody else gets the port, and the server does."""
    with claimed_port(listening(0)) as claimed:
        port = claimed.server.port
        with pytest.raises(PortTaken), claimed_port(listening(port)):
            pass
        with pytest.raises(OSError, match="in use"):
            socket.create_server(("127.0.0.1", port)).close()
        with socket.create_server(("127.0.0.1", port), reuse_port=True) as server:
            assert port == server.getsockname()[1]


def test_the_connections_go_to_whoever_listens() -> None:
    """What holds the port takes none of its connections."""
    with claimed_port(listening(0)) as claimed:
        address = ("127.0.0.1", claimed.server.port)
        with socket.create_server(address, reuse_port=True) as server:
            for _ in range(20):
                with socket.create_connection(address), server.accept()[0] as taken:
                    assert address == taken.getsockname()


@pytest.mark.parametrize("host", ["192.0.2.1", "no such host"])
def test_an_address_of_another_machine_is_refused(host: str) -> None:
    """A server cannot listen where this machine is not."""
    with pytest.raises(NoSuchAddress, match=r"Set server\.host"), claimed_port(listening(0, host)):
        pass
