"""The host's own pages under the mount: the list of operations, their pages, the sources of their types."""

from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from urllib.parse import parse_qsl

import msgspec

from servicehost.binding.pairs import first_of
from servicehost.contract.catalog import Catalog
from servicehost.contract.errors import NotFound
from servicehost.formats.codec import Format
from servicehost.http import reply as replies
from servicehost.http.exchange import Exchange
from servicehost.http.reply import NOSNIFF, Reply
from servicehost.languages import LANGUAGES, Options, addresses, source
from servicehost.metadata import Documentation


def _now() -> datetime:
    return datetime.now(UTC)


class Documents:
    """Answers with documentation of a catalog."""

    def __init__(self, catalog: Catalog, formats: Sequence[Format], now: Callable[[], datetime] = _now) -> None:
        """Document a catalog in these formats; `now` dates the sources."""
        self._catalog = catalog
        self._documentation = Documentation(catalog, formats)
        self._now = now

    def index(self) -> Reply:
        """The list of all operations."""
        return replies.page(self._documentation.index())

    def operation(self, exchange: Exchange, format_: Format) -> Reply:
        """The page of the operation that `?op=` names, with its types in the language that `?lang=` names.

        Without an operation, the list of all.
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
        """The source of all types in a language, by the options in the query; without a language, where the sources are.

        Raises:
            NotFound: there is no such language.
            InvalidOption: an option has a value that it cannot take.
        """
        if language is None:
            body = msgspec.json.encode(addresses(self._catalog.service))
            return Reply(200, [replies.content_type("application/json; charset=utf-8"), NOSNIFF], body)
        known = LANGUAGES.get(language.lower())
        if known is None:
            raise NotFound(f"There is no language '{language[:32]}'. The host has: {', '.join(LANGUAGES)}.")
        # A name without value counts here: it is how tools write options.
        given = parse_qsl(exchange.query_string.decode("latin-1"), keep_blank_values=True)
        text = source(self._catalog, known, Options.from_query(given), self._now())
        return Reply(200, [replies.content_type(f"{known.media_type}; charset=utf-8"), NOSNIFF], text.encode())


__all__ = ["Documents"]
