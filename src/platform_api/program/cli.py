"""The `platform-api` program.

Commands import modules when they run, so that `--help` and error messages appear at once.
"""

import asyncio
import sys
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

from cyclopts import App, Parameter
from cyclopts.exceptions import CycloptsError

from platform_api.foundation.refusals import Refusal, WrongUsage

if TYPE_CHECKING:
    from platform_api.installation.settings import Loaded

app = App(
    name="platform-api",
    help="The Platform API: contacts, roles and connections as a web service.",
    help_format="plaintext",
    version_flags=(),
)
operator = App(name="operator", help="Operators of the installation: grant, withdraw, reset passwords.")
keys = App(name="keys", help="Signing keys: rotate, adopt.")
database = App(name="database", help="Database: upgrade the schema, show its state, list shared mailboxes.")
contract = App(name="contract", help="Published contract: compare versions.")
backup = App(name="backup", help="Backups of the installation: create, verify, restore.")
letters = App(name="letters", help="Letters held after a restore: hold, count, send, drop.")
for group in (operator, keys, database, backup, letters, contract):
    app.command(group)


@Parameter(name="*")
@dataclass(frozen=True)
class SettingsSource:
    """Sources of settings besides the environment.

    Attributes:
        config: A TOML file with settings; by default platform-api.toml in the current folder, if it exists.
        set: A setting, as in --set limits.resend_cooldown=0s; may be repeated.
    """

    config: Path | None = None
    set: Annotated[list[str], Parameter(negative=(), show_default=False)] = field(default_factory=list)


NOWHERE = SettingsSource()


@app.command
def serve(
    *,
    host: str | None = None,
    port: int | None = None,
    public_url: str | None = None,
    source: SettingsSource = NOWHERE,
) -> None:
    """Serve until Ctrl-C. The first start creates the database, the keys and the sample operator.

    Args:
        host: Address to listen on, instead of server.host.
        port: Port to listen on, instead of server.port.
        public_url: Public address of the server, instead of server.public_url.
        source: Sources of settings.
    """
    named = {"server.host": host, "server.port": port, "server.public_url": public_url}
    flags = _flags(source) | {key: str(value) for key, value in named.items() if value is not None}
    loaded = _load(source, flags)

    from platform_api.program.serving import serve

    serve(loaded.settings)


@app.command
def settings(*, source: SettingsSource = NOWHERE) -> None:
    """Print every setting with its value and the source of the value; secrets are masked."""
    from platform_api.installation.settings import describe

    rows = list(describe(_load(source)))
    widths = [max(len(row[column]) for row in rows) for column in (0, 1)]
    for key, value, origin in rows:
        print(f"{key:{widths[0]}}  {value:{widths[1]}}  {origin}")


@app.command
def sample(*, source: SettingsSource = NOWHERE) -> None:
    """Add sample data: a few members with connections, requests and an invitation."""
    from platform_api.program.sample import make

    print(asyncio.run(make(_load(source).settings)))


@app.command
def demo() -> None:
    """Run the life of a connection on a server and a mail server of its own, and print each request and response."""
    from platform_api.program.demo import play

    play()


@operator.command
def reset_password(address: str | None = None, /, *, source: SettingsSource = NOWHERE) -> None:
    """Set a new random password for a user and print it; every session of the user ends.

    Args:
        address: The user's address; that of the sample operator unless given.
        source: Sources of settings.
    """
    from platform_api.installation.operators import SAMPLE_ADDRESS, carry_out

    made = carry_out(_load(source).settings, lambda operators: operators.reset_password(address or SAMPLE_ADDRESS))
    print(f"The new password of {made.address} is {made.password}")


@operator.command
def grant(address: str, /, *, source: SettingsSource = NOWHERE) -> None:
    """Grant operator rights to a user, at once.

    Args:
        address: The user's address.
        source: Sources of settings.
    """
    from platform_api.installation.operators import carry_out

    carry_out(_load(source).settings, lambda operators: operators.grant(address))
    print(f"{address} is now an operator.")


@operator.command
def withdraw(address: str, /, *, source: SettingsSource = NOWHERE) -> None:
    """Withdraw operator rights from a user, at once.

    Args:
        address: The user's address.
        source: Sources of settings.
    """
    from platform_api.installation.operators import carry_out

    carry_out(_load(source).settings, lambda operators: operators.withdraw(address))
    print(f"{address} is no longer an operator.")


@keys.command
def rotate(*, source: SettingsSource = NOWHERE) -> None:
    """Add a signing key that takes over in five minutes; tokens signed with older keys stay valid until they expire."""
    from platform_api.installation.opening import open_keys

    key = open_keys(_load(source).settings).rotate()
    print(
        f"Key {key.id} signs from {key.since:%Y-%m-%d %H:%M:%S} UTC on. Copy the folder to the other nodes before that."
    )


@keys.command
def adopt(*, source: SettingsSource = NOWHERE) -> None:
    """Make the keys of this node those of the database, after the former keys were lost or stolen."""
    from platform_api.installation.operators import carry_out

    settings = _load(source).settings
    carry_out(settings, lambda operators: operators.adopt_keys(settings.keys.path))
    print(f"The keys in {settings.keys.path} are those of the database now. Copy the folder to the other nodes.")


@database.command(name=("upgrade", "migrate"))
def upgrade(*, source: SettingsSource = NOWHERE) -> None:
    """Upgrade the database to the schema of this version."""
    from platform_api.installation.first_start import migrate_database

    changed = migrate_database(_load(source).settings)
    print("The schema has been brought up to date." if changed else "The schema is up to date.")


@database.command
def status(*, source: SettingsSource = NOWHERE) -> None:
    """Show the schema of the database and that of this version; fails if they differ."""
    from platform_api.installation.schema_status import check

    print(check(_load(source).settings))


@database.command
def shared_mailboxes(*, source: SettingsSource = NOWHERE) -> None:
    """List the addresses of users who share a mailbox with another user, after the rules for addresses changed."""
    from platform_api.installation.operators import carry_out

    for shared in carry_out(_load(source).settings, lambda operators: operators.shared_mailboxes()):
        print(f"{shared.sign_in_name}  user {shared.user_id}")


@database.command
def revision(message: str, /) -> None:
    """Write the draft of the next revision of the schema.

    Args:
        message: A short title of the change.
    """
    from platform_api.database.migrations import schema
    from platform_api.wiring import metadata

    print(f"Read and format {schema.revision(message, metadata)}.")


@database.command
def copy(source: str, target: str, /) -> None:
    """Copy a database to an empty one, of the same kind or the other; an interrupted copy goes on.

    Stop the servers of the source first. The tables are compared at the end.

    Args:
        source: A file, or the address of a server as in database.url; leave the password to PGPASSWORD.
        target: The same, of an empty database or a new file.
    """
    from platform_api.program import backup_commands

    print(backup_commands.copy(source, target))


@backup.command
def create(file: Path, /, *, source: SettingsSource = NOWHERE) -> None:
    """Write a backup of the database to a file, while the server runs. The keys folder is not in it: copy it separately.

    Args:
        file: The file to be written.
        source: Sources of settings.
    """
    from platform_api.program import backup_commands

    print(backup_commands.create(_load(source).settings, file))


@backup.command
def verify(file: Path, /, *, without_keys: bool = False, source: SettingsSource = NOWHERE) -> None:
    """Restore a backup to a temporary place and check it; the installation is not changed.

    Args:
        file: A file that `backup create` wrote.
        without_keys: Accept that keys are missing.
        source: Sources of settings.
    """
    from platform_api.program import backup_commands

    print(backup_commands.verify(_load(source).settings, file, without_keys=without_keys))


@backup.command
def restore(file: Path, /, *, without_keys: bool = False, source: SettingsSource = NOWHERE) -> None:
    """Create the database from a backup. Its waiting letters are held until `letters send` or `letters drop`.

    Args:
        file: A file that `backup create` wrote.
        without_keys: Accept that keys are missing.
        source: Sources of settings.
    """
    from platform_api.program import backup_commands

    print(backup_commands.restore(_load(source).settings, file, without_keys=without_keys))


@letters.command
def hold(*, source: SettingsSource = NOWHERE) -> None:
    """Hold every waiting letter: for databases that were restored by other means, before the first start."""
    from platform_api.program import backup_commands

    print(backup_commands.hold(_load(source).settings))


@letters.command
def count(*, source: SettingsSource = NOWHERE) -> None:
    """Print the number of held letters."""
    from platform_api.program import backup_commands

    print(backup_commands.count(_load(source).settings))


@letters.command
def send(*, source: SettingsSource = NOWHERE) -> None:
    """Send the held letters; those that are obsolete by now are dropped."""
    from platform_api.program import backup_commands

    print(backup_commands.send(_load(source).settings))


@letters.command
def drop(*, source: SettingsSource = NOWHERE) -> None:
    """Drop the held letters; their senders may send again."""
    from platform_api.program import backup_commands

    print(backup_commands.drop(_load(source).settings))


@contract.command
def diff(old: Path, new: Path, /) -> None:
    """List the changes between two contract files; fails if a change breaks clients of the old one.

    Args:
        old: A file saved from /api/types/metadata.
        new: A later one.
    """
    from platform_api.program import contract_guard

    print(contract_guard.diff(old, new))


@app.command
def version() -> None:
    """Print the version."""
    from importlib.metadata import version

    print(version("platform-api"))


def main(arguments: Sequence[str] | None = None) -> None:
    """Run a command and exit with 0, with 2 if the command or the settings are wrong, otherwise with 1."""
    try:
        app(arguments, exit_on_error=False, print_error=False)
    except CycloptsError as error:
        _report(WrongUsage(f"{error} Run `platform-api --help` for usage."))
    except Refusal as refusal:
        _report(refusal)


def _report(refusal: Refusal) -> None:
    print(f"platform-api: {refusal}", file=sys.stderr)
    sys.exit(refusal.exit_code)


def _flags(source: SettingsSource) -> dict[str, str]:
    """The settings of `--set`, by key."""
    flags = {}
    for assignment in source.set:
        key, equals, value = assignment.partition("=")
        if not equals:
            raise WrongUsage(f"--set {assignment} has no value. Write --set {assignment}=VALUE.")
        flags[key.strip()] = value.strip()
    return flags


def _load(source: SettingsSource, flags: dict[str, str] | None = None) -> "Loaded":
    from platform_api.installation.settings import load

    return load(flags=_flags(source) if flags is None else flags, file=source.config)


__all__ = ["app", "main"]
