"""Pages with a heading, a text and at most one form."""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from typing import Final

from platform_api.connections import RequestNotFound
from servicehost.contract.call import Page
from servicehost.contract.catalog import Service
from servicehost.contract.errors import ServiceError
from servicehost.pages import Templates

TEMPLATES: Final = Templates("platform_api.web")

_PRIVATE: Final = {"Cache-Control": "no-store", "Referrer-Policy": "same-origin"}
"""For pages with a token in their address, which must be neither stored nor sent to another site.

Under `no-referrer` their forms would send `Origin: null`, like forms of another site.
"""

_RETRIABLE: Final = (400, 503)
"""The statuses of errors after which the form is shown again."""

_BROKEN_LINK: Final = "This link is not valid. Copy the complete link from the email."


@dataclass(frozen=True, slots=True)
class Field:
    """An input of a form.

    Attributes:
        name: the member that the input sets.
        label: the text beside the input.
        kind: the type of the HTML input.
        value: the initial value.
        required: whether the browser insists on a value.
        autocomplete: the values that a browser may fill in.
    """

    name: str
    label: str
    kind: str = "text"
    value: str = ""
    required: bool = True
    autocomplete: str = "on"


@dataclass(frozen=True, slots=True)
class Form:
    """A form that is sent by a button.

    Attributes:
        action: the address that it is sent to.
        button: the text of the button.
        hidden: hidden values by name.
        fields: the inputs.
    """

    action: str
    button: str
    hidden: Mapping[str, str] = field(default_factory=dict)
    fields: tuple[Field, ...] = ()


@dataclass(frozen=True, slots=True)
class Cards:
    """Makes the pages of a service that have a heading, a text and perhaps a form."""

    service: Service

    def page(self, heading: str, text: str, form: Form | None = None, status: int = 200) -> Page:
        """A page that browsers do not store."""
        html = TEMPLATES.render("card.html", service=self.service, heading=heading, text=text, form=form)
        return Page(html, status, _PRIVATE)

    async def shown(
        self, show: Callable[[], Awaitable[Page]], form: Callable[[], Awaitable[Form | None]] | None = None
    ) -> Page:
        """The page that `show` makes, or its error as a page, since the caller is a person who followed a link.

        Args:
            show: makes the page.
            form: makes the form to try again with, after an error of the input.
        """
        try:
            return await show()
        except ServiceError as error:
            again = await form() if form is not None and error.status in _RETRIABLE else None
            text = _BROKEN_LINK if isinstance(error, RequestNotFound) else error.message
            page = self.page("This did not work", text, again, error.status)
            return Page(page.html, page.status, {**page.headers, **error.headers})


__all__ = ["TEMPLATES", "Cards", "Field", "Form"]
