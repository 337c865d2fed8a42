"""A page with a heading and a text, for documentation that does not exist."""

from typing import Final

from servicehost.contract.catalog import Service
from servicehost.pages.templates import Templates

_TEMPLATES: Final = Templates("servicehost.pages")


def text_page(service: Service, heading: str, text: str) -> str:
    """Return a page with this heading and text, and a link to the list of operations."""
    return _TEMPLATES.render("text.html", service=service, heading=heading, text=text)


__all__ = ["text_page"]
