"""What there is to set: one frozen struct for each section, with the default and the meaning of every value."""

from datetime import timedelta
from pathlib import Path
from typing import Annotated, Any, Literal

import msgspec
from msgspec import Meta


def about(description: str, *, secret: bool = False) -> Meta:
    """Says what a setting is for; the value of a secret one is never shown."""
    return Meta(description=description, extra={"secret": secret})


Limit = Annotated[int, Meta(ge=0)] | None
"""A number that bounds; None, written `unlimited`, bounds nothing."""

Positive = Annotated[int, Meta(ge=1)]
Text = Annotated[str, Meta(min_length=1)]
Port = Annotated[int, Meta(ge=0, le=65535)]
PublicUrl = Annotated[
    str,
    Meta(pattern=r"^https?://[^\s?#]*[^/\s?#]$", title="a URL with http:// or https:// and without a trailing slash"),
]
Origin = Annotated[str, Meta(pattern=r"^https?://[^/\s]+$", title="an origin such as https://example.com")]
MailSecurity = Literal["none", "starttls", "tls"]
LogLevel = Literal["debug", "info", "warning", "error"]
LogFormat = Literal["auto", "console", "json"]


_THIS_MACHINE = {"0.0.0.0": "127.0.0.1", "::": "::1"}  # noqa: S104 - what is asked for, not what is listened on
"""Addresses that stand for all of a machine, which nobody can ask; one that can be asked instead."""


class Section(msgspec.Struct, frozen=True, kw_only=True):
    """Settings that belong together; every one has a default."""


class Server(Section, frozen=True, kw_only=True):
    """Where the server listens, and how much it reads."""

    host: Annotated[Text, about("Address to listen on; `0.0.0.0` for all addresses of this machine.")] = "127.0.0.1"
    port: Annotated[Port, about("Port to listen on; 0 takes a free one.")] = 8000
    public_url: Annotated[
        PublicUrl | None,
        about("Public address of the installation, used in links and samples."),
    ] = None
    workers: Annotated[int, Meta(ge=1, le=256), about("Server processes that share the port.")] = 1
    trusted_proxies: Annotated[
        tuple[Text, ...],
        about("Addresses or networks of reverse proxies whose `X-Forwarded-For` is trusted."),
    ] = ()
    body_limit: Annotated[int, Meta(ge=1024), about("Bytes of a request body that are read.")] = 1_048_576
    header_limit: Annotated[int, Meta(ge=4096), about("Bytes of header fields that are read.")] = 32_768
    header_count: Annotated[int, Meta(ge=20, le=10_000), about("Number of header fields that are read.")] = 100
    target_limit: Annotated[int, Meta(ge=1024), about("Bytes of the request target: path and query.")] = 16_384
    http2: Annotated[
        bool, about("Whether HTTP/2 without TLS is served too, under the same limits; clients begin with its preface.")
    ] = False
    connections: Annotated[
        int, Meta(ge=1), about("Open connections at most, per process; fewer where the system allows fewer open files.")
    ] = 10_000
    connections_per_client: Annotated[
        Limit, about("Open connections of one IPv4 address or IPv6 /64; `server.trusted_proxies` may open any number.")
    ] = 100
    requests_per_client: Annotated[
        Limit,
        about("Open requests of one client for which more of them are refused over HTTP/2; they may be sent again."),
    ] = 100
    running_per_client: Annotated[
        Positive | None,
        about(
            "Requests of one client that are worked on at a time; others wait. `server.trusted_proxies` have no limit."
        ),
    ] = 64
    head_time: Annotated[timedelta, about("Time for the request line and the header fields.")] = timedelta(seconds=10)
    body_grace: Annotated[timedelta, about("Time before a body must arrive at `server.body_rate`.")] = timedelta(
        seconds=10
    )
    body_rate: Annotated[int, Meta(ge=1), about("Bytes per second of a body at least, after the grace.")] = 1_024
    idle_time: Annotated[timedelta, about("Time between two requests of a connection.")] = timedelta(seconds=75)
    write_time: Annotated[timedelta, about("Time in which a client must take some of its answer.")] = timedelta(
        seconds=30
    )
    shutdown_grace: Annotated[timedelta, about("How long requests in flight may take once the server stops.")] = (
        timedelta(seconds=30)
    )

    @property
    def url(self) -> str:
        """The public URL, without a trailing slash: the one that is set, else the address listened on."""
        return self.public_url or self.local_url

    @property
    def local_url(self) -> str:
        """The address listened on as a URL of this machine, without a trailing slash."""
        host = _THIS_MACHINE.get(self.host, self.host)
        return f"http://[{host}]:{self.port}" if ":" in host else f"http://{host}:{self.port}"


class DatabaseSettings(Section, frozen=True, kw_only=True):
    """Where the data are."""

    path: Annotated[Path, about("The SQLite file.")] = Path("var/platform-api.sqlite3")


class Keys(Section, frozen=True, kw_only=True):
    """Where the signing keys are."""

    path: Annotated[Path, about("Folder of the signing keys; the same on every node.")] = Path("var/keys")


class Mail(Section, frozen=True, kw_only=True):
    """How mail leaves. Without a host it stays in the built-in mailbox, which the operator reads."""

    host: Annotated[Text | None, about("The SMTP server; not set: the built-in mailbox.")] = None
    port: Annotated[Port, about("Its port; 0 for the usual one: 25, 587 or 465, according to `mail.security`.")] = 0
    security: Annotated[MailSecurity, about("How the connection is protected.")] = "starttls"
    username: Annotated[Text | None, about("User name for the SMTP server; not set: no sign-in.")] = None
    password: Annotated[Text | None, about("The password of `mail.username`.", secret=True)] = None
    sender: Annotated[Text, about("Sender of all mails: an address, with or without a name.")] = (
        "Platform API <no-reply@platform-api.example>"
    )
    timeout: Annotated[timedelta, about("Time in which the SMTP server must answer.")] = timedelta(seconds=30)
    lanes: Annotated[
        int, Meta(ge=0, le=64), about("Letters that a process sends at the same time; with 0 it sends none.")
    ] = 2
    tick: Annotated[
        timedelta,
        about("Average time between two rounds of sending; a letter leaves in the next one."),
    ] = timedelta(seconds=1)
    lease: Annotated[
        timedelta | None,
        about(
            "Time after which a letter in sending is taken over by another worker; not set: derived from the timeouts."
        ),
    ] = None
    slow_retry: Annotated[timedelta, about("Pause before a letter that may have arrived is sent once more.")] = (
        timedelta(minutes=30)
    )

    @property
    def smtp_port(self) -> int:
        """The port to connect to: the one that is set, else the usual one of the security."""
        return self.port or {"none": 25, "starttls": 587, "tls": 465}[self.security]


class SignIn(Section, frozen=True, kw_only=True):
    """Passwords, sessions, tokens."""

    argon2_time_cost: Annotated[int, Meta(ge=1, le=100), about("Passes of argon2 over its memory.")] = 2
    argon2_memory_kib: Annotated[int, Meta(ge=8, le=4_194_304), about("Memory of one argon2 hash, KiB.")] = 19_456
    argon2_parallelism: Annotated[int, Meta(ge=1, le=64), about("Lanes of argon2.")] = 1
    argon2_concurrency: Annotated[int, Meta(ge=1, le=64), about("Passwords hashed at the same time.")] = 2
    session_life: Annotated[timedelta, about("Life of a session that is not used.")] = timedelta(days=14)
    remembered_session_life: Annotated[timedelta, about("The same with `RememberMe`.")] = timedelta(days=28)
    access_token_life: Annotated[timedelta, about("Life of a bearer token.")] = timedelta(hours=1)
    refresh_token_life: Annotated[timedelta, about("Life of a refresh token.")] = timedelta(days=365)
    proof_life: Annotated[timedelta, about("Life of the link that proves a mailbox, from its sending.")] = timedelta(
        days=1
    )
    reset_life: Annotated[timedelta, about("Life of the link that resets a password, from its sending.")] = timedelta(
        hours=2
    )
    allowed_origins: Annotated[
        tuple[Origin, ...],
        about("Other origins whose pages may send state-changing requests with the visitor's cookies."),
    ] = ()


class Limits(Section, frozen=True, kw_only=True):
    """Quotas and cooldowns; each number may be `unlimited`."""

    resend_cooldown: Annotated[timedelta, about("Time between two sendings of one request; `0s` for none.")] = (
        timedelta(minutes=5)
    )
    resends_per_request: Annotated[Limit, about("How often one request may be sent again.")] = 5
    sends_per_user_hour: Annotated[Limit, about("Requests that a user may send in an hour.")] = 20
    sends_per_user_day: Annotated[Limit, about("Requests that a user may send in a day.")] = 100
    sends_per_organisation_day: Annotated[Limit, about("Requests that an organisation may send in a day.")] = 200
    pending_per_sender: Annotated[Limit, about("Requests of one sender that may be pending at once.")] = 200
    kept_contacts_per_contact: Annotated[Limit, about("Virtual contacts that one contact may keep.")] = 10_000
    letters_per_address_day: Annotated[Limit, about("Letters to one address in a day; further ones wait.")] = 5
    letters_per_sender_day: Annotated[
        Limit,
        about("Letters of one sender that count against that limit; its further ones use only what is left."),
    ] = 2
    account_letter_gaps: Annotated[
        tuple[timedelta, ...],
        about(
            "Least times between letters to one address with a link that proves it or resets its password; the last for"
            " all further ones. They begin again after a day without a request."
        ),
    ] = (timedelta(minutes=5), timedelta(minutes=15), timedelta(hours=1))
    request_life: Annotated[timedelta, about("Time after its last sending until a request expires.")] = timedelta(
        days=14
    )
    decline_undo: Annotated[timedelta, about("Time in which a declined request may still be accepted.")] = timedelta(
        days=14
    )


class Lists(Section, frozen=True, kw_only=True):
    """How many rows an answer has."""

    page_size: Annotated[int, Meta(ge=1), about("Rows of a page when the request does not say.")] = 50
    page_size_limit: Annotated[int, Meta(ge=1), about("Rows of a page at most.")] = 500
    unpaged_limit: Annotated[int, Meta(ge=1), about("Rows of an answer without pages at most.")] = 10_000


class Cors(Section, frozen=True, kw_only=True):
    """Which pages of other sites may read answers."""

    allowed_origins: Annotated[tuple[Origin, ...], about("Origins that may call the API from a browser.")] = ()


class Logging(Section, frozen=True, kw_only=True):
    """What is logged, and how it is written."""

    level: Annotated[LogLevel, about("The least severe entry that is written.")] = "info"
    access: Annotated[bool, about("Whether every request is logged.")] = True
    format: Annotated[LogFormat, about("`json` lines, `console` for people; `auto`: console on a terminal.")] = "auto"


class Settings(Section, frozen=True, kw_only=True):
    """All settings of an installation."""

    server: Server = Server()
    database: DatabaseSettings = DatabaseSettings()
    keys: Keys = Keys()
    mail: Mail = Mail()
    sign_in: SignIn = SignIn()
    limits: Limits = Limits()
    lists: Lists = Lists()
    cors: Cors = Cors()
    logging: Logging = Logging()


def replaced(settings: Settings, section: str, **values: Any) -> Settings:
    """The settings with some values of one section replaced."""
    changed = msgspec.structs.replace(getattr(settings, section), **values)
    return msgspec.structs.replace(settings, **{section: changed})


__all__ = [
    "Cors",
    "DatabaseSettings",
    "Keys",
    "Limit",
    "Limits",
    "Lists",
    "Logging",
    "Mail",
    "Section",
    "Server",
    "Settings",
    "SignIn",
    "about",
    "replaced",
]
