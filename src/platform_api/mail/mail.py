"""A mail as a value, composed of parts that the sending package gives; text and HTML are renderings of the same parts."""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from jinja2 import Environment, PackageLoader, StrictUndefined, select_autoescape

from platform_api.mail.text import one_line
from servicehost.contract.messages import Request
from servicehost.contract.scalars import Guid

AddressMaker = Callable[[Request[Any]], str]
"""Message -> the absolute URL of its operation, or of the page at the same path."""

TokenMaker = Callable[[str, Guid, int], str]
"""(purpose, id, version) -> the secret of a link, derived while rendering and never stored."""

_WEB_ADDRESS = re.compile(r"https?://[!-~]+")
_templates = Environment(
    loader=PackageLoader("platform_api.mail"),
    autoescape=select_autoescape(["html"]),
    undefined=StrictUndefined,
    trim_blocks=True,
    lstrip_blocks=True,
    auto_reload=False,  # else every mail checks whether the template files have changed
)


@dataclass(frozen=True)
class LetterContext:
    """The part of rendering that is the same for all letters.

    Attributes:
        service_name: name of the installation, as readers know it.
        public_url: the URL of the installation, without a trailing slash.
        url_of: makes the address of a message, for the links of mails; see `servicehost.addresses`.
        token: makes the secret of a link.
    """

    service_name: str
    public_url: str
    url_of: AddressMaker
    token: TokenMaker = field(repr=False)


@dataclass(frozen=True)
class Button:
    """The action that a mail asks for: a link with a text."""

    text: str
    url: str

    def __post_init__(self) -> None:
        if not _WEB_ADDRESS.fullmatch(self.url):
            raise ValueError("the button of a mail leads to a web page")


@dataclass(frozen=True)
class Mail:
    """A rendered mail.

    Attributes:
        to: the address of the recipient.
        subject: the subject, in one line.
        text: the content as plain text.
        html: the content as HTML.
        headers: further header fields, such as List-Unsubscribe.
    """

    to: str
    subject: str
    text: str
    html: str
    headers: Mapping[str, str] = field(default_factory=dict)

    @classmethod
    def compose(
        cls,
        context: LetterContext,
        *,
        to: str,
        subject: str,
        paragraphs: Sequence[str],
        button: Button | None = None,
        footer: Sequence[str] = (),
        headers: Mapping[str, str] | None = None,
    ) -> "Mail":
        """Compose a mail of plain text parts: nothing in them can become markup or another line.

        Args:
            context: the context of rendering.
            to: the address of the recipient.
            subject: the subject, which is also the heading.
            paragraphs: the text.
            button: the action that the mail asks for.
            footer: the reason why the recipient gets the mail, and what to do about it.
            headers: further header fields.
        """
        parts = {
            "service": one_line(context.service_name),
            "home": context.public_url,
            "subject": one_line(subject),
            "paragraphs": [one_line(paragraph) for paragraph in paragraphs],
            "button": button,
            "footer": [one_line(line) for line in footer],
        }
        return cls(
            to=to,
            subject=one_line(subject),
            text=_templates.get_template("letter.txt").render(parts),
            html=_templates.get_template("letter.html").render(parts),
            headers=dict(headers or {}),
        )


__all__ = ["AddressMaker", "Button", "LetterContext", "Mail", "TokenMaker"]
