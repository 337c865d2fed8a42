"""The texts of mails about requests and connections."""

import pytest
from tests.support.letters import NOW, SUBJECT_ID, a_context

from platform_api.connections.wording import (
    NoticeFacts,
    RequestFacts,
    outcome_sentence,
    render_notice,
    render_request,
    request_sentence,
)
from platform_api.notices.values import NoticeKind

NAMELESS = "http://evil.example"


def _request(name: str, *, registered: bool) -> RequestFacts:
    return RequestFacts(
        to="first@example.com",
        request_id=SUBJECT_ID,
        token_version=1,
        sender_name=name,
        sender_role="Employer",
        receiver_role="Employee",
        registered=registered,
        expires_at=NOW,
    )


@pytest.mark.parametrize(
    ("subject", "registered"),
    [("Somebody asks to connect with you", True), ("Somebody invites you to Platform API", False)],
)
def test_a_request_of_a_nameless_sender_has_a_sender(subject: str, registered: bool) -> None:
    """If cleaning leaves nothing of a name, subject, text and HTML contain "Somebody"."""
    mail = render_request(_request(NAMELESS, registered=registered), a_context())

    assert subject == mail.subject
    for content in (mail.text, mail.html):
        assert "Somebody would like to add you as an employee." in content
        assert "Somebody gave us this address to invite you." in content
        assert "evil" not in content


@pytest.mark.parametrize(
    ("subject", "text", "news"),
    [
        ("Somebody accepted your connection request", "Somebody is now your employee.", NoticeKind.ACCEPTED),
        ("Somebody removed your connection", "Somebody is no longer your employee.", NoticeKind.REMOVED),
        ("Your connection request to somebody expired", "It was not answered in time.", NoticeKind.EXPIRED),
        ("Somebody added a connection with you", "Somebody is now your employee.", NoticeKind.CONNECTED),
    ],
)
def test_news_of_the_nameless_has_a_subject(subject: str, text: str, news: NoticeKind) -> None:
    """This holds for notices as well."""
    mail = render_notice(NoticeFacts("first@example.com", NAMELESS, "Employee", news), a_context())

    assert subject == mail.subject
    assert text in mail.text
    assert text in mail.html


def test_a_name_that_looks_encoded_is_a_name() -> None:
    """The mail contains it as it was typed."""
    mail = render_request(_request("=?utf-8?b?eA==?=", registered=False), a_context())

    assert "=?utf-8?b?eA==?= invites you to Platform API" == mail.subject


@pytest.mark.parametrize(
    ("sender_role", "receiver_role", "expected"),
    [
        (
            "Main Contractor",
            "Subcontractor",
            "Acme would like to add you as a subcontractor. If you accept, Acme is your main contractor and you are their subcontractor.",
        ),
        (
            "Organisation",
            "Staff",
            "Acme would like to add you as staff. If you accept, Acme is your organisation and you are their staff.",
        ),
        (
            "Business Contact",
            "Business Contact",
            "Acme would like to add you as a business contact. If you accept, Acme is connected with you.",
        ),
    ],
)
def test_what_is_asked(sender_role: str, receiver_role: str, expected: str) -> None:
    """The sentences name both roles in plain English."""
    assert (
        f"{request_sentence('Acme', receiver_role)} {outcome_sentence('Acme', sender_role, receiver_role)}" == expected
    )
