"""Tests that logs contain no secrets."""

import base64
import json
import string
from urllib.parse import urlencode

import pytest
from hypothesis import given
from hypothesis import strategies as st

from platform_api.installation.masking import MASK, masked, masked_members, masked_text
from servicehost.contract.scalars import EMPTY_GUID

SECRET_NAMES = st.sampled_from(
    [
        "Password",
        "NewPassword",
        "refreshToken",
        "access_token",
        "Token",
        "authorization",
        "Cookie",
        "api_key",
        "ss_session",
    ]
)
SECRETS = st.text(alphabet=string.ascii_letters + string.digits, min_size=12, max_size=40)
ANY_TEXT = st.text(st.characters(codec="utf-8"))
PLAIN = st.none() | st.booleans() | st.integers() | st.text()


def entries(secret: str) -> st.SearchStrategy[object]:
    """Values that contain `secret` under a secret name at some depth."""
    hidden = st.builds(lambda name: {name: secret}, SECRET_NAMES)
    return st.recursive(
        hidden, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3)
    )


@given(st.data(), SECRETS)
def test_a_value_under_a_secret_name_is_never_written(data: st.DataObject, secret: str) -> None:
    """A value with a secret name is masked at any depth."""
    entry = data.draw(entries(secret))

    assert secret not in json.dumps(masked(entry))


@given(SECRET_NAMES, ANY_TEXT)
def test_json_in_a_text_is_masked(name: str, secret: str) -> None:
    """Secrets in a request body that is part of a message are masked, whatever characters they contain."""
    body = json.dumps({"UserName": "first", name: secret, "Page": 2})

    assert f'refused: {{"UserName": "first", "{name}": {MASK}, "Page": 2}}' == masked_text("refused: " + body)


@given(st.sampled_from(["Password", "access_token", "api_key", "RefreshToken"]), SECRETS)
def test_queries_and_forms_in_a_text_are_masked(name: str, secret: str) -> None:
    """Secrets in a query or form are masked; the rest is unchanged."""
    text = masked_text("/api/accept?" + urlencode({"page": "2", name: secret, "size": "3"}))

    assert f"/api/accept?page=2&{name}={MASK}&size=3" == text


@given(SECRETS, SECRETS)
def test_an_authorization_header_in_a_text_is_masked(user: str, secret: str) -> None:
    """Credentials of a scheme and whole header lines are masked."""
    basic = base64.b64encode(f"{user}:{secret}".encode()).decode()
    text = masked_text(f"Authorization: Basic {basic}\nX: 1\nbearer {secret}\nCookie: a={user}; b={secret}")

    assert f"Authorization: {MASK}\nX: 1\nbearer {MASK}\nCookie: {MASK}" == text


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("<Password>hunter2</Password>", f"<Password>{MASK}</Password>"),
        ('<d2p1:Token i:type="x">abc</d2p1:Token>', f'<d2p1:Token i:type="x">{MASK}</d2p1:Token>'),
        ("{Password:hunter2,UserName:first}", f"{{Password:{MASK},UserName:first}}"),
        ("Login(password='hunter2', user='first')", f"Login(password={MASK}, user='first')"),
        ("smtp://app:hunter2@mail.example:587", f"smtp://{MASK}@mail.example:587"),
        ("sent eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxIn0.c2ln again", f"sent {MASK} again"),
        ("/accept/AQEBAQEBAQEBAQEBaBcDeFgHiJkLmNoPqRsTuVwXyZ0-_", f"/accept/{MASK}"),
    ],
)
def test_secrets_in_every_wire_format_are_masked(text: str, expected: str) -> None:
    """Secrets in each wire format are masked; the rest is unchanged."""
    assert expected == masked_text(text)


@pytest.mark.parametrize(
    "text",
    [
        "resent connection request " + EMPTY_GUID,
        "POST /api/connectionrequests/0190f0c0-0000-7000-8000-000000000000/resend 200 in 3 ms",
        "listening at http://127.0.0.1:8000",
        "platform_api.connections.services.a_very_long_name_of_a_function_in_a_traceback",
        "first@example.com",
    ],
)
def test_ordinary_entries_are_unchanged(text: str) -> None:
    """Ordinary entries are unchanged."""
    assert text == masked_text(text)


@given(st.text())
def test_masking_twice_is_masking_once(text: str) -> None:
    """Masking a masked text does not change it."""
    once = masked_text(text)

    assert once == masked_text(once)


@given(st.dictionaries(st.text(), PLAIN))
def test_masking_keeps_numbers_and_flags(entry: dict[str, object]) -> None:
    """Numbers and booleans are unchanged."""
    entry = {f"x{index}": value for index, value in enumerate(entry.values()) if not isinstance(value, str)}

    assert entry == masked_members(entry)


def test_a_structure_that_contains_itself_is_cut() -> None:
    """A structure that contains itself is cut at a depth."""
    endless: dict[str, object] = {}
    endless["x"] = endless

    assert '"..."' in json.dumps(masked(endless))


@pytest.mark.parametrize(
    "part", ["token", "<token", "token-", "eyJaaaaaaaa-", 'token="\\"', "://a", "cookie ", "bearer ", "token:'\\'"]
)
def test_a_long_text_of_a_stranger_is_masked_in_linear_time(part: str) -> None:
    """A long path is masked in linear time; quadratic patterns would take hours and block the event loop."""
    assert masked_text(part * (1_000_000 // len(part)))


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("x-my-token-name=hunter2", f"x-my-token-name={MASK}"),
        ("tokentoken=hunter2", f"tokentoken={MASK}"),
        ("<my.token-x>abc<", f"<my.token-x>{MASK}<"),
        ("a-eyJhbGciOiJI.eyJzdWIi.c2ln", MASK),
        ('{"a":"b","myPassword" : "x\\"y", "c":1}', f'{{"a":"b","myPassword" : {MASK}, "c":1}}'),
    ],
)
def test_a_secret_name_may_be_any_part_of_a_run(text: str, expected: str) -> None:
    """A secret name is found at any position in a run of word characters."""
    assert expected == masked_text(text)
