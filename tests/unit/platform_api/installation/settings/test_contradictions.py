"""Tests of contradictions between settings."""

import pytest

from platform_api.installation.settings import Settings, WrongSettings, contradictions, load

LIFE_BELOW_GAP = (
    "sign_in.{} is not more than the longest of limits.account_letter_gaps: a link would expire before the next may be"
    " sent; raise the one or lower the other."
)


def test_the_defaults_agree_with_each_other() -> None:
    """The defaults contain no contradiction."""
    assert [] == list(contradictions(Settings()))


@pytest.mark.parametrize(
    ("flags", "told"),
    [
        ({"server.host": "0.0.0.0"}, "server.host 0.0.0.0 cannot be used in links; set server.public_url."),
        (
            {"server.trusted_proxies": "proxy"},
            "server.trusted_proxies: 'proxy' is not an address or network, such as 10.0.0.0/8.",
        ),
        (
            {"mail.host": "mail.example", "mail.username": "app"},
            "mail.username and mail.password belong together; set both or neither.",
        ),
        (
            {"mail.host": "mail.example", "mail.username": "app", "mail.password": "x", "mail.security": "none"},
            "mail.security none would send mail.password in the clear; use starttls or tls.",
        ),
        (
            {"mail.username": "app", "mail.password": "x"},
            "mail.username is set and mail.host is not; set the server that it signs in to.",
        ),
        *(
            (
                {"mail.sender": sender},
                f"mail.sender: {sender!r} is not one address, such as Acme <no-reply@example.com>.",
            )
            for sender in ("x", "Acme", "Acme <no-reply>", "a@example.com, b@example.com")
        ),
        *(
            ({f"server.{name}": "0s"}, f"server.{name} is 0: no client could be served; set at least 1s.")
            for name in ("head_time", "body_grace", "idle_time", "write_time")
        ),
        (
            {"mail.tick": "0s"},
            "mail.tick is 0: the worker would never pause; set a duration such as 1s.",
        ),
        (
            {"sign_in.access_token_life": "400d"},
            "sign_in.access_token_life is more than sign_in.refresh_token_life; an access token is the shorter one.",
        ),
        (
            {"sign_in.argon2_memory_kib": "8", "sign_in.argon2_parallelism": "2"},
            "sign_in.argon2_memory_kib must be at least 8 for each of sign_in.argon2_parallelism.",
        ),
        *(
            (
                {f"sign_in.{life}": "90m", "limits.account_letter_gaps": "5m,90m"},
                LIFE_BELOW_GAP.format(life),
            )
            for life in ("proof_life", "reset_life")
        ),
        (
            {"limits.request_life": "0s"},
            "limits.request_life is 0: requests would expire before they are sent; set a duration such as 14d.",
        ),
        (
            {"lists.page_size": "501"},
            "lists.page_size is more than lists.page_size_limit; lower the one or raise the other.",
        ),
    ],
)
def test_a_contradiction_is_reported_with_a_remedy(flags: dict[str, str], told: str) -> None:
    """Contradicting values are refused with a sentence that says what to change."""
    with pytest.raises(WrongSettings) as caught:
        load({}, flags)

    assert (told,) == caught.value.problems


def test_a_password_may_stay_on_this_machine_in_the_clear() -> None:
    """TLS is not required for a mail server on the same machine."""
    flags = {"mail.host": "127.0.0.1", "mail.username": "app", "mail.password": "x", "mail.security": "none"}

    assert "x" == load({}, flags).settings.mail_server.password
