"""The rules of requests: each act in each status."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest
from msgspec.structs import replace
from tests.support.life_cycle import NOW, RECEIVER, SENDER, a_request
from tests.support.refusals import facts, facts_of

from platform_api.connections import rules
from platform_api.connections.errors import (
    AlreadyAccepted,
    AlreadyCancelled,
    AlreadyDeclined,
    NewerRequest,
    RequestExpired,
    ResentTooOften,
    ResentTooSoon,
    Voided,
)
from platform_api.connections.settings import Terms
from platform_api.connections.values import ConnectionRequest
from platform_api.foundation.well_known import RequestStatus
from servicehost.contract.errors import ServiceError

TERMS = Terms()
LONG_AGO = NOW - timedelta(days=30)
YESTERDAY = NOW - timedelta(days=1)

REFUSALS: dict[RequestStatus, ServiceError] = {
    RequestStatus.ACCEPTED: AlreadyAccepted("The connection request was accepted. Remove the connection to end it."),
    RequestStatus.DECLINED: AlreadyDeclined("The connection request was declined. To connect, send a new request."),
    RequestStatus.CANCELLED: AlreadyCancelled(
        "The connection request was cancelled by its sender. To connect, send a new request."
    ),
    RequestStatus.EXPIRED: RequestExpired(),
    RequestStatus.VOID: Voided("The connection request was ended by the platform. To connect, send a new request."),
}

Step = Callable[[ConnectionRequest], ConnectionRequest]
ACTS: dict[str, Step] = {
    "accept": lambda request: rules.accept(request, RECEIVER, NOW, TERMS, "receiver@example.com"),
    "decline": lambda request: rules.decline(request, RECEIVER, NOW),
    "ignore": lambda request: rules.ignore(request, NOW),
    "cancel": lambda request: rules.cancel(request, SENDER, NOW, TERMS),
    "resend": lambda request: rules.resend(request, NOW, TERMS),
    "mail again": lambda request: rules.mail_again(request, NOW, TERMS),
    "expire": lambda request: rules.expire(request, NOW),
    "void": lambda request: rules.void(request, NOW),
}
ACCEPTED = {
    "status": RequestStatus.ACCEPTED,
    "version": 2,
    "decided_at": NOW,
    "decided_by": RECEIVER,
    "accepted_key": "receiver@example.com",
}
CANCELLED = {"status": RequestStatus.CANCELLED, "version": 2, "decided_at": NOW, "decided_by": SENDER}
RESENT = {
    "status": RequestStatus.PENDING,
    "version": 2,
    "token_version": 2,
    "sent_at": NOW,
    "resent_count": 1,
    "expires_at": NOW + timedelta(days=14),
    "decided_at": None,
    "decided_by": None,
}
UNCHANGED: dict[str, Any] = {}
ARROWS: dict[tuple[str, RequestStatus], dict[str, Any]] = {
    ("accept", RequestStatus.PENDING): ACCEPTED,
    ("accept", RequestStatus.ACCEPTED): UNCHANGED,
    ("accept", RequestStatus.DECLINED): ACCEPTED,
    ("decline", RequestStatus.PENDING): {
        "status": RequestStatus.DECLINED,
        "version": 2,
        "decided_at": NOW,
        "decided_by": RECEIVER,
    },
    ("decline", RequestStatus.DECLINED): UNCHANGED,
    ("ignore", RequestStatus.PENDING): {"version": 2, "ignored_at": NOW},
    ("cancel", RequestStatus.PENDING): CANCELLED,
    ("cancel", RequestStatus.DECLINED): CANCELLED,
    ("cancel", RequestStatus.CANCELLED): UNCHANGED,
    ("resend", RequestStatus.PENDING): RESENT,
    ("resend", RequestStatus.EXPIRED): RESENT,
    ("mail again", RequestStatus.PENDING): {"version": 2, "mailed_again_at": NOW, "mailed_again_count": 1},
    **{("expire", status): UNCHANGED for status in RequestStatus},
    **{("void", status): UNCHANGED for status in RequestStatus},
    ("void", RequestStatus.PENDING): {"status": RequestStatus.VOID, "version": 2, "decided_at": NOW},
}
"""The members that each act changes; an act that is not listed for a status is refused."""


def in_status(status: RequestStatus, decided_at: datetime = YESTERDAY) -> ConnectionRequest:
    """A request in this status."""
    if status is RequestStatus.PENDING:
        return a_request()
    return a_request(status=status, decided_at=decided_at, decided_by=RECEIVER)


@pytest.mark.parametrize("status", RequestStatus)
@pytest.mark.parametrize("act", ACTS)
def test_acts_go_along_the_arrows_and_nowhere_else(act: str, status: RequestStatus) -> None:
    """Each act makes exactly the documented change, or is refused with an error that names the state."""
    request = in_status(status)
    changes = ARROWS.get((act, status))

    if changes is None:
        assert facts(REFUSALS[status]) == facts_of(lambda: ACTS[act](request))
    else:
        assert replace(request, **changes) == ACTS[act](request)


@pytest.mark.parametrize(
    ("act", "status"),
    [
        ("accept", RequestStatus.ACCEPTED),
        ("decline", RequestStatus.DECLINED),
        ("cancel", RequestStatus.CANCELLED),
        ("void", RequestStatus.VOID),
        ("expire", RequestStatus.EXPIRED),
    ],
)
def test_the_same_act_again_changes_nothing(act: str, status: RequestStatus) -> None:
    """The second act returns the same object, since a call may be retried after a lost reply."""
    request = in_status(status)

    assert request is ACTS[act](request)


def test_a_request_between_known_contacts_is_accepted_without_a_mailbox() -> None:
    """No address is recorded, not even that of an earlier acceptance."""
    accepted = rules.accept(a_request(), RECEIVER, NOW, TERMS)

    assert replace(a_request(), **{**ACCEPTED, "accepted_key": None}) == accepted


@pytest.mark.parametrize("act", ["accept", "decline", "ignore", "cancel", "mail again"])
def test_past_its_expiry_a_pending_request_is_expired(act: str) -> None:
    """The expiry takes effect at its instant, even before the sweep has written it."""
    assert facts(RequestExpired()) == facts_of(lambda: ACTS[act](a_request(expires_at=NOW)))


@pytest.mark.parametrize("late", [timedelta(0), timedelta(days=1)])
def test_the_clock_expires_a_pending_request(late: timedelta) -> None:
    """A request is expired from the instant of its expiry on, without a decision."""
    request = a_request(expires_at=NOW - late)

    expected = replace(request, status=RequestStatus.EXPIRED, version=2, decided_at=NOW)
    assert expected == rules.expire(request, NOW)


def test_a_request_is_pending_until_its_expiry() -> None:
    """A microsecond before it, the sweep leaves it as it is."""
    request = a_request(expires_at=NOW + timedelta(microseconds=1))

    assert request is rules.expire(request, NOW)


def test_a_resend_of_an_expired_request_makes_it_pending_again() -> None:
    """This holds for an expiry that is written and for one that is not written yet."""
    overdue = a_request(expires_at=NOW - timedelta(days=1))

    assert replace(overdue, **RESENT) == rules.resend(overdue, NOW, TERMS)


@pytest.mark.parametrize("act", ["accept", "cancel"])
@pytest.mark.parametrize("ago", [TERMS.undo_window, timedelta(days=30)])
def test_the_undo_of_a_decline_ends_with_its_window(act: str, ago: timedelta) -> None:
    """A request declined as long ago as the window, or longer, stays declined."""
    request = in_status(RequestStatus.DECLINED, decided_at=NOW - ago)

    assert facts(REFUSALS[RequestStatus.DECLINED]) == facts_of(lambda: ACTS[act](request))


@pytest.mark.parametrize(("act", "changes"), [("accept", ACCEPTED), ("cancel", CANCELLED)])
def test_a_decline_can_be_undone_until_its_window_ends(act: str, changes: dict[str, Any]) -> None:
    """The window includes its last microsecond."""
    declined = in_status(RequestStatus.DECLINED, NOW - TERMS.undo_window + timedelta(microseconds=1))

    assert replace(declined, **changes) == ACTS[act](declined)


@pytest.mark.parametrize("act", ["accept", "cancel"])
def test_a_decline_of_unknown_date_cannot_be_undone(act: str) -> None:
    """Without the date of the decline there is no window."""
    request = a_request(status=RequestStatus.DECLINED)

    assert facts(REFUSALS[RequestStatus.DECLINED]) == facts_of(lambda: ACTS[act](request))


def test_a_declined_request_with_a_newer_one_cannot_be_accepted() -> None:
    """A superseded request cannot be accepted; its sender may still cancel it."""
    request = replace(in_status(RequestStatus.DECLINED), superseded=True)

    assert facts(REFUSALS[RequestStatus.DECLINED]) == facts_of(lambda: ACTS["accept"](request))
    assert replace(request, **CANCELLED) == ACTS["cancel"](request)


def test_a_resend_within_the_cooldown_says_how_long_to_wait() -> None:
    """The error has the remaining time, rounded up to whole seconds in Retry-After."""
    refused = facts_of(lambda: rules.resend(a_request(sent_at=NOW - timedelta(minutes=4)), NOW, TERMS))

    assert facts(ResentTooSoon(timedelta(minutes=1))) == refused
    assert {"Retry-After": "60"} == refused[3]["headers"]


def test_a_resend_is_possible_as_soon_as_the_cooldown_is_over() -> None:
    """The cooldown excludes the instant of its end."""
    before = a_request(sent_at=NOW - TERMS.resend_cooldown)

    assert replace(before, **RESENT) == rules.resend(before, NOW, TERMS)


@pytest.mark.parametrize(
    ("expires_at", "wait"),
    [
        (NOW + timedelta(days=2), timedelta(days=2)),
        (NOW + timedelta(minutes=1), timedelta(minutes=5)),
        (NOW - timedelta(days=1), timedelta(minutes=5)),
    ],
)
@pytest.mark.parametrize("count", [5, 6])
def test_a_request_is_sent_again_only_so_often(count: int, expires_at: datetime, wait: timedelta) -> None:
    """The sixth resend has to wait until the request expires, and at least for the cooldown."""
    request = a_request(resent_count=count, expires_at=expires_at)

    assert facts(ResentTooOften(wait)) == facts_of(lambda: rules.resend(request, NOW, TERMS))


def test_the_last_resend_is_possible() -> None:
    """Five resends are allowed; the fifth is not refused."""
    before = a_request(resent_count=4, version=5, token_version=5)

    after = rules.resend(before, NOW, TERMS)
    assert replace(before, **{**RESENT, "resent_count": 5, "version": 6, "token_version": 6}) == after


def test_without_limits_a_request_may_be_sent_again_at_once() -> None:
    """Settings can lift each limit."""
    free = Terms(resend_cooldown=timedelta(0), resends=None)
    request = a_request(resent_count=100, sent_at=NOW)

    assert replace(request, **{**RESENT, "resent_count": 101}) == rules.resend(request, NOW, free)


def test_an_expired_request_with_a_newer_one_is_not_sent_again() -> None:
    """The newer one replaces it."""
    superseded = replace(in_status(RequestStatus.EXPIRED), superseded=True)

    assert facts(NewerRequest()) == facts_of(lambda: rules.resend(superseded, NOW, TERMS))


def test_ignoring_leaves_no_trace_that_the_sender_could_see() -> None:
    """Only the private mark and the version change."""
    before = a_request()

    after = rules.ignore(before, NOW)

    assert replace(before, ignored_at=NOW, version=before.version + 1) == after
    assert after is rules.ignore(after, NOW)


@pytest.mark.parametrize("ahead", [timedelta(seconds=61), timedelta(hours=11), timedelta(days=365)])
def test_a_cooldown_of_a_clock_that_was_ahead_is_over(ahead: timedelta) -> None:
    """A request with a sending in the future may be sent again, and then has the present time."""
    request = a_request(sent_at=NOW + ahead)

    assert replace(request, **RESENT) == rules.resend(request, NOW, TERMS)


@pytest.mark.parametrize("ahead", [timedelta(hours=11), timedelta(days=365)])
def test_a_link_mailed_again_a_moment_ago_waits_although_its_request_was_sent_in_the_future(ahead: timedelta) -> None:
    """The later of two sendings that a right clock can have written counts."""
    request = a_request(sent_at=NOW + ahead, mailed_again_at=NOW - timedelta(minutes=1))

    assert facts(ResentTooSoon(timedelta(minutes=4))) == facts_of(lambda: rules.mail_again(request, NOW, TERMS))


def test_mailing_again_is_counted_apart_from_what_the_sender_sent() -> None:
    """The sender's dates and count, the token version and the expiry do not change."""
    request = a_request(resent_count=1)
    again = rules.mail_again(request, NOW, TERMS)

    assert replace(request, version=2, mailed_again_at=NOW, mailed_again_count=1) == again


@pytest.mark.parametrize(
    ("changes", "refusal"),
    [
        ({"mailed_again_at": NOW - timedelta(minutes=4)}, ResentTooSoon(timedelta(minutes=1))),
        ({"sent_at": NOW - timedelta(minutes=4)}, ResentTooSoon(timedelta(minutes=1))),
        ({"sent_at": NOW - timedelta(minutes=4), "mailed_again_at": YESTERDAY}, ResentTooSoon(timedelta(minutes=1))),
        ({"resent_count": 3, "mailed_again_count": 2}, ResentTooOften(timedelta(days=13, hours=23))),
    ],
)
def test_mailing_again_has_the_limits_of_a_resend(changes: dict[str, Any], refusal: ServiceError) -> None:
    """Both kinds of sending count."""
    assert facts(refusal) == facts_of(lambda: rules.mail_again(a_request(**changes), NOW, TERMS))


@pytest.mark.parametrize(
    ("expected", "changes"),
    [
        (True, {"address_key": "own@example.com"}),
        (False, {"address_key": "other@example.com"}),
        (False, {"address_key": None}),
        (False, {"address_key": "own@example.com", "receiver_id": SENDER}),
        (True, {"status": RequestStatus.DECLINED, "address_key": "own@example.com"}),
        (True, {"status": RequestStatus.ACCEPTED, "address_key": None, "accepted_key": "own@example.com"}),
        (False, {"status": RequestStatus.ACCEPTED, "address_key": "own@example.com", "accepted_key": None}),
        (
            False,
            {"status": RequestStatus.ACCEPTED, "address_key": "own@example.com", "accepted_key": "other@x.example"},
        ),
    ],
)
def test_a_request_concerns_the_mailbox_that_accepted_it_or_that_it_was_sent_to(
    *, expected: bool, changes: dict[str, Any]
) -> None:
    """For an accepted request, the address that accepted it counts; otherwise the address that it was sent to."""
    request = a_request(**changes)
    assert expected is rules.belongs_to_mailbox(request, RECEIVER, {"own@example.com", "second@example.com"})
