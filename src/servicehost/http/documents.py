"""The host's own pages under the mount: the list of operations, their pages, and sources of their types."""

from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from functools import cached_property
from typing import Any, Final
from urllib.parse import parse_qsl

import msgspec

from servicehost.binding.pairs import first_of
from servicehost.contract.catalog import Catalog
from servicehost.contract.errors import NotFound
from servicehost.contract.metadata_types import contract_file
from servicehost.formats.codec import Format
from servicehost.http import reply as replies
from servicehost.http.exchange import Exchange
from servicehost.http.reply import NOSNIFF, Reply, page_policy
from servicehost.languages import LANGUAGES, Options, addresses, source
from servicehost.metadata import FILTER_SOURCE, Documentation
from servicehost.openapi import as_json, as_yaml, document

_JSON: Final = "application/json; charset=utf-8"
_YAML: Final = "application/yaml; charset=utf-8"
_INDEX_POLICY: Final = page_policy(FILTER_SOURCE)
_LINKS: Final = (
    ("OpenAPI (JSON)", "/openapi.json"),
    ("OpenAPI (YAML)", "/openapi.yaml"),
    ("Contract", "/types/metadata"),
)


def _now() -> datetime:
    return datetime.now(UTC)


class Documents:
    """Serves the documentation of a catalog."""

    def __init__(self, catalog: Catalog, formats: Sequence[Format], now: Callable[[], datetime] = _now) -> None:
        """Document a catalog in these formats; generated sources state the time of `now`."""
        self._catalog = catalog
        self._formats = [format_ for format_ in formats if not format_.for_people]
        self._documentation = Documentation(catalog, formats, _LINKS)
        self._now = now

    def index(self) -> Reply:
        """The list of all operations."""
        return replies.page(self._documentation.index(), headers=_INDEX_POLICY)

    def openapi(self) -> Reply:
        """The OpenAPI document in JSON."""
        return _text(_JSON, as_json(self._openapi))

    def openapi_as_yaml(self) -> Reply:
        """The OpenAPI document in YAML."""
        return _text(_YAML, self._yaml)

    def contract(self) -> Reply:
        """The contract file: all operations and types, for tools and for comparison with other versions."""
        return _text(_JSON, msgspec.json.encode(contract_file(self._catalog)))

    def operation(self, exchange: Exchange, format_: Format) -> Reply:
        """The page of the operation in `?op=`, with its types in the language of `?lang=`.

        Without an operation, the list of all operations.
        """
        name = first_of(exchange.query, "op")
        if not name:
            return self.index()
        operation = self._catalog.find(name)
        if operation is None:
            return replies.page(self._documentation.unknown(name), 404)
        language = first_of(exchange.query, "lang") or None
        latest = first_of(exchange.query, "compat").lower() == "latest"
        return replies.page(self._documentation.operation(operation, format_, language, latest=latest))

    def types(self, exchange: Exchange, language: str | None) -> Reply:
        """The source of all types in a language, with the options in the query; without a language, links to the sources.

        Raises:
            NotFound: the language is unknown.
            InvalidOption: an option has an invalid value.
        """
        if language is None:
            return _text(_JSON, msgspec.json.encode(addresses(self._catalog.service)))
        known = LANGUAGES.get(language.lower())
        if known is None:
            raise NotFound(f"There is no language '{language[:32]}'. Use one of {', '.join(LANGUAGES)}.")
        # Names without a value count here, because tools write options in this form.
        given = parse_qsl(exchange.query_string.decode("latin-1"), keep_blank_values=True)
        text = source(self._catalog, known, Options.from_query(given), self._now())
        return _text(f"{known.media_type}; charset=utf-8", text.encode())

    @cached_property
    def _openapi(self) -> dict[str, Any]:
        """Built on first use, because it takes as long as a few hundred requests."""
        return document(self._catalog, self._formats)

    @cached_property
    def _yaml(self) -> bytes:
        return as_yaml(self._openapi).encode()


def _text(content_type: str, body: bytes) -> Reply:
    return Reply(200, [replies.content_type(content_type), NOSNIFF], body)


__all__ = ["Documents"]
