"""Tests of the port of a server."""

import socket

import pytest

from platform_api.installation.settings import Settings, replaced
from platform_api.program.server import NoSuchAddress, PortTaken, claimed_port


def listening(port: int, host: str = "127.0.0.1") -> Settings:
    """Settings of a server with this address."""
    return replaced(Settings(), "server", host=host, port=port)


def test_port_zero_is_replaced_by_a_free_one() -> None:
    """Port 0 becomes a free port, which can be printed."""
    with claimed_port(listening(0)) as claimed:
        assert 0 != claimed.server.port


def test_a_port_that_is_in_use_is_refused() -> None:
    """A port in use is refused, even if both sockets would share it; the error suggests another port."""
    with socket.create_server(("127.0.0.1", 0), reuse_port=True) as other:
        port = other.getsockname()[1]
        with (
            pytest.raises(PortTaken, match=rf"Port {port} on 127\.0\.0\.1 is in use.*--port \d+"),
            claimed_port(listening(port)),
        ):
            pass


def test_a_claimed_port_is_kept_until_the_server_listens() -> None:
    """A reserved port is available to the server and to no other program."""
    with claimed_port(listening(0)) as claimed:
        port = claimed.server.port
        with pytest.raises(PortTaken), claimed_port(listening(port)):
            pass
        with pytest.raises(OSError, match="in use"):
            socket.create_server(("127.0.0.1", port)).close()
        with socket.create_server(("127.0.0.1", port), reuse_port=True) as server:
            assert port == server.getsockname()[1]


def test_the_reserving_socket_accepts_no_connections() -> None:
    """The socket that reserves the port accepts no connections."""
    with claimed_port(listening(0)) as claimed:
        address = ("127.0.0.1", claimed.server.port)
        with socket.create_server(address, reuse_port=True) as server:
            for _ in range(20):
                with socket.create_connection(address), server.accept()[0] as taken:
                    assert address == taken.getsockname()


@pytest.mark.parametrize("host", ["192.0.2.1", "no such host"])
def test_an_address_of_another_machine_is_refused(host: str) -> None:
    """An address that this machine does not have is refused."""
    with pytest.raises(NoSuchAddress, match=r"Set server\.host"), claimed_port(listening(0, host)):
        pass
