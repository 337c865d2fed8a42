"""The documentation pages of a service as HTML."""

from collections.abc import Sequence
from typing import Final

from servicehost.contract.catalog import Catalog, Operation
from servicehost.formats.codec import Format
from servicehost.languages import LANGUAGES, Language, Options, snippet, tabs
from servicehost.metadata.examples import request_example, response_example
from servicehost.metadata.filtering import FILTER
from servicehost.metadata.parameters import tables
from servicehost.pages import Templates, text_page

_TEMPLATES: Final = Templates("servicehost.metadata")


class Documentation:
    """Renders the documentation pages of a catalog. Built once; each page is rendered on request."""

    def __init__(self, catalog: Catalog, formats: Sequence[Format], links: Sequence[tuple[str, str]] = ()) -> None:
        """Prepare pages for the formats that have them, in this order.

        `links` are titles and addresses, relative to the mount, of documents that describe all operations.
        """
        self._catalog = catalog
        self._links = tuple(links)
        self._formats = tuple(format_ for format_ in formats if format_.documented)

    def index(self) -> str:
        """Return the index: all operations by name, with links to their pages and to the sources of all types.

        Its script needs `FILTER_SOURCE` in the content security policy; without the script the list is not filtered.
        """
        return _TEMPLATES.render(
            "index.html",
            service=self._catalog.service,
            operations=self._catalog.sorted(),
            formats=self._formats,
            languages=tabs(),
            links=self._links,
            filter=FILTER,
        )

    def operation(
        self, operation: Operation, format_: Format, language: str | None = None, *, latest: bool = False
    ) -> str:
        """Return the page of an operation in a format, with its parameters, or with its types in a language.

        An unknown language is reported on the page. `latest` selects the newest release of the generators.
        """
        service = self._catalog.service
        known = LANGUAGES.get(language.lower()) if language else None
        return _TEMPLATES.render(
            "operation.html",
            service=service,
            operation=operation,
            format=format_,
            formats=self._formats,
            languages=tabs(),
            language=known,
            unknown=_unknown_language(language) if language and not known else None,
            source=self._source(operation, known, latest=latest) if known else None,
            tables=[] if language else tables(operation),
            request=request_example(operation, format_, service),
            response=response_example(operation, format_, service),
        )

    def unknown(self, name: str) -> str:
        """Return the page for an unknown operation."""
        text = f"The service has no operation '{name}'. See the list of all operations."
        return text_page(self._catalog.service, "No such operation", text)

    def _source(self, operation: Operation, language: Language, *, latest: bool) -> str:
        return snippet(self._catalog, operation, language, Options(latest=latest)).strip("\n")


def _unknown_language(key: str) -> str:
    known = ", ".join(language.key for language in tabs())
    return f"There is no language '{key}'. The host has: {known}"


__all__ = ["Documentation"]
