"""The tokens in the links of request mails."""

import pytest
from tests.support.life_cycle import a_request

from platform_api.connections.tokens import InvitationTokens, LinkVersion
from platform_api.foundation import tokens
from platform_api.foundation.tokens import Purpose
from servicehost.contract.scalars import Guid
from servicehost.security.keys import KeyRing, SigningKey

RING = KeyRing((SigningKey("01020304", b"k" * 32),))
INVITATIONS = InvitationTokens(lambda: RING)
REQUEST = a_request(token_version=3)


def test_a_request_has_the_token_of_its_last_sending() -> None:
    """It is derived from the id of the request and the number of the sending."""
    assert tokens.derive(RING, Purpose.INVITATION, REQUEST.id, 3) == INVITATIONS.token(REQUEST)


@pytest.mark.parametrize(
    ("expected", "version"),
    [(LinkVersion.CURRENT, 3), (LinkVersion.OLD, 2), (LinkVersion.OLD, 1), (None, 4), (None, 5)],
)
def test_a_token_is_current_or_old(expected: LinkVersion | None, version: int) -> None:
    """A token of a sending that has not happened is not genuine."""
    token = tokens.derive(RING, Purpose.INVITATION, REQUEST.id, version)

    assert expected is INVITATIONS.recognise(REQUEST, token)


@pytest.mark.parametrize(
    ("purpose", "id_"),
    [
        (Purpose.MAILBOX_PROOF, REQUEST.id),
        (Purpose.PASSWORD_RESET, REQUEST.id),
        (Purpose.INVITATION, Guid("01900000-0000-7000-8000-000000000009")),
    ],
)
def test_a_token_for_something_else_is_not_genuine(purpose: Purpose, id_: Guid) -> None:
    """Neither one for another purpose nor one for another request."""
    assert None is INVITATIONS.recognise(REQUEST, tokens.derive(RING, purpose, id_, 3))


def test_any_other_text_is_not_genuine() -> None:
    """It is not genuine, and causes no error."""
    assert None is INVITATIONS.recognise(REQUEST, "nonsense")
