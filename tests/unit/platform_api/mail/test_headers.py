"""Header fields give readers the text that was written, whatever it looks like."""

import base64
import email
import email.header
import email.policy
import email.utils
import quopri
import random
import re
from dataclasses import replace

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from tests.support.letters import a_mail, an_outgoing

from platform_api.mail.envelope import Sender, seal
from platform_api.mail.text import clean_name, one_line

_WORD = re.compile(r"=\?([^?\s]+)\?([bBqQ])\?([^?\s]*)\?=")
_LOOKS_ENCODED = [
    "=?utf-8?b?aHR0cDovL2V2aWwuZXhhbXBsZQ==?=",
    "=?utf-8?q?evil?=",
    "=?utf-8?q?a?= =?utf-8?q?b?=",
    "x=?utf-8?q?evil?=y",
    "=?unicode_escape?q?=5Cud800_1?=",
    "=?",
    "?=",
    '"quoted"',
    "back\\slash",
    "(comment)",
    "<a@b.example>,",
]
_TYPED = st.one_of(
    st.text(),
    st.lists(st.one_of(st.sampled_from([*_LOOKS_ENCODED, " ", "\r\n", "\u202e", "é", "李"]), st.text())).map("".join),
)


def _raw(content: bytes, field: str) -> str:
    """The value of a field on the wire, its folds undone and nothing else."""
    head = content.partition(b"\r\n\r\n")[0].decode()
    lines = re.sub(r"\r\n(?=[ \t])", "", head).split("\r\n")
    (value,) = [line.partition(": ")[2] for line in lines if line.startswith(f"{field}: ")]
    return value


def _decoded(value: str) -> str:
    """An independent decoder of free text, as strict as RFC 2047."""
    shown, after_word = "", False
    for blank, token in re.findall(r"([ \t]*)([^ \t]+|$)", value):
        word = _WORD.fullmatch(token)
        shown += "" if word and after_word else blank
        shown += _content(*word.groups()) if word else token
        after_word = bool(word)
    return shown


def _content(charset: str, encoding: str, text: str) -> str:
    assert len(f"=?{charset}?{encoding}?{text}?=") <= 75
    if encoding in "bB":
        return base64.b64decode(text, validate=True).decode(charset)
    return quopri.decodestring(text.replace("_", "=20").encode()).decode(charset)


def _subject(subject: str) -> bytes:
    return seal(an_outgoing(a_mail(subject=subject))).content


@given(_TYPED)
@example("=?utf-8?b?aHR0cDovL2V2aWwuZXhhbXBsZQ==?= invites you")
@example("x" * 66)
@example("x" * 67)
@example("x" * 68)
@example("😀" * 200)
@example("é " * 100)
def test_readers_get_the_subject_that_was_written(subject: str) -> None:
    """An independent decoder, and both of the standard library, find the very text; no word is longer than 75."""
    content = _subject(subject)
    raw = _raw(content, "Subject")

    assert one_line(subject) == _decoded(raw)
    assert one_line(subject) == str(email.header.make_header(email.header.decode_header(raw)))
    assert one_line(subject) == email.message_from_bytes(content, policy=email.policy.default)["Subject"]


@pytest.mark.parametrize("typed", _LOOKS_ENCODED)
def test_what_looks_encoded_arrives_literally(typed: str) -> None:
    """No reader decodes text that a person typed."""
    subject = f"{typed} invites you"

    assert subject == _decoded(_raw(_subject(subject), "Subject"))


def test_folding_loses_no_blank() -> None:
    """Thousands of random Latin names arrive with every blank, also at the end of a line."""
    draw = random.Random(4)  # noqa: S311 - names, not secrets
    letters = "abcdefghijklmnopqrstuvwxyzäöüéèñçøåß"
    for _ in range(4000):
        name = " ".join("".join(draw.choices(letters, k=draw.randint(1, 12))) for _ in range(draw.randint(1, 9)))
        subject = f"{name} invites you to Platform API"
        assert subject == _decoded(_raw(_subject(subject), "Subject"))


@given(_TYPED)
@example("x" * 67)
@example("x" * 68)
@example("é" * 300)
def test_lines_are_short_and_ascii(subject: str) -> None:
    """No line of the head is longer than 76 characters, and none needs more than ASCII."""
    head = _subject(subject).partition(b"\r\n\r\n")[0]

    assert head.isascii()
    assert 76 >= max(len(line) for line in head.split(b"\r\n"))


def test_plain_subjects_stay_readable() -> None:
    """Text that needs no encoding is not encoded."""
    assert "Acme Pty Ltd invites you" == _raw(_subject("Acme Pty Ltd invites you"), "Subject")


@given(_TYPED)
@example("Platform API")
@example("O'Brien, Sons & Co.")
@example("=?utf-8?q?evil?=")
@example('x" <second@example.com>, "')
def test_senders_have_one_address_and_the_name_that_was_set(name: str) -> None:
    """Whatever the name holds, From names one mailbox, with this name beside it."""
    content = seal(replace(an_outgoing(), sender=Sender("no-reply@platform.example", name))).content
    (sender,) = email.message_from_bytes(content, policy=email.policy.default)["From"].addresses
    phrase, address = email.utils.parseaddr(_raw(content, "From"))

    assert "no-reply@platform.example" == sender.addr_spec == address
    assert one_line(name) == _decoded(phrase)


@pytest.mark.parametrize(
    "name",
    ["Platform API", "x" * 45, "x" * 46, "x" * 60, "x" * 66, "x" * 70, "é" * 30, "O'Brien " * 7, "O'" * 35, '"' * 60],
)
def test_lines_with_senders_are_short(name: str) -> None:
    """A name that leaves no room for the address sends it to a line of its own."""
    sender = Sender("no-reply@platform.example", name)
    head = seal(replace(an_outgoing(), sender=sender)).content.partition(b"\r\n\r\n")[0]

    assert 76 >= max(len(line) for line in head.split(b"\r\n"))
    assert name.strip() == _decoded(email.utils.parseaddr(_raw(head + b"\r\n\r\n", "From"))[0])


@pytest.mark.parametrize(
    ("written", "address"),
    [
        ("first@example.com", "first@example.com"),
        ("fir.st+tag@example.com", "fir.st+tag@example.com"),
        (r'"=\?unicode_escape?q?=5Cud800_1?="@example.com', "=?unicode_escape?q?=5Cud800_1?=@example.com"),
        (r'"a=\?utf-8?q?b?=c"@example.com', "a=?utf-8?q?b?=c@example.com"),
        ('"first."@example.com', "first.@example.com"),
        ('"fir..st"@example.com', "fir..st@example.com"),
    ],
)
def test_to_names_the_address_alone(written: str, address: str) -> None:
    """No name stands beside the address, and no reader finds an encoded word in it; SMTP gets it as it is."""
    envelope = seal(an_outgoing(replace(a_mail(), to=address)))
    (reader,) = email.message_from_bytes(envelope.content, policy=email.policy.default)["To"].addresses

    assert (written, address) == (_raw(envelope.content, "To"), envelope.recipient)
    assert (address, "") == (f"{reader.username}@{reader.domain}", reader.display_name)
    assert "=?" not in written


@given(_TYPED)
def test_clean_names_survive_the_way_into_a_subject(name: str) -> None:
    """The reader of the subject sees the cleaned name."""
    subject = f"{clean_name(name)} invites you"

    assert one_line(subject) == _decoded(_raw(_subject(subject), "Subject"))
