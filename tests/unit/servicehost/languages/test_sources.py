"""Comparison of every language with its expected source, as a whole file and as a snippet."""

import os
from datetime import UTC, datetime
from pathlib import Path

import pytest

from servicehost.contract.catalog import Catalog
from servicehost.languages import LANGUAGES, Options, snippet, source

EXPECTED = Path(__file__).parent / "expected"
NOW = datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC)


def expected(name: str, actual: str) -> str:
    """Return the expected text with this name; with `REWRITE_EXPECTED` set, save the actual text first, for review and commit."""
    path = EXPECTED / name
    if os.environ.get("REWRITE_EXPECTED"):
        path.write_text(actual, encoding="utf-8", newline="")
    return path.read_text(encoding="utf-8")


@pytest.mark.parametrize("key", LANGUAGES)
def test_the_whole_file(catalog: Catalog, key: str) -> None:
    """A file contains the header, the imports, and every type of the service with routes and return markers."""
    actual = source(catalog, LANGUAGES[key], Options(), NOW)
    assert expected(f"{key}.whole.txt", actual) == actual


@pytest.mark.parametrize("key", LANGUAGES)
def test_the_newest_release(catalog: Catalog, key: str) -> None:
    """`compat=latest` selects the newest release for a whole file."""
    actual = source(catalog, LANGUAGES[key], Options.from_query([("compat", "latest")]), NOW)
    assert expected(f"{key}.latest.txt", actual) == actual


@pytest.mark.parametrize("key", LANGUAGES)
def test_the_snippet_of_a_page(catalog: Catalog, key: str) -> None:
    """A snippet contains the types of one operation without header, routes, return markers and ResponseStatus."""
    operation = catalog.find("Hello")
    assert operation is not None
    actual = snippet(catalog, operation, LANGUAGES[key])
    assert expected(f"{key}.snippet.txt", actual) == actual
