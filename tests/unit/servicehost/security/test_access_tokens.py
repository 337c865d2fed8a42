"""Access tokens."""

import base64
import json
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from servicehost.security.access_tokens import AccessClaims, AccessTokens, ExpiredToken, InvalidToken
from servicehost.security.keys import KeyRing, SigningKey

NOW = 1_800_000_000.0
HOUR = timedelta(hours=1)
KEY = SigningKey("01", b"k" * 32)
OTHER = SigningKey("02", b"o" * 32)


def tokens(*keys: SigningKey, issuer: str = "https://api.example.com") -> AccessTokens:
    """Return tokens with this ring and a lifetime of an hour."""
    ring = KeyRing(keys or (KEY,))
    return AccessTokens(lambda: ring, issuer, HOUR)


def unsigned(header: dict[str, str], token: str) -> str:
    """Return the token with another header and without a signature."""
    head = base64.urlsafe_b64encode(json.dumps(header).encode()).rstrip(b"=").decode()
    return f"{head}.{token.split('.')[1]}."


@given(st.uuids(), st.uuids(), st.integers(0, 2**40))
def test_what_was_issued_is_verified(user: object, session: object, now: int) -> None:
    """A token contains its user, its session and its expiry."""
    token = tokens().issue(str(user), str(session), now)
    assert AccessClaims(str(user), str(session), now + 3600) == tokens().verify(token, now)


def test_two_tokens_are_never_the_same() -> None:
    """Tokens issued in the same second differ."""
    assert tokens().issue("user", "session", NOW) != tokens().issue("user", "session", NOW)


def test_a_token_names_its_key_and_algorithm() -> None:
    """The header identifies the key for verification."""
    head = tokens().issue("user", "session", NOW).split(".")[0]
    assert {"alg": "HS256", "kid": "01", "typ": "JWT"} == json.loads(base64.urlsafe_b64decode(head + "=="))


def test_a_token_outlives_the_rotation_of_its_key() -> None:
    """A key that no longer signs still verifies its tokens."""
    token = tokens(KEY).issue("user", "session", NOW)
    assert "user" == tokens(OTHER, KEY).verify(token, NOW).user_id


def test_a_token_of_a_key_that_was_given_up_is_void() -> None:
    """Removing a key invalidates its tokens."""
    with pytest.raises(InvalidToken):
        tokens(OTHER).verify(tokens(KEY).issue("user", "session", NOW), NOW)


def test_a_token_ends_at_its_second() -> None:
    """A token is invalid from its expiry on."""
    token = tokens().issue("user", "session", NOW)
    with pytest.raises(ExpiredToken, match="Token has expired"):
        tokens().verify(token, NOW + 3600)


def test_a_token_of_another_installation_is_void() -> None:
    """The issuer is checked even if the keys are shared."""
    token = tokens(issuer="https://other.example.com").issue("user", "session", NOW)
    with pytest.raises(InvalidToken):
        tokens().verify(token, NOW)


@pytest.mark.parametrize("algorithm", ["none", "HS512", "RS256", ""])
def test_no_other_algorithm_is_accepted(algorithm: str) -> None:
    """The header of a token does not determine its verification."""
    token = tokens().issue("user", "session", NOW)
    with pytest.raises(InvalidToken):
        tokens().verify(unsigned({"alg": algorithm, "kid": "01"}, token), NOW)


@given(st.integers(0, 300), st.sampled_from("abcXYZ019-_"))
def test_a_changed_token_is_void_or_the_same(position: int, letter: str) -> None:
    """No letter of a token can be changed."""
    token = tokens().issue("user", "session", NOW)
    position %= len(token) - 1  # the last letter of a signature has bits that mean nothing
    changed = token[:position] + letter + token[position + 1 :]
    if changed == token:
        return
    with pytest.raises(InvalidToken):
        tokens().verify(changed, NOW)


@given(st.text())
def test_any_other_text_is_no_token(text: str) -> None:
    """Any text after `Bearer` is rejected without a server error."""
    with pytest.raises(InvalidToken):
        tokens().verify(text, NOW)


def test_a_genuine_token_names_its_session_after_its_time() -> None:
    """A client can sign out with an expired token; a foreign, unknown or modified token has no session."""
    token = tokens().issue("user", "session", NOW - 10**6)
    assert "session" == tokens().session_of(token)
    assert "session" == tokens(OTHER, KEY).session_of(token)
    assert tokens(issuer="https://other.example").session_of(token) is None
    assert tokens(OTHER).session_of(token) is None
    for wrong in (token[:-2], token + "x", unsigned({"alg": "none"}, token), "", "a.b.c"):
        assert tokens().session_of(wrong) is None
