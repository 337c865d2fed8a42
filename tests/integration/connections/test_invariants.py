"""The invariants of connections hold after each step of any sequence of acts."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)
from tests.support import oracle
from tests.support.stores import Store
from tests.support.world import World, run

from platform_api import contacts
from platform_api.connections.settings import Terms
from platform_api.connections.upkeep import expire_overdue
from platform_api.connections.values import Connection, ConnectionRequest
from platform_api.foundation.well_known import ConnectionStatus, RequestStatus
from platform_api.roles.standard import BUSINESS_CONTACT, EMPLOYEE, EMPLOYER
from servicehost.contract.errors import ServiceError
from servicehost.contract.scalars import Guid

LIVE = (ConnectionStatus.PENDING, ConnectionStatus.ACTIVE)
ADDRESSES = ("first@example.com", "second@example.com", "third@example.com")
LATE_ADDRESS = "late@example.com"

REQUEST_ARROWS = {
    (None, "Pending"),
    ("Pending", "Pending"),
    ("Pending", "Accepted"),
    ("Pending", "Declined"),
    ("Pending", "Cancelled"),
    ("Pending", "Expired"),
    ("Pending", "Void"),
    ("Expired", "Pending"),
    ("Expired", "Expired"),
    ("Declined", "Accepted"),
    ("Declined", "Cancelled"),
    ("Declined", "Declined"),
}
"""Every way in which the status of a request may change; Pending to Pending is a resend or a private mark,
Expired to Expired a merge; both that and Declined to Declined also take away what could still be done about it."""

CONNECTION_ARROWS = {
    (None, "Active"),
    ("Active", "Removed"),
    ("Active", "Active"),
    *((status.value, status.value) for status in ConnectionStatus if status not in LIVE),
}
"""The same for what happens to a connection itself: the rest follows its request. One that has ended may still be merged."""

people = st.integers(0, len(ADDRESSES) - 1)
sides = st.sampled_from(["sender", "receiver"])
acts = st.sampled_from(["accept", "decline", "ignore", "cancel", "resend"])
pauses = st.sampled_from([0, 0, 1, 14])
roles = st.sampled_from([EMPLOYEE, EMPLOYER, BUSINESS_CONTACT])


class LifeCycle(RuleBasedStateMachine):
    """Three people, an address that may be registered later, and all acts between them."""

    def __init__(self) -> None:
        super().__init__()
        self.world = World(Terms(resend_cooldown=timedelta(0), resends=None))
        self.people: list[Guid] = []
        self.late_is_registered = False

    def teardown(self) -> None:
        """Close the database."""
        self.world.close()

    @initialize()
    def people_register(self) -> None:
        """Register all people but the late one."""
        self.people = [run(self.world.person(address)) for address in ADDRESSES]

    @rule(sender=people, receiver=people, role=roles)
    def ask(self, sender: int, receiver: int, role: Guid) -> None:
        """Send a request."""
        self._attempt(lambda: self.world.ask(self.people[sender], self.people[receiver], role))

    @rule(sender=people, address=st.sampled_from([*ADDRESSES, LATE_ADDRESS]), role=roles)
    def invite(self, sender: int, address: str, role: Guid) -> None:
        """Invite an address."""
        self._attempt(lambda: self.world.invite(self.people[sender], address, role))

    @rule(sender=people, which=st.integers(0, 3), address=st.sampled_from([*ADDRESSES, LATE_ADDRESS]), role=roles)
    def invite_a_record(self, sender: int, which: int, address: str, role: Guid) -> None:
        """Invite a kept contact, perhaps at another address."""
        keeper = self.people[sender]
        kept = run(self.world.database.read(lambda tx: contacts.kept_by(tx, keeper)))
        if kept:
            self._attempt(lambda: self.world.invite(keeper, address, role, to=kept[which % len(kept)]))

    @rule(which=st.integers(0, 7))
    def mail_again(self, which: int) -> None:
        """Have the current link of a request mailed again."""
        found = run(self.world.all_requests())
        if found:
            request = found[which % len(found)]
            self._attempt(lambda: self.world.links.mail_again(request.id, self.world.invitations.token(request)))

    @precondition(lambda self: not self.late_is_registered)
    @rule()
    def the_late_one_registers(self) -> None:
        """Register the address that may have been invited."""
        self.people.append(run(self.world.person(LATE_ADDRESS)))
        self.late_is_registered = True

    @rule(
        which=st.integers(0, 7), steps=st.lists(st.tuples(sides | sides | people, acts, pauses), min_size=1, max_size=3)
    )
    def act_on_a_request(self, which: int, steps: list[tuple[int | str, str, int]]) -> None:
        """Attempt several acts on a request, allowed or not, with days between them."""
        found = run(self.world.all_requests())
        for who, act, days in steps if found else ():
            self.world.pass_time(timedelta(days=days))
            self._act_on(found[which % len(found)].id, who, act)

    @rule(who=people, other=people, act=st.sampled_from(["block", "unblock"]))
    def block(self, who: int, other: int, act: str) -> None:
        """Block or unblock a contact."""
        self._attempt(lambda: getattr(self.world, act)(self.people[who], self.people[other]))

    @rule(which=st.integers(0, 7))
    def accept_by_token(self, which: int) -> None:
        """Accept from a mail."""
        found = run(self.world.all_requests())
        if found:
            request = found[which % len(found)]
            token = self.world.invitations.token(request)
            self._attempt(lambda: self.world.accept_by_token(request.id, token))

    @rule(who=people, which=st.integers(0, 7), act=st.sampled_from(["remove", "cancel_connection"]))
    def act_on_a_connection(self, who: int, which: int, act: str) -> None:
        """Attempt an act on a connection, allowed or not."""
        found = run(self.world.all_connections())
        if found:
            connection = found[which % len(found)]
            self._attempt(lambda: getattr(self.world, act)(self.people[who], connection.id))

    @rule(days=st.sampled_from([1, 8, 14, 15]), swept=st.booleans())
    def time_passes(self, days: int, swept: bool) -> None:
        """Let days pass, with or without a sweep."""
        self.world.pass_time(timedelta(days=days))
        if swept:
            run(self.world.database.write(expire_overdue))

    @invariant()
    def an_accepted_request_has_one_connection_that_is_or_was_active(self) -> None:
        """I1, and I2: no other request has an active one."""
        connections = {each.id: each for each in self._connections()}
        for request in self._requests():
            assert connections[request.connection_id].status.value in oracle.CONNECTION_OF[request.status.value]

    @invariant()
    def consent_names_the_mailbox_that_gave_it(self) -> None:
        """An accepted invitation has the key of the address that it was sent to; a request without acceptance has no key."""
        for request in self._requests():
            if request.status is not RequestStatus.ACCEPTED:
                assert request.accepted_key is None
            elif request.address_key is not None:
                assert request.accepted_key == request.address_key

    @invariant()
    def only_people_act(self) -> None:
        """No virtual contact has sent, decided or ended anything; a link decides for the contact that is asked."""
        for request in self._requests():
            assert {request.sender_id, request.sent_by} <= {*self.people}
            assert request.decided_by in (None, request.original_receiver_id, *self.people)

    @invariant()
    def a_key_has_one_live_connection(self) -> None:
        """I3: at most one pending request and one live connection for each key; none connects a contact with itself."""
        live = [each for each in self._connections() if each.status in LIVE]
        waiting = [each for each in self._requests() if each.status is RequestStatus.PENDING]
        assert len(live) == len({each.key for each in live})
        assert len(waiting) == len({each.key for each in waiting})
        assert all(each.sender_id != each.receiver_id for each in live)

    @invariant()
    def states_change_along_the_arrows_and_the_journal_rebuilds_them(self) -> None:
        """I4, I5 and I9: each entry continues the one before it, along an arrow, and the last one is the status."""
        for request in self._requests():
            self._check_journal(request, REQUEST_ARROWS, first=True)
        for connection in self._connections():
            self._check_journal(connection, CONNECTION_ARROWS, first=connection.request_id is None)

    @invariant()
    def counters_count_what_there_is(self) -> None:
        """The counters equal the numbers of rows."""
        assert oracle.totals(self._requests(), self._connections()) == run(self.world.totals())

    @invariant()
    def lists_agree_with_the_rows(self) -> None:
        """The received requests of a person are exactly the pending requests that the person may answer."""
        now = self.world.database.now
        for person in self.people:
            expected = {
                each.id
                for each in self._requests()
                if each.shown_to == person and oracle.status_at(each, now) == "Pending"
            }
            listed = run(self.world.received(person, ignored=True))
            assert expected == {each.connection_request_id for each in listed}

    @invariant()
    def totals_of_lists_are_the_lengths_of_the_lists(self) -> None:
        """The counters equal the lengths of the lists after a sweep."""
        now = self.world.database.now
        if any(oracle.status_at(each, now) != each.status for each in self._requests()):
            return
        for person in self.people:
            for removed in (False, True):
                listed, total = run(self.world.own_connections(person, removed=removed))
                assert len(listed) == len(set(listed)) == total

    def _check_journal(
        self, subject: ConnectionRequest | Connection, arrows: set[tuple[str | None, str]], *, first: bool
    ) -> None:
        entries = [recorded.entry for recorded in run(self.world.journal_of(subject.id))]
        before: str | None = None
        for entry in entries:
            assert (entry.before, entry.after) in arrows
            assert first is False or entry.before == before
            first, before = True, entry.after
        if entries:
            assert before == subject.status

    def _act_on(self, request_id: Guid, who: int | str, act: str) -> None:
        before = run(self.world.request(request_id))
        person, now = self._contact(who, before), self.world.database.now
        allowed = oracle.allows(act, person, before, now)
        answer = self._attempt(lambda: getattr(self.world, act)(person, request_id))
        after = run(self.world.request(request_id))
        done = answer < 400
        expected = oracle.seen_after(act, before, now) if done else oracle.seen(before, now)
        assert expected == oracle.seen(after, now)
        # An acceptance may be refused although the life cycle allows it: blocks, roles and rights are checked again.
        assert done == allowed or (act == "accept" and not done)

    def _contact(self, who: int | str, request: ConnectionRequest) -> Guid:
        """A person by number, or by the side of a request; None for a request that no contact sees as received."""
        if isinstance(who, int):
            return self.people[who]
        return request.sender_id if who == "sender" else request.shown_to or self.people[0]

    def _requests(self) -> list[ConnectionRequest]:
        return run(self.world.all_requests())

    def _connections(self) -> list[Connection]:
        return run(self.world.all_connections())

    @staticmethod
    def _attempt(act: Callable[[], Any]) -> int:
        """The status of the answer to an act. A refusal must change nothing, which the invariants check."""
        status = 200
        try:
            run(act())
        except ServiceError as refusal:
            status = refusal.status
        assert status < 500
        return status


def test_life_cycle(store: Store) -> None:
    """Every history keeps the invariants."""
    examples = 40 if store is Store.SQLITE else 12
    run_state_machine_as_test(
        LifeCycle, settings=settings(max_examples=examples, stateful_step_count=30, deadline=None)
    )
