"""A browser without scripts at the pages behind the links of mails."""

import html
import re
from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import urlencode

from tests.support.asgi import Answered, send

from servicehost.http.app import Host


@dataclass(frozen=True)
class Browser:
    """Opens pages of a host and sends their forms.

    Attributes:
        host: the host.
        origin: the origin of the page that the browser shows.
        site: how the browser describes that origin to the host.
    """

    host: Host
    origin: str
    site: str = "same-origin"

    async def open(self, target: str) -> Answered:
        """Open a page by its path and query."""
        return await send(self.host, "GET", target, headers=self._headers)

    async def submit(self, page: Answered, **typed: str) -> Answered:
        """Fill in the form of a page and press its button."""
        action = action_of(page)
        assert action is not None
        return await self.post(action, form_of(page) | typed)

    async def post(self, target: str, values: Mapping[str, str]) -> Answered:
        """Send a form."""
        return await send(self.host, "POST", target, headers=self._headers, body=urlencode(values).encode())

    @property
    def _headers(self) -> dict[str, str]:
        return {
            "Accept": "text/html,application/xhtml+xml",
            "Content-Type": "application/x-www-form-urlencoded",
            "Origin": self.origin,
            "Sec-Fetch-Site": self.site,
        }


def action_of(page: Answered) -> str | None:
    """Return the address that the form of a page is sent to; None if the page has no form."""
    action = re.search(r'<form[^>]* action="([^"]+)"', page.text)
    return html.unescape(action[1]) if action else None


def form_of(page: Answered) -> dict[str, str]:
    """Return the inputs of a page's form with their values, without checkboxes, which are not ticked."""
    inputs = [dict(re.findall(r'(\w+)="([^"]*)"', tag)) for tag in re.findall(r"<input([^>]*)>", page.text)]
    return {each["name"]: html.unescape(each["value"]) for each in inputs if each["type"] != "checkbox"}
