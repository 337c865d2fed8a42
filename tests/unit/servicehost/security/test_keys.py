"""The ring of signing keys."""

import pytest

from servicehost.security.keys import KeyRing, SigningKey

OLD = SigningKey("01", b"o" * 32)
NEW = SigningKey("02", b"n" * 32)


def test_the_first_key_signs() -> None:
    """The first key of a ring is the current one."""
    assert NEW == KeyRing((NEW, OLD)).current


def test_every_key_is_found_by_its_id() -> None:
    """A key that no longer signs still verifies its signatures."""
    assert OLD == KeyRing((NEW, OLD)).find("01")


def test_a_key_that_was_given_up_is_not_found() -> None:
    """Signatures of a removed key are invalid."""
    assert KeyRing((NEW,)).find("01") is None


def test_a_ring_without_keys_is_refused() -> None:
    """A ring always has a key that signs."""
    with pytest.raises(ValueError, match="at least one key"):
        KeyRing(())


def test_each_purpose_has_a_key_of_its_own() -> None:
    """A signature for one purpose is invalid for another."""
    assert NEW.derived("one") != NEW.derived("other")


def test_a_secret_is_never_shown() -> None:
    """A key in a log or a traceback reveals nothing."""
    assert "SigningKey(id='02')" == repr(NEW)
