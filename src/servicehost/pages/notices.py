"""A page that says one thing: what was not found, or did not work, and where to go on."""

from typing import Final

from servicehost.contract.catalog import Service
from servicehost.pages.templates import Templates

_TEMPLATES: Final = Templates("servicehost.pages")


def notice_page(service: Service, heading: str, text: str) -> str:
    """The page with this heading and text, and the way to the list of operations."""
    return _TEMPLATES.render("notice.html", service=service, heading=heading, text=text)


__all__ = ["notice_page"]
