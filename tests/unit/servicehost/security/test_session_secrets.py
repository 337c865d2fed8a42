"""Session secrets."""

from hypothesis import given
from hypothesis import strategies as st

from servicehost.security.keys import KeyRing, SigningKey
from servicehost.security.session_secrets import new_secret, stored_hash, successor

RING = KeyRing((SigningKey("01", b"k" * 32),))
OTHER = KeyRing((SigningKey("02", b"o" * 32),))


def test_secrets_are_long_and_differ() -> None:
    """Secrets are 32 random bytes, URL-safe."""
    first, second = new_secret(), new_secret()
    assert (43, True) == (len(first), first != second)


@given(st.text())
def test_a_successor_is_always_the_same(secret: str) -> None:
    """The successor of a secret can be derived repeatedly."""
    assert successor(secret, lambda: RING) == successor(secret, lambda: RING)


@given(st.text())
def test_a_successor_is_told_by_the_installation_only(secret: str) -> None:
    """The successor cannot be derived without the key."""
    assert successor(secret, lambda: RING) != successor(secret, lambda: OTHER)


@given(st.text())
def test_what_is_stored_is_not_the_secret(secret: str) -> None:
    """A stolen database opens no session."""
    assert 64 == len(stored_hash(secret))
    assert secret not in stored_hash(secret) or len(secret) < 4
