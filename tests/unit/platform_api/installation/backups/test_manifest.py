"""Tests of the comparison of a manifest with an installation."""

from datetime import UTC, datetime
from typing import Any

from platform_api.installation.backups.manifest import (
    KeyFacts,
    Manifest,
    check_value,
    differing_tables,
    missing_keys,
)

SECRET = check_value(b"s" * 32)


def a_manifest(**changes: Any) -> Manifest:
    """A manifest of an installation with two keys."""
    values: dict[str, Any] = {
        "created_at": datetime(2026, 11, 27, tzinfo=UTC),
        "version": "1.0",
        "kind": "sqlite",
        "revision": "0001",
        "rows": {"contacts": 2},
        "keys": ("0a", "0b"),
        "lasting_secret": SECRET,
        "size": 1,
        "sha256": "00",
    }
    return Manifest(**(values | changes))


def test_no_key_is_missing() -> None:
    """Further keys, added by a rotation since, do no harm."""
    assert [] == list(missing_keys(a_manifest(), KeyFacts(("0a", "0b", "0c"), SECRET)))


def test_missing_keys_are_named() -> None:
    """Each signing key by its id, and the secret of keyed hashes."""
    assert ["key 0b", "lasting-secret"] == list(missing_keys(a_manifest(), KeyFacts(("0a",), None)))
    assert ["lasting-secret"] == list(missing_keys(a_manifest(), KeyFacts(("0a", "0b"), check_value(b"t" * 32))))


def test_a_check_value_does_not_disclose_the_secret() -> None:
    """It is a keyed hash of constant text."""
    assert "1236eafb14ac7e3e" == check_value(b"s" * 32)[:16]
    assert check_value(b"s" * 32) != check_value(b"t" * 32)


def test_differing_tables_are_described() -> None:
    """Tables with other numbers of rows, missing tables and additional tables."""
    expected = {"blocks": 1, "contacts": 2, "grants": 3}
    assert [] == list(differing_tables(expected, dict(expected)))
    assert [
        "blocks: no table instead of 1 rows",
        "contacts: 1 rows instead of 2 rows",
        "users: 4 rows instead of no table",
    ] == list(differing_tables(expected, {"contacts": 1, "grants": 3, "users": 4}))
