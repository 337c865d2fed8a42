"""What settings must not say together."""

from collections.abc import Iterator
from datetime import timedelta
from ipaddress import ip_address, ip_network

from platform_api.installation.settings.sections import Settings
from platform_api.mail.envelope import Sender, UnsafeMail

_EVERY_ADDRESS = frozenset({"0.0.0.0", "::"})  # noqa: S104 - compared with, not bound to


def contradictions(settings: Settings) -> Iterator[str]:
    """A sentence for each pair of values that cannot both be meant."""
    yield from _of_server(settings)
    yield from _of_mail(settings)
    yield from _of_lives(settings)
    if settings.lists.page_size > settings.lists.page_size_limit:
        yield "lists.page_size is more than lists.page_size_limit; lower the one or raise the other."


def _of_server(settings: Settings) -> Iterator[str]:
    server = settings.server
    if server.host in _EVERY_ADDRESS and server.public_url is None:
        yield f"server.host {server.host} cannot be used in links; set server.public_url."
    for name in ("head_time", "body_grace", "idle_time", "write_time"):
        if not getattr(server, name):
            yield f"server.{name} is 0: no client could be served; set at least 1s."
    for proxy in server.trusted_proxies:
        try:
            ip_network(proxy)
        except ValueError:
            yield f"server.trusted_proxies: {proxy!r} is not an address or network, such as 10.0.0.0/8."


def _of_mail(settings: Settings) -> Iterator[str]:
    mail = settings.mail
    try:
        Sender.read(mail.sender)
    except UnsafeMail:
        yield f"mail.sender: {mail.sender!r} is not one address, such as Acme <no-reply@example.com>."
    if (mail.username is None) != (mail.password is None):
        yield "mail.username and mail.password belong together; set both or neither."
    if mail.host and mail.password and mail.security == "none" and not _is_loopback(mail.host):
        yield "mail.security none would send mail.password in the clear; use starttls or tls."
    if mail.host is None and mail.username is not None:
        yield "mail.username is set and mail.host is not; set the server that it signs in to."
    if not mail.tick:
        yield "mail.tick is 0: the worker would never pause; set a duration such as 1s."


def _of_lives(settings: Settings) -> Iterator[str]:
    sign_in = settings.sign_in
    if sign_in.access_token_life > sign_in.refresh_token_life:
        yield "sign_in.access_token_life is more than sign_in.refresh_token_life; an access token is the shorter one."
    gap = max(settings.limits.account_letter_gaps, default=timedelta(0))
    for name, life in (("proof_life", sign_in.proof_life), ("reset_life", sign_in.reset_life)):
        if life <= gap:
            yield (
                f"sign_in.{name} is not more than the longest of limits.account_letter_gaps: a link would expire before"
                " the next may be sent; raise the one or lower the other."
            )
    if sign_in.argon2_memory_kib < 8 * sign_in.argon2_parallelism:
        yield "sign_in.argon2_memory_kib must be at least 8 for each of sign_in.argon2_parallelism."
    if not settings.limits.request_life:
        yield "limits.request_life is 0: requests would expire before they are sent; set a duration such as 14d."


def _is_loopback(host: str) -> bool:
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


__all__ = ["contradictions"]
