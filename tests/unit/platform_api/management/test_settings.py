"""Tests of the settings of management."""

import pytest

from platform_api.management.settings import ManagementSettings


@pytest.mark.parametrize(
    ("expected", "listen"),
    [
        (None, "off"),
        (("127.0.0.1", 9464), "127.0.0.1:9464"),
        (("::1", 0), "[::1]:0"),
        (("metrics.example", 65535), "metrics.example:65535"),
    ],
)
def test_the_address_has_a_host_and_a_port(expected: tuple[str, int] | None, listen: str) -> None:
    """An IPv6 address stands in brackets; `off` is no address."""
    settings = ManagementSettings(listen=listen)
    assert ([], expected) == (list(settings.contradictions()), settings.address)


@pytest.mark.parametrize("listen", ["9464", ":9464", "127.0.0.1", "127.0.0.1:", "127.0.0.1:port", "127.0.0.1:65536"])
def test_an_address_without_host_or_port_is_an_error(listen: str) -> None:
    """The error gives an example."""
    expected = f"server.management: {listen!r} is not an address and port, such as 127.0.0.1:9464, or off."
    assert [expected] == list(ManagementSettings(listen=listen).contradictions())
