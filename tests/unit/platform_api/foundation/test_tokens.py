"""Tests of tokens in mails."""

import base64
import hashlib
import hmac
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from platform_api.foundation import tokens
from platform_api.foundation.tokens import Named, Purpose, Recognised
from servicehost.contract.scalars import Guid
from servicehost.security.keys import KeyRing, SigningKey

KEY = SigningKey("01020304", b"k" * 32)
OTHER = SigningKey("0a0b0c0d", b"o" * 32)
RING = KeyRing((KEY,))
ID = Guid("0197a1a2-b3b4-7c5c-8d6d-0e0f10111213")

ids = st.uuids().map(lambda uuid: Guid(str(uuid)))
versions = st.integers(0, 2**32 - 1)
purposes = st.sampled_from(Purpose)


@given(purposes, ids, versions)
def test_a_token_is_recognised_with_its_version(purpose: Purpose, id_: Guid, version: int) -> None:
    """A derived token is recognised, with its version."""
    token = tokens.derive(RING, purpose, id_, version)
    assert Recognised(version) == tokens.recognise(RING, purpose, id_, token)


@given(purposes, ids, versions)
def test_deriving_again_gives_the_same_token(purpose: Purpose, id_: Guid, version: int) -> None:
    """A letter that is sent twice has the same link."""
    assert tokens.derive(RING, purpose, id_, version) == tokens.derive(RING, purpose, id_, version)


@given(ids, versions, purposes, purposes)
def test_a_token_has_one_purpose(id_: Guid, version: int, purpose: Purpose, other: Purpose) -> None:
    """A token of an invitation does not reset a password."""
    if purpose is not other:
        assert tokens.recognise(RING, other, id_, tokens.derive(RING, purpose, id_, version)) is None


@given(purposes, ids, ids, versions)
def test_a_token_has_one_subject(purpose: Purpose, id_: Guid, other: Guid, version: int) -> None:
    """A token of one request is not valid for another."""
    if id_ != other:
        assert tokens.recognise(RING, purpose, other, tokens.derive(RING, purpose, id_, version)) is None


@given(purposes, ids, versions, st.integers(0, 53), st.integers(1, 63))
def test_a_token_has_one_valid_form(purpose: Purpose, id_: Guid, version: int, at: int, shift: int) -> None:
    """Changing any character, even in unused bits, makes a token invalid."""
    letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"
    token = tokens.derive(RING, purpose, id_, version)
    changed = token[:at] + letters[(letters.index(token[at]) + shift) % 64] + token[at + 1 :]
    assert tokens.recognise(RING, purpose, id_, changed) is None


@given(purposes, ids, st.text())
def test_other_texts_are_not_recognised(purpose: Purpose, id_: Guid, text: str) -> None:
    """Any other text is not recognised, and raises no error."""
    assert tokens.recognise(RING, purpose, id_, text) is None


def test_tokens_are_derived_in_one_way() -> None:
    """The signed bytes and the form of a token never change, so that mailed links survive upgrades."""
    mac = hmac.digest(KEY.derived("mailed token"), f"password reset\0{ID}\0{258}".encode(), hashlib.sha256)
    octets = bytes.fromhex("01020304") + bytes.fromhex("00000102") + mac
    token = base64.urlsafe_b64encode(octets).decode().removesuffix("==")

    assert token == tokens.derive(RING, Purpose.PASSWORD_RESET, ID, 258)
    assert "AZehorO0fFyNbQ4PEBESEw.token" == tokens.named(ID, "token")


def test_the_current_key_derives() -> None:
    """The first key of the ring derives tokens; the others only recognise them."""
    token = tokens.derive(KeyRing((OTHER, KEY)), Purpose.INVITATION, ID, 7)
    assert token == tokens.derive(KeyRing((OTHER,)), Purpose.INVITATION, ID, 7)


def test_a_token_is_short_and_url_safe() -> None:
    """A token survives mail programs that break long lines."""
    token = tokens.derive(RING, Purpose.INVITATION, ID, 7)
    assert 54 == len(token)
    assert token.replace("-", "").replace("_", "").isalnum()


def test_an_old_token_outlives_the_rotation_of_its_key() -> None:
    """A token contains the id of its key, so it is recognised after a rotation."""
    token = tokens.derive(KeyRing((KEY,)), Purpose.INVITATION, ID, 7)
    assert Recognised(7) == tokens.recognise(KeyRing((OTHER, KEY)), Purpose.INVITATION, ID, token)


def test_a_token_of_a_pruned_key_is_invalid() -> None:
    """Pruning a key invalidates its links."""
    token = tokens.derive(KeyRing((KEY,)), Purpose.INVITATION, ID, 7)
    assert tokens.recognise(KeyRing((OTHER,)), Purpose.INVITATION, ID, token) is None


@given(ids, versions)
def test_a_named_token_is_read_back(id_: Guid, version: int) -> None:
    """Writing and reading a named token gives the same id and token."""
    token = tokens.derive(RING, Purpose.PASSWORD_RESET, id_, version)
    assert Named(id_, token) == tokens.read_named(tokens.named(id_, token))


@given(st.text())
def test_texts_that_are_not_named_tokens(text: str) -> None:
    """A text that is not a named token gives None, and raises no error."""
    found = tokens.read_named(text)
    assert found is None or str(UUID(found.id)) == found.id


@pytest.mark.parametrize("text", ["", ".", "..", "AAAA.token", "%.token", "é.token"])
def test_parts_of_links(text: str) -> None:
    """A part of a link gives None."""
    assert tokens.read_named(text) is None


def test_the_id_of_a_named_token_ends_at_its_first_dot() -> None:
    """The token is everything after the first dot."""
    assert Named(ID, "one.two") == tokens.read_named(tokens.named(ID, "one.two"))


@pytest.mark.parametrize("stray", ["!", " ", "\n", "=", "!!!!"])
def test_a_stray_character_in_the_id(stray: str) -> None:
    """A stray character in the id is not skipped, since a link has one valid form."""
    text = tokens.named(ID, "token")
    assert tokens.read_named(f"{text[:5]}{stray}{text[5:]}") is None
