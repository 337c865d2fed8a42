"""Challenges of a 401 response."""

import pytest

from servicehost.security.challenges import challenges

BASIC = 'Basic realm="/api/auth/credentials"'
BEARER = 'Bearer realm="/api/auth/credentials"'


@pytest.mark.parametrize(
    "headers",
    [
        {},
        {"user-agent": "curl/7.88.1"},
        {"user-agent": "Wget/1.21.3", "accept": "text/html"},
        {"user-agent": "Python-urllib/3.11"},
        {"user-agent": "ServiceStack .NET Client 8.5", "cookie": "ss-id=1"},
        {"user-agent": "not Mozilla/5.0"},
    ],
)
def test_programs(headers: dict[str, str]) -> None:
    """Programs get Basic first, then Bearer."""
    assert (BASIC, BEARER) == challenges(headers)


@pytest.mark.parametrize(
    "headers",
    [
        {"user-agent": "Mozilla/5.0 (X11; Linux x86_64)"},
        {"origin": "https://app.example"},
        {"origin": "null"},
        {"sec-fetch-site": "none"},
        {"sec-fetch-user": "?1"},
        {"x-requested-with": "XMLHttpRequest"},
        {"user-agent": "curl/7.88.1", "sec-fetch-mode": "cors"},
    ],
)
def test_browsers(headers: dict[str, str]) -> None:
    """Browsers get only Bearer, so that they do not open a dialog."""
    assert (BEARER,) == challenges(headers)
