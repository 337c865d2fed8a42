"""Interface between the composition root and the packages: `Parts` to build from, `Capability` as the result.

This is the only module of `foundation` that refers to types of packages further down the list, for type checking only.
"""

from collections.abc import Callable, Coroutine, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Protocol, TypeAlias

from platform_api.foundation.metrics import Family, Metrics
from platform_api.foundation.pulse import Pulse
from servicehost.contract.call import Handler
from servicehost.contract.catalog import Service
from servicehost.contract.messages import Request
from servicehost.security.keys import KeySource
from servicehost.security.passwords import Passwords

if TYPE_CHECKING:
    from platform_api.database.transaction import Database, Transaction
    from platform_api.mail import LetterKind
    from platform_api.schedule import LatestInstant, PeriodicUnit

Operations = Mapping[type[Request[Any]], Handler]
"""Handlers by the request that each of them answers."""

StoredMetrics: TypeAlias = "Callable[[Transaction], Coroutine[Any, Any, Iterable[Family]]]"
"""Reads the families of one source in a transaction."""


@dataclass(frozen=True)
class Parts:
    """Shared parts of an installation: every package is built from these and its own settings.

    Attributes:
        service: name, public URL and mount of the API.
        database: where units of work run.
        keys: signing keys, as they are at the moment of the call.
        passwords: hashes and verifies passwords.
        lasting_secret: key of hashes that must stay the same after a rotation of the signing keys.
    """

    service: Service
    database: "Database"
    keys: KeySource
    passwords: Passwords
    lasting_secret: bytes = field(repr=False)


class Runner(Protocol):
    """Background work, from the start of the server to its stop."""

    @property
    def pulses(self) -> Sequence[Pulse]:
        """The states that it reports."""

    def metrics(self) -> Iterable[Family]:
        """Its metrics that are counted in this process."""

    async def stored_metrics(self, tx: "Transaction") -> Iterable[Family]:
        """Its metrics that are read from the database, and are the same in every process."""

    async def run(self) -> None:
        """Run until `stop` is called and the current step is finished."""

    def stop(self) -> None:
        """Begin no further step."""


@dataclass(frozen=True, kw_only=True)
class Capability:
    """Additions of a package to the installation; the result of `build` in its `wiring.py`.

    Packages that others are built from return a subclass with their services as further attributes.

    Attributes:
        operations: handlers of operations below the mount of the API.
        pages: handlers of operations with routes outside the mount.
        letters: its kinds of letters.
        periodic_units: units of work that the schedule runs again and again.
        latest_instants: latest valid instants of its columns, for the repair after a wrong clock.
        metrics: metrics that are counted in this process.
        stored_metrics: metrics that are read from the database, and are the same in every process.
    """

    operations: Operations = field(default_factory=dict)
    pages: Operations = field(default_factory=dict)
    letters: tuple["LetterKind[Any]", ...] = ()
    periodic_units: tuple["PeriodicUnit", ...] = ()
    latest_instants: tuple["LatestInstant", ...] = ()
    metrics: tuple[Metrics, ...] = ()
    stored_metrics: tuple["StoredMetrics", ...] = ()


__all__ = ["Capability", "Operations", "Parts", "Runner", "StoredMetrics"]
