"""Sections of the settings: those of the installation, and those that packages declare."""

from collections.abc import Iterator
from datetime import timedelta
from ipaddress import ip_network
from pathlib import Path
from typing import Annotated, Any, Final, Literal

import msgspec
from msgspec import Meta

from platform_api.accounts.settings import AccountSettings
from platform_api.connections.settings import Terms
from platform_api.database.settings import DatabaseSettings
from platform_api.foundation.settings import Limit, Origin, Port, Positive, Section, Text, about
from platform_api.identity.settings import SignIn
from platform_api.lists.settings import PageLimits
from platform_api.mail.settings import MailServer, MailSettings
from platform_api.management.settings import ManagementSettings
from servicehost.http.settings import HostSettings
from servicehost.server.limits import ServerLimits

PublicUrl = Annotated[
    str,
    Meta(
        pattern=r"^https?://[0-9A-Za-z_.:\[\]-]+(/(?!\.{1,2}(/|$))[!$-.0-;=@-\[\]-~]+)*$",
        title="a URL with http:// or https:// and without a trailing slash, in the ASCII form that browsers send",
    ),
]
LogLevel = Literal["debug", "info", "warning", "error"]
LogFormat = Literal["auto", "console", "json"]

_EVERY_ADDRESS: Final = {"0.0.0.0": "127.0.0.1", "::": "::1"}  # noqa: S104 - compared with, not bound to
"""Addresses that stand for all interfaces, each with the address for clients on this machine."""


class ServerSettings(Section, frozen=True, kw_only=True):
    """Address and limits of the server."""

    host: Annotated[
        Text, about("server.host", "Address to listen on; `0.0.0.0` for all addresses of this machine.")
    ] = "127.0.0.1"
    port: Annotated[Port, about("server.port", "Port to listen on; 0 takes a free one.")] = 8000
    public_url: Annotated[
        PublicUrl | None,
        about("server.public_url", "Public address of the installation, used in links and samples."),
    ] = None
    workers: Annotated[int, Meta(ge=1, le=256), about("server.workers", "Server processes that share the port.")] = 1
    trusted_proxies: Annotated[
        tuple[Text, ...],
        about("server.trusted_proxies", "Addresses or networks of reverse proxies whose `X-Forwarded-For` is trusted."),
    ] = ()
    body_limit: Annotated[int, Meta(ge=1024), about("server.body_limit", "Bytes of a request body that are read.")] = (
        HostSettings.body_limit
    )
    header_limit: Annotated[
        int, Meta(ge=4096), about("server.header_limit", "Bytes of header fields that are read.")
    ] = HostSettings.header_limit
    header_count: Annotated[
        int, Meta(ge=20, le=10_000), about("server.header_count", "Number of header fields that are read.")
    ] = HostSettings.header_count
    target_limit: Annotated[
        int, Meta(ge=1024), about("server.target_limit", "Bytes of the request target: path and query.")
    ] = ServerLimits.target_bytes
    http2: Annotated[
        bool,
        about(
            "server.http2",
            "Whether HTTP/2 without TLS is served too, under the same limits; clients begin with its preface.",
        ),
    ] = ServerLimits.http2
    connections: Annotated[
        int,
        Meta(ge=1),
        about(
            "server.connections",
            "Open connections at most, per process; fewer where the system allows fewer open files.",
        ),
    ] = ServerLimits.connections
    connections_per_client: Annotated[
        Limit,
        about(
            "server.connections_per_client",
            "Open connections of one IPv4 address or IPv6 /64; `server.trusted_proxies` may open any number.",
        ),
    ] = ServerLimits.connections_per_client
    requests_per_client: Annotated[
        Limit,
        about(
            "server.requests_per_client",
            "Open requests of one client for which more of them are refused over HTTP/2; they may be sent again.",
        ),
    ] = ServerLimits.requests_per_client
    running_per_client: Annotated[
        Positive | None,
        about(
            "server.running_per_client",
            "Requests of one client that are worked on at a time; others wait. `server.trusted_proxies` have no limit.",
        ),
    ] = ServerLimits.running_per_client
    head_time: Annotated[timedelta, about("server.head_time", "Time for the request line and the header fields.")] = (
        timedelta(seconds=ServerLimits.head_time)
    )
    body_grace: Annotated[
        timedelta, about("server.body_grace", "Time before a body must arrive at `server.body_rate`.")
    ] = timedelta(seconds=ServerLimits.body_grace)
    body_rate: Annotated[
        int, Meta(ge=1), about("server.body_rate", "Bytes per second of a body at least, after the grace.")
    ] = ServerLimits.body_rate
    idle_time: Annotated[timedelta, about("server.idle_time", "Time between two requests of a connection.")] = (
        timedelta(seconds=ServerLimits.idle_time)
    )
    write_time: Annotated[
        timedelta, about("server.write_time", "Time in which a client must take some of its answer.")
    ] = timedelta(seconds=ServerLimits.write_time)
    shutdown_grace: Annotated[
        timedelta, about("server.shutdown_grace", "How long requests in flight may take once the server stops.")
    ] = timedelta(seconds=30)

    @property
    def url(self) -> str:
        """The public URL without a trailing slash; by default that of the address to listen on."""
        return self.public_url or self.local_url

    @property
    def local_url(self) -> str:
        """The URL for clients on this machine, without a trailing slash."""
        host = _EVERY_ADDRESS.get(self.host, self.host)
        return f"http://[{host}]:{self.port}" if ":" in host else f"http://{host}:{self.port}"

    def contradictions(self) -> Iterator[str]:
        """Links need a host; times must not be 0; proxies are addresses or networks."""
        if self.host in _EVERY_ADDRESS and self.public_url is None:
            yield f"server.host {self.host} cannot be used in links; set server.public_url."
        for name in ("head_time", "body_grace", "idle_time", "write_time"):
            if not getattr(self, name):
                yield f"server.{name} is 0: no client could be served; set at least 1s."
        for proxy in self.trusted_proxies:
            try:
                ip_network(proxy)
            except ValueError:
                yield f"server.trusted_proxies: {proxy!r} is not an address or network, such as 10.0.0.0/8."


class Keys(Section, frozen=True, kw_only=True):
    """Location of the signing keys."""

    path: Annotated[Path, about("keys.path", "Folder of the signing keys; the same on every node.")] = Path("var/keys")


class Origins(Section, frozen=True, kw_only=True):
    """Trusted origins of other sites."""

    allowed: Annotated[
        tuple[Origin, ...],
        about(
            "sign_in.allowed_origins",
            "Other origins whose pages may send state-changing requests with the visitor's cookies.",
        ),
    ] = ()
    cors: Annotated[
        tuple[Origin, ...], about("cors.allowed_origins", "Origins that may call the API from a browser.")
    ] = ()


class Logging(Section, frozen=True, kw_only=True):
    """Level and form of the log."""

    level: Annotated[LogLevel, about("logging.level", "The least severe entry that is written.")] = "info"
    access: Annotated[bool, about("logging.access", "Whether every request is logged.")] = True
    format: Annotated[
        LogFormat, about("logging.format", "`json` lines, `console` for people; `auto`: console on a terminal.")
    ] = "auto"


class Settings(msgspec.Struct, frozen=True, kw_only=True):
    """All settings of an installation. Each section is named for the package or part that uses it."""

    server: ServerSettings = ServerSettings()
    management: ManagementSettings = ManagementSettings()
    database: DatabaseSettings = DatabaseSettings()
    keys: Keys = Keys()
    mail_server: MailServer = MailServer()
    mail: MailSettings = MailSettings()
    sign_in: SignIn = SignIn()
    accounts: AccountSettings = AccountSettings()
    origins: Origins = Origins()
    connections: Terms = Terms()
    lists: PageLimits = PageLimits()
    logging: Logging = Logging()


def replaced(settings: Settings, section: str, **values: Any) -> Settings:
    """The settings with some values of one section replaced."""
    changed = msgspec.structs.replace(getattr(settings, section), **values)
    return msgspec.structs.replace(settings, **{section: changed})


__all__ = [
    "Keys",
    "LogFormat",
    "LogLevel",
    "Logging",
    "Origins",
    "ServerSettings",
    "Settings",
    "replaced",
]
