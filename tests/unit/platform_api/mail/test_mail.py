"""A mail is described once and rendered twice."""

from html.parser import HTMLParser

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.support.letters import a_context, a_mail

from platform_api.accounts.messages import PasswordReset
from platform_api.mail.mail import Button, Mail


class _Tags(HTMLParser):
    """Collects the tags and the visible text of a page."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.text = ""
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:  # noqa: ARG002 - HTMLParser's
        self.tags.append(tag)

    def handle_data(self, data: str) -> None:
        self.text += data


def test_both_renderings_say_the_same() -> None:
    """Subject, paragraphs, button and footer stand in the text and in the HTML."""
    mail = a_mail()
    shown = _Tags(mail.html).text

    for part in (
        "Acme Pty Ltd invites you",
        "Acme Pty Ltd would like to connect with you.",
        "See invitation",
        "https://platform.example/i/1",
        "You get this mail because Acme Pty Ltd gave us this address.",
    ):
        assert part in mail.text
        assert part in shown


@given(st.text())
def test_what_people_typed_never_becomes_markup(typed: str) -> None:
    """A mail has the same tags whatever stands in its texts."""
    plain = _Tags(a_mail(subject="x", paragraphs=["x"], footer=["x"]).html).tags
    hostile = a_mail(subject=typed, paragraphs=[typed], footer=[f"<b>{typed}</b>"])

    assert plain == _Tags(hostile.html).tags


@given(st.text())
def test_what_people_typed_never_becomes_a_line(typed: str) -> None:
    """A text cannot pretend to be another paragraph, or a link of its own."""
    lines = len(a_mail(paragraphs=["x"]).text.split("\n"))

    assert lines == len(a_mail(paragraphs=[f"x{typed}"]).text.split("\n"))


def test_a_mail_may_ask_for_nothing() -> None:
    """Without a button there is no link but the one to the service."""
    assert 1 == _Tags(a_mail(button=None).html).tags.count("a")


@pytest.mark.parametrize(
    "url", ["javascript:alert(1)", "//evil.example", "https://x.example/a b", "https://x.example/\n"]
)
def test_buttons_lead_to_web_pages_only(url: str) -> None:
    """Nothing but an http address becomes a link."""
    with pytest.raises(ValueError, match="web page"):
        Button("Open", url)


def test_links_begin_with_the_public_url() -> None:
    """Links never come from what a request said of the host."""
    link = a_context().url_of(PasswordReset(token="secret"))

    assert "https://platform.example/api/account/passwordreset?Token=secret" == link


def test_contexts_do_not_show_how_tokens_are_made() -> None:
    """A context that is logged by mistake shows no secrets."""
    assert "token" not in repr(a_context())


def test_header_fields_are_kept() -> None:
    """A package may add header fields."""
    mail: Mail = a_mail(headers={"List-Unsubscribe": "<https://platform.example/u>"})

    assert {"List-Unsubscribe": "<https://platform.example/u>"} == mail.headers
