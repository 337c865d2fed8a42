"""The manifest of a backup: what the file contains, and what is required to use it."""

import hmac
from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Final

import msgspec

FORMAT: Final = 1
"""The form of the file. A later version of the program may write another one."""

_CHECKED: Final = b"platform-api backup"


class Manifest(msgspec.Struct, frozen=True, kw_only=True):
    """Description of a backup.

    Attributes:
        format: form of the file.
        created_at: when the copy began.
        version: version of the program that wrote it.
        kind: kind of the database.
        revision: revision of the schema.
        rows: number of rows of each table.
        keys: ids of the signing keys of the installation.
        lasting_secret: check value of the secret of keyed hashes.
        size: bytes of the copy.
        sha256: digest of the copy, in hexadecimal digits.
    """

    created_at: datetime
    version: str
    kind: str
    revision: str
    rows: Mapping[str, int]
    keys: tuple[str, ...]
    lasting_secret: str
    size: int
    sha256: str
    format: int = FORMAT


class KeyFacts(msgspec.Struct, frozen=True):
    """Facts about the keys of an installation that do not disclose them.

    Attributes:
        ids: ids of the signing keys.
        lasting_secret: check value of the secret of keyed hashes; None if there is no such secret.
    """

    ids: tuple[str, ...]
    lasting_secret: str | None


def check_value(secret: bytes) -> str:
    """Return a value by which a secret is recognised, and from which it cannot be computed."""
    return hmac.digest(secret, _CHECKED, "sha256").hex()


def missing_keys(manifest: Manifest, present: KeyFacts) -> Iterator[str]:
    """Name the keys that a backup was made with and that are not present."""
    for key_id in manifest.keys:
        if key_id not in present.ids:
            yield f"key {key_id}"
    if present.lasting_secret != manifest.lasting_secret:
        yield "lasting-secret"


def differing_tables(expected: Mapping[str, int], found: Mapping[str, int]) -> Iterator[str]:
    """Describe the tables whose number of rows differs."""
    for name in sorted(expected.keys() | found.keys()):
        if expected.get(name) != found.get(name):
            yield f"{name}: {_number(found.get(name))} instead of {_number(expected.get(name))}"


def _number(rows: int | None) -> str:
    return "no table" if rows is None else f"{rows} rows"


__all__ = ["FORMAT", "KeyFacts", "Manifest", "check_value", "differing_tables", "missing_keys"]
