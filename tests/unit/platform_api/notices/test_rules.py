"""Tests of which notices are mailed."""

import pytest

from platform_api.notices.rules import is_mailed
from platform_api.notices.values import NoticeKind


@pytest.mark.parametrize(
    ("expected", "kind"),
    [
        (True, NoticeKind.REQUESTED),
        (True, NoticeKind.ACCEPTED),
        (True, NoticeKind.REMOVED),
        (False, NoticeKind.EXPIRED),
        (True, NoticeKind.CONNECTED),
    ],
)
def test_what_is_mailed_unless_chosen(expected: bool, kind: NoticeKind) -> None:
    """Answers and other awaited news are also mailed; an expiry appears only in the feed."""
    assert expected is is_mailed(kind, None)


@pytest.mark.parametrize("kind", NoticeKind)
@pytest.mark.parametrize("chosen", [True, False])
def test_a_preference_decides_for_every_kind(kind: NoticeKind, chosen: bool) -> None:
    """A preference takes precedence over the default of every kind."""
    assert chosen is is_mailed(kind, chosen)
