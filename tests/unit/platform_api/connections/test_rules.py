"""The life cycle as a table: what each act makes of each status."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace
from tests.support.life_cycle import EMPLOYEE, EMPLOYER, NOW, RECEIVER, SENDER, a_connection, a_request

from platform_api.connections import rules
from platform_api.connections.errors import (
    AlreadyAccepted,
    AlreadyCancelled,
    AlreadyDeclined,
    AlreadyRemoved,
    NewerRequest,
    RequestExpired,
    ResentTooOften,
    ResentTooSoon,
    Voided,
)
from platform_api.connections.values import Connection, ConnectionRequest, End, Terms, key_of, pair_of
from platform_api.well_known import ConnectionStatus, RequestStatus
from servicehost.contract.errors import Conflict, ServiceError

TERMS = Terms()
LONG_AGO = NOW - timedelta(days=30)
YESTERDAY = NOW - timedelta(days=1)

REFUSALS: dict[RequestStatus, type[ServiceError]] = {
    RequestStatus.ACCEPTED: AlreadyAccepted,
    RequestStatus.DECLINED: AlreadyDeclined,
    RequestStatus.CANCELLED: AlreadyCancelled,
    RequestStatus.EXPIRED: RequestExpired,
    RequestStatus.VOID: Voided,
}

Step = Callable[[ConnectionRequest], ConnectionRequest]
ACTS: dict[str, Step] = {
    "accept": lambda request: rules.accept(request, RECEIVER, NOW, TERMS),
    "decline": lambda request: rules.decline(request, RECEIVER, NOW),
    "ignore": lambda request: rules.ignore(request, NOW),
    "cancel": lambda request: rules.cancel(request, SENDER, NOW, TERMS),
    "resend": lambda request: rules.resend(request, NOW, TERMS),
}
ARROWS: dict[tuple[str, RequestStatus], RequestStatus] = {
    ("accept", RequestStatus.PENDING): RequestStatus.ACCEPTED,
    ("accept", RequestStatus.ACCEPTED): RequestStatus.ACCEPTED,
    ("accept", RequestStatus.DECLINED): RequestStatus.ACCEPTED,
    ("decline", RequestStatus.PENDING): RequestStatus.DECLINED,
    ("decline", RequestStatus.DECLINED): RequestStatus.DECLINED,
    ("ignore", RequestStatus.PENDING): RequestStatus.PENDING,
    ("cancel", RequestStatus.PENDING): RequestStatus.CANCELLED,
    ("cancel", RequestStatus.DECLINED): RequestStatus.CANCELLED,
    ("cancel", RequestStatus.CANCELLED): RequestStatus.CANCELLED,
    ("resend", RequestStatus.PENDING): RequestStatus.PENDING,
    ("resend", RequestStatus.EXPIRED): RequestStatus.PENDING,
}


def in_status(status: RequestStatus, decided_at: datetime = YESTERDAY) -> ConnectionRequest:
    """A request in this status."""
    if status is RequestStatus.PENDING:
        return a_request()
    return a_request(status=status, decided_at=decided_at, decided_by=RECEIVER)


@pytest.mark.parametrize("status", RequestStatus)
@pytest.mark.parametrize("act", ACTS)
def test_acts_go_along_the_arrows_and_nowhere_else(act: str, status: RequestStatus) -> None:
    """Each act leads from each status to the one that the life cycle says, or is refused with the state that won."""
    request = in_status(status)
    expected = ARROWS.get((act, status))

    if expected is None:
        with pytest.raises(REFUSALS[status]):
            ACTS[act](request)
    else:
        assert expected is ACTS[act](request).status


@pytest.mark.parametrize(
    ("act", "status"),
    [("accept", "Accepted"), ("decline", "Declined"), ("cancel", "Cancelled")],
)
def test_the_same_act_again_changes_nothing(act: str, status: str) -> None:
    """A lost reply may be retried: the second act gives back the very same value."""
    request = in_status(RequestStatus(status))

    assert request is ACTS[act](request)


@pytest.mark.parametrize("act", ["accept", "decline", "ignore", "cancel"])
def test_past_its_expiry_a_pending_request_is_expired(act: str) -> None:
    """The clock counts even before the sweep has written it."""
    with pytest.raises(RequestExpired):
        ACTS[act](a_request(expires_at=NOW))


@pytest.mark.parametrize("act", ["accept", "cancel"])
def test_the_undo_of_a_decline_ends_with_its_window(act: str) -> None:
    """A request declined longer ago than the window stays declined."""
    with pytest.raises(AlreadyDeclined):
        ACTS[act](in_status(RequestStatus.DECLINED, decided_at=LONG_AGO))


def test_a_declined_request_with_a_newer_one_cannot_be_accepted() -> None:
    """A superseded request has lost its place."""
    with pytest.raises(AlreadyDeclined):
        ACTS["accept"](replace(in_status(RequestStatus.DECLINED), superseded=True))


def test_a_resend_makes_the_next_token_and_a_new_expiry() -> None:
    """After a resend older links are dead and the life of the request begins anew."""
    before = a_request()

    after = rules.resend(before, NOW, TERMS)

    assert before.token_version + 1 == after.token_version
    assert NOW + TERMS.request_life == after.expires_at
    assert (NOW, 1) == (after.sent_at, after.resent_count)


def test_a_resend_within_the_cooldown_says_how_long_to_wait() -> None:
    """The refusal carries what is left of it, in whole seconds for programs."""
    with pytest.raises(ResentTooSoon) as refusal:
        rules.resend(a_request(sent_at=NOW - timedelta(minutes=4)), NOW, TERMS)

    assert timedelta(minutes=1) == refusal.value.wait
    assert "60" == refusal.value.headers["Retry-After"]


def test_a_request_is_sent_again_only_so_often() -> None:
    """The sixth resend is refused."""
    with pytest.raises(ResentTooOften):
        rules.resend(a_request(resent_count=5), NOW, TERMS)


def test_without_limits_a_request_may_be_sent_again_at_once() -> None:
    """Each limit can be lifted by settings."""
    free = Terms(resend_cooldown=timedelta(0), resends=None)

    assert 101 == rules.resend(a_request(resent_count=100, sent_at=NOW), NOW, free).resent_count


def test_an_expired_request_with_a_newer_one_is_not_sent_again() -> None:
    """The newer one has its place."""
    with pytest.raises(NewerRequest):
        rules.resend(replace(in_status(RequestStatus.EXPIRED), superseded=True), NOW, TERMS)


def test_ignoring_leaves_no_trace_that_the_sender_could_see() -> None:
    """Only the private mark and the guard change."""
    before = a_request()

    after = rules.ignore(before, NOW)

    assert replace(before, ignored_at=NOW, version=before.version + 1) == after
    assert after is rules.ignore(after, NOW)


def test_an_active_connection_is_removed_once() -> None:
    """Removing again changes nothing."""
    removed = rules.remove(a_connection(), RECEIVER, NOW)

    assert (ConnectionStatus.REMOVED, NOW, RECEIVER) == (removed.status, removed.ended_at, removed.ended_by)
    assert removed is rules.remove(removed, SENDER, NOW)


@pytest.mark.parametrize(
    ("status", "refusal"),
    [
        (ConnectionStatus.PENDING, Conflict),
        (ConnectionStatus.CANCELLED, AlreadyCancelled),
        (ConnectionStatus.DECLINED, AlreadyDeclined),
        (ConnectionStatus.EXPIRED, RequestExpired),
        (ConnectionStatus.VOID, Voided),
    ],
)
def test_only_an_active_connection_is_removed(status: ConnectionStatus, refusal: type[ServiceError]) -> None:
    """Any other status is named by the refusal."""
    with pytest.raises(refusal):
        rules.remove(a_connection(status=status), RECEIVER, NOW)


@pytest.mark.parametrize(
    ("status", "refusal"),
    [(ConnectionStatus.ACTIVE, AlreadyAccepted), (ConnectionStatus.REMOVED, AlreadyRemoved)],
)
def test_what_is_or_was_active_is_not_cancelled(status: ConnectionStatus, refusal: type[ServiceError]) -> None:
    """A cancel never ends what was accepted."""
    with pytest.raises(refusal):
        rules.check_cancel(a_connection(status=status))


@pytest.mark.parametrize(
    ("connection", "expected"),
    [
        (a_connection(status=ConnectionStatus.PENDING, active_at=None), "cancel"),
        (a_connection(status=ConnectionStatus.CANCELLED), "cancel"),
        (a_connection(), "remove"),
        (a_connection(active_at=NOW - timedelta(seconds=10)), "remove"),
        (a_connection(status=ConnectionStatus.REMOVED), "remove"),
    ],
)
def test_a_missing_action_means_what_the_status_suggests(connection: Connection, expected: str) -> None:
    """Pending and cancelled mean cancel, active means remove."""
    assert expected == rules.act_meant(connection, NOW, TERMS)


def test_a_missing_action_never_ends_a_connection_that_was_just_accepted() -> None:
    """A cancel that lost the race to an accept is told so."""
    with pytest.raises(AlreadyAccepted):
        rules.act_meant(a_connection(active_at=NOW - timedelta(seconds=9)), NOW, TERMS)


@pytest.mark.parametrize("status", RequestStatus)
def test_a_connection_follows_its_request(status: RequestStatus) -> None:
    """The status of the connection is the one that goes with the request's."""
    connection = a_connection(status=ConnectionStatus.PENDING, active_at=None)

    followed = rules.follow(connection, in_status(status), NOW)

    assert rules.CONNECTION_STATUS_OF[status] is followed.status
    assert (followed.status is ConnectionStatus.ACTIVE) == (followed.active_at is not None)


ends = st.builds(End, st.sampled_from([SENDER, RECEIVER]), st.sampled_from([EMPLOYER, EMPLOYEE]))


@given(ends, ends)
def test_the_key_does_not_depend_on_who_asks(one: End, other: End) -> None:
    """A mirrored request has the same key, and other ends have another."""
    assert key_of(one, other) == key_of(other, one)
    assert pair_of(one.contact_id, other.contact_id) == pair_of(other.contact_id, one.contact_id)
    if one.role_id != other.role_id and one.contact_id != other.contact_id:
        assert key_of(one, other) != key_of(End(one.contact_id, other.role_id), End(other.contact_id, one.role_id))


@given(st.lists(st.sampled_from(sorted(ACTS)), max_size=12))
def test_counters_follow_every_path(path: list[str]) -> None:
    """Adding the differences of all steps gives what the last state counts in."""
    request = a_request(resent_count=-100, sent_at=LONG_AGO)
    total = rules.counted(request)
    for act in path:
        try:
            after = ACTS[act](replace(request, sent_at=LONG_AGO))
        except ServiceError:
            continue
        for tally, amount in rules.difference(rules.counted(request), rules.counted(after)).items():
            total[tally] += amount
        request = after

    assert rules.counted(request) == +total


@pytest.mark.parametrize("ahead", [timedelta(seconds=61), timedelta(hours=11), timedelta(days=365)])
def test_a_cooldown_of_a_clock_that_was_ahead_is_over(ahead: timedelta) -> None:
    """A request that was sent in the future may be sent again, and is then sent now."""
    assert NOW == rules.resend(a_request(sent_at=NOW + ahead), NOW, TERMS).sent_at


@pytest.mark.parametrize(
    ("meant", "ahead"), [("remove", timedelta(seconds=61)), ("remove", timedelta(days=365)), (None, timedelta(0))]
)
def test_a_connection_of_a_clock_that_was_ahead_is_not_young(meant: str | None, ahead: timedelta) -> None:
    """It is removed like any other; only one that has just become active is protected."""
    connection = a_connection(active_at=NOW + ahead)
    if meant:
        assert meant == rules.act_meant(connection, NOW, TERMS)
    else:
        with pytest.raises(AlreadyAccepted):
            rules.act_meant(connection, NOW, TERMS)


@pytest.mark.parametrize("ahead", [timedelta(hours=11), timedelta(days=365)])
def test_a_link_mailed_again_a_moment_ago_waits_although_its_request_was_sent_in_the_future(ahead: timedelta) -> None:
    """Of two sendings, the one that a right clock has written holds."""
    with pytest.raises(ResentTooSoon) as refusal:
        rules.mail_again(a_request(sent_at=NOW + ahead, mailed_again_at=NOW - timedelta(minutes=1)), NOW, TERMS)

    assert timedelta(minutes=4) == refusal.value.wait


def test_mailing_again_is_counted_apart_from_what_the_sender_sent() -> None:
    """The sender's dates and count stay; token and expiry too."""
    request = a_request(resent_count=1)
    again = rules.mail_again(request, NOW, TERMS)

    assert replace(request, version=2, mailed_again_at=NOW, mailed_again_count=1) == again


@pytest.mark.parametrize(
    ("changes", "refusal"),
    [
        ({"mailed_again_at": NOW - timedelta(minutes=4)}, ResentTooSoon),
        ({"sent_at": NOW - timedelta(minutes=4)}, ResentTooSoon),
        ({"resent_count": 3, "mailed_again_count": 2}, ResentTooOften),
        ({"status": RequestStatus.DECLINED}, AlreadyDeclined),
        ({"status": RequestStatus.EXPIRED}, RequestExpired),
    ],
)
def test_mailing_again_has_the_limits_of_a_resend(changes: dict[str, Any], refusal: type[ServiceError]) -> None:
    """Both kinds of sending count, and only what is pending is mailed."""
    with pytest.raises(refusal):
        rules.mail_again(a_request(**changes), NOW, TERMS)


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
    """An acceptance is judged by the address that gave it, everything else by the address that was invited."""
    request = a_request(**changes)
    assert expected is rules.concerns_mailbox(request, RECEIVER, {"own@example.com", "second@example.com"})
