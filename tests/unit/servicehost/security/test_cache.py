"""The cache of verified credentials."""

from servicehost.contract.call import Principal
from servicehost.security.authentication import Authentication
from servicehost.security.cache import VerifiedCredentials

FIRST = Authentication(Principal("user", "first session"), "bearer")
SECOND = Authentication(Principal("user", "second session"), "cookie")


def remembering(size: int = 10) -> VerifiedCredentials:
    """Return a cache with both results until 100."""
    verified = VerifiedCredentials(size)
    verified.remember(b"1", FIRST, 100, verified.generation)
    verified.remember(b"2", SECOND, 100, verified.generation)
    return verified


def test_what_is_remembered_is_found() -> None:
    """A cached credential is found until its expiry."""
    assert FIRST is remembering().find(b"1", 99.9)


def test_nothing_is_relied_on_for_too_long() -> None:
    """At its expiry a credential has to be verified again."""
    assert remembering().find(b"1", 100) is None


def test_a_session_is_forgotten_alone() -> None:
    """Removing one session keeps the user's other sessions."""
    verified = remembering()
    verified.forget({"first session"})
    assert (None, SECOND) == (verified.find(b"1", 0), verified.find(b"2", 0))


def test_a_user_is_forgotten_in_all_sessions() -> None:
    """A changed password removes all sessions of the user."""
    verified = remembering()
    verified.forget((), {"user"})
    assert (None, None) == (verified.find(b"1", 0), verified.find(b"2", 0))


def test_what_was_read_before_a_revocation_is_not_remembered_after_it() -> None:
    """A session that ends while it is being read is not cached."""
    verified = VerifiedCredentials(10)
    before = verified.generation
    verified.discard_pending()
    verified.remember(b"1", FIRST, 100, before)
    assert verified.find(b"1", 0) is None


def test_what_was_not_used_for_longest_goes_first() -> None:
    """The least recently used entries are evicted."""
    verified = remembering(size=2)
    verified.find(b"1", 0)
    verified.remember(b"3", SECOND, 100, verified.generation)
    assert (FIRST, None) == (verified.find(b"1", 0), verified.find(b"2", 0))
