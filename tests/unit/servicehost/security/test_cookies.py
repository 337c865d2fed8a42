"""Session cookies."""

from datetime import timedelta

import pytest

from servicehost.contract.call import Cookie
from servicehost.security import cookies
from servicehost.security.session_secrets import new_secret

DAY = timedelta(days=1)


@pytest.mark.parametrize(
    "headers",
    [
        {"sec-fetch-site": "same-origin"},
        {"origin": "https://app.example.org"},
        {"user-agent": "Mozilla/5.0 (X11; Linux x86_64) Gecko/20100101 Firefox/140.0"},
    ],
)
def test_a_browser_is_known_by_its_headers(headers: dict[str, str]) -> None:
    """Any header that only browsers send identifies one."""
    assert cookies.is_browser(headers)


@pytest.mark.parametrize(
    "headers",
    [
        {},
        {"user-agent": "python-requests/2.32"},
        {"user-agent": "node", "sec-fetch-mode": "cors", "accept-language": "*"},
        {"user-agent": "ServiceStack .NET Client 8.6"},
    ],
)
def test_programs_are_no_browsers(headers: dict[str, str]) -> None:
    """Node's fetch sends some of a browser's headers, but is not treated as one."""
    assert not cookies.is_browser(headers)


def test_a_session_that_is_not_remembered_ends_with_the_browser() -> None:
    """Without RememberMe no cookie has a Max-Age."""
    given = cookies.session_cookies("value", remembered=False, life=DAY)
    assert [Cookie("ss-id", "value"), Cookie("ss-pid", "value"), Cookie("ss-opt", "temp")] == given


def test_a_remembered_session_outlives_the_browser() -> None:
    """With RememberMe the permanent cookie has a Max-Age, and ss-opt is `perm`."""
    given = cookies.session_cookies("value", remembered=True, life=DAY)
    assert [Cookie("ss-id", "value"), Cookie("ss-pid", "value", 86400), Cookie("ss-opt", "perm", 86400)] == given


def test_either_session_cookie_proves_the_session() -> None:
    """After the browser was closed, only the permanent cookie remains."""
    secret = new_secret()
    assert [secret] == cookies.session_secrets({"ss-pid": secret, "ss-opt": "perm"})


def test_the_id_of_a_session_is_no_secret() -> None:
    """In clients that keep tokens, the session cookies only identify the session."""
    assert [] == cookies.session_secrets({"ss-id": "0197a1a2-0000-7000-8000-000000000000"})
