"""No sequence of acts of a keeper alone shows private data of a person who did not agree.

The oracle knows nothing of rules or visibility: it follows section 2a of the domain by noting who agreed to what, and
looks for the telephone numbers and addresses of everybody else in everything that anybody is shown.
"""

from collections.abc import Callable, Iterable
from contextlib import suppress
from datetime import timedelta
from typing import Any

import msgspec
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
from tests.support.accounts import KEYS
from tests.support.contacts import an_organisation
from tests.support.stores import Store
from tests.support.world import World, by, requests_in, run

from platform_api import contacts
from platform_api.connections.messages import (
    AcceptConnectionRequest,
    BlockContact,
    CancelConnection,
    CancelConnectionRequest,
    ConnectContactsInRoles,
    ConnectionRequestResend,
    DeclineConnectionRequest,
    IgnoreConnectionRequest,
    InviteContact,
    RemoveConnection,
    UnblockContact,
)
from platform_api.connections.services import prove_mailbox
from platform_api.connections.settings import Terms
from platform_api.connections.upkeep import expire_overdue, purge_addresses
from platform_api.connections.wording import RequestFacts
from platform_api.contacts import ContactNotFound
from platform_api.directory import GetConnectionRequests, GetConnectionsToContact
from platform_api.foundation import tokens
from platform_api.foundation.tokens import Purpose
from platform_api.foundation.well_known import ConnectionStatus
from platform_api.roles.standard import BUSINESS_CONTACT, EMPLOYEE, EMPLOYER, STAFF
from servicehost.contract.errors import ServiceError
from servicehost.contract.scalars import EMPTY_GUID, Guid

VICTIM = "victim@example.com"
OWN = ("one@keeper.example", "two@keeper.example")
ADDRESSES = (VICTIM, *OWN)
PRIVATE = {"victim": ("0499111111", "ViCtIm@example.com"), "bystander": ("0499222222", "ByStander@example.com"),
           "friend": ("0499333333", "FrIend@example.com")}  # fmt: skip
"""What is private of everybody but the keeper. The addresses are written as nobody else writes them."""

any_one = st.integers(0, 30)
roles = st.sampled_from([EMPLOYEE, EMPLOYER, BUSINESS_CONTACT, STAFF])


class KeeperAlone(RuleBasedStateMachine):
    """A keeper with an organisation, two mailboxes and the accounts that it makes for them; and three people who do nothing.

    The victim registers at some time, and accepts the request of a friend: the only consent that anybody else gives.
    """

    def __init__(self) -> None:
        super().__init__()
        self.world = World(Terms(resend_cooldown=timedelta(0), resends=None))
        self.people: dict[str, Guid] = {}
        self.accounts: list[Guid] = []
        self.organisation = EMPTY_GUID
        self.kept: list[Guid] = []
        self.links: dict[tuple[Guid, int], str] = {}
        self.friends = False
        self.worst = 0

    def teardown(self) -> None:
        """Close the database."""
        self.world.close()

    @initialize()
    def begin(self) -> None:
        """Register the keeper, its organisation, a bystander and a friend of the victim."""
        self.accounts = [run(self.world.person("keeper@keeper.example", "Keeping"))]
        self.organisation = run(an_organisation(self.world.database, self.accounts[0]))
        for name in ("bystander", "friend"):
            self._register(name)

    @rule(sender=any_one, address=st.sampled_from(ADDRESSES), role=roles, named=any_one, anew=st.booleans())
    def invite(self, sender: int, address: str, role: Guid, named: int, anew: bool) -> None:
        """Invite an address as any contact, perhaps with the id of a record."""
        to = EMPTY_GUID if anew else self._pick(self.kept, named) or EMPTY_GUID
        message = InviteContact(contact_id=self._one(sender), email_address=address, roles=[role], to_contact_id=to)
        made = self._attempt(lambda who: self.world.sending.invite(message, by(who)))
        if made is not None and made.contact_id not in self.kept:
            self.kept.append(made.contact_id)

    @rule(sender=any_one, role=roles, named=any_one, anew=st.booleans())
    def invite_the_victim(self, sender: int, role: Guid, named: int, anew: bool) -> None:
        """Invite the address of the victim."""
        self.invite(sender % 2, VICTIM, role, named, anew)

    @rule(which=any_one)
    def mirror(self, which: int) -> None:
        """Send a request back in the name of the contact that was asked; if allowed, it accepts."""
        request = self._pick(run(self.world.all_requests()), which)
        if request is not None:
            self._connect(request.receiver_id, request.sender_id, request.sender_role_id)

    @rule(sender=any_one, receiver=any_one, role=roles)
    def connect(self, sender: int, receiver: int, role: Guid) -> None:
        """Send a request or connect, between any two contacts."""
        self._connect(self._one(sender), self._one(receiver), role)

    @rule(which=any_one, act=st.sampled_from(["accept", "decline", "ignore", "cancel", "resend"]))
    def act_on_a_request(self, which: int, act: str) -> None:
        """Attempt each act on each request."""
        request = self._pick(run(self.world.all_requests()), which)
        if request is None:
            return
        answering, sending = self.world.answering, self.world.sending
        acts: dict[str, Callable[[Guid], Any]] = {
            "accept": lambda who: answering.accept(AcceptConnectionRequest(connection_request_id=request.id), by(who)),
            "decline": lambda who: answering.decline(
                DeclineConnectionRequest(connection_request_id=request.id), by(who)
            ),
            "ignore": lambda who: answering.ignore(IgnoreConnectionRequest(connection_request_id=request.id), by(who)),
            "cancel": lambda who: answering.cancel_request(
                CancelConnectionRequest(connection_request_id=request.id), by(who)
            ),
            "resend": lambda who: sending.resend(
                ConnectionRequestResend(connection_request_id=request.id, contact_id=request.sender_id), by(who)
            ),
        }
        self._attempt(acts[act])

    @rule(which=any_one, act=st.sampled_from(["remove", "cancel"]))
    def act_on_a_connection(self, which: int, act: str) -> None:
        """Attempt to end each connection."""
        connection = self._pick(run(self.world.all_connections()), which)
        if connection is None:
            return
        answering = self.world.answering
        if act == "remove":
            self._attempt(lambda who: answering.remove(RemoveConnection(connection_id=connection.id), by(who)))
        else:
            self._attempt(lambda who: answering.cancel(CancelConnection(connection_id=connection.id), by(who)))

    @rule(which=any_one, again=st.booleans())
    def use_a_link(self, which: int, again: bool) -> None:
        """Accept by a link that was mailed to the keeper, or have the current link mailed again."""
        link = self._pick(list(self.links.items()), which)
        if link is not None:
            (request, _), token = link
            use = self.world.links.mail_again if again else self.world.accept_by_token
            self._attempt(lambda _who: use(request, token))

    @rule(blocker=any_one, blocked=any_one, act=st.sampled_from(["block", "unblock"]))
    def block(self, blocker: int, blocked: int, act: str) -> None:
        """Block a contact as any contact."""
        ends = {"contact_id": self._one(blocker), "blocked_contact_id": self._one(blocked)}
        if act == "block":
            self._attempt(lambda who: self.world.blocking.block(BlockContact(**ends), by(who)))
        else:
            self._attempt(lambda who: self.world.blocking.unblock(UnblockContact(**ends), by(who)))

    @precondition(lambda self: len(self.accounts) <= len(OWN))
    @rule()
    def register_an_own_address(self) -> None:
        """Register one of the keeper's mailboxes."""
        self.accounts.append(run(self.world.person(OWN[len(self.accounts) - 1], "Keeping")))

    @rule(days=st.sampled_from([1, 15, 31]))
    def time_passes(self, days: int) -> None:
        """Let days pass, with the periodic work."""
        self.world.pass_time(timedelta(days=days))
        run(self.world.database.write(expire_overdue))
        run(self.world.database.write(purge_addresses))

    @precondition(lambda self: "victim" not in self.people)
    @rule()
    def the_victim_registers(self) -> None:
        """Register the address that the keeper may have invited."""
        self._register("victim")

    @precondition(lambda self: "victim" in self.people and not self.friends)
    @rule()
    def the_victim_accepts_a_friend(self) -> None:
        """Accept a request that does not concern the keeper."""
        victim, friend = self.people["victim"], self.people["friend"]
        run(self.world.ask(friend, victim, BUSINESS_CONTACT))
        request = next(each for each in run(self.world.all_requests()) if each.sender_id == friend)
        run(self.world.accept(victim, request.id))
        self.friends = True

    @invariant()
    def nobody_sees_what_is_private_of_somebody_who_did_not_agree(self) -> None:
        """Neither in any contact's lists nor in the lists that the keeper can read for its records."""
        for name, contact in self.people.items():
            others = {other for other in self.people if other != name and not self._agreed(name, other)}
            self._check_shown(self._shown(contact, contact), others)
        for contact in (*self.accounts, self.organisation, *self.kept):
            for account in self.accounts:
                self._check_shown(self._shown(contact, account), self.people)

    @invariant()
    def nobody_is_connected_who_was_not_asked(self) -> None:
        """An active connection in a role with acceptance joins only contacts of the keeper, or the two friends."""
        innocent = {contact: name for name, contact in self.people.items()}
        for connection in run(self.world.all_connections()):
            ends = {innocent.get(end) for end in (connection.sender_id, connection.receiver_id)}
            if connection.status is ConnectionStatus.ACTIVE and ends != {None} and connection.request_id is not None:
                assert self.friends
                assert ends == {"victim", "friend"}

    @invariant()
    def no_mail_to_the_keeper_proves_another_address(self) -> None:
        """Each link that is mailed to one of its mailboxes proves no other mailbox."""
        for facts in run(self.world.facts_of_waiting_letters()):
            if isinstance(facts, RequestFacts) and facts.to in OWN:
                link = facts.request_id, facts.token_version
                self.links[link] = tokens.derive(KEYS, Purpose.INVITATION, *link)
        for token in self.links.values():
            proof = run(
                self.world.database.read(
                    lambda tx, token=token: prove_mailbox(tx, self.world.invitations, token, VICTIM)  # type: ignore[misc]
                )
            )
            assert proof is None

    def _register(self, name: str) -> None:
        number, address = PRIVATE[name]
        self.people[name] = run(self.world.person(address, name.title(), mobile_number=number))

    def _connect(self, sender: Guid, receiver: Guid, role: Guid) -> None:
        contact = run(self.world.database.read(lambda tx: contacts.get_contact(tx, receiver)))
        if contact is not None:
            message = ConnectContactsInRoles(
                contact_id=sender, to_contact_id=receiver, contact_type_id=contact.contact_type.id, roles=[role]
            )
            self._attempt(lambda who: self.world.sending.connect(message, by(who)))

    def _one(self, index: int) -> Guid:
        """A contact whose id the keeper may know: its own contacts, its records and the people."""
        known = [self.accounts[0], self.organisation, *self.kept, *self.accounts[1:], *self.people.values()]
        return known[index % len(known)]

    @staticmethod
    def _pick(found: list[Any], index: int) -> Any:
        return found[index % len(found)] if found else None

    def _agreed(self, one: str, other: str) -> bool:
        return self.friends and {one, other} == {"victim", "friend"}

    def _attempt(self, act: Callable[[Guid], Any]) -> Any:
        """Attempt an act with each account of the keeper until it succeeds; all may be refused."""
        for account in self.accounts:
            try:
                return run(act(account))
            except ServiceError as refusal:
                self.worst = max(self.worst, refusal.status)
        assert self.worst < 500
        return None

    def _shown(self, contact: Guid, caller: Guid) -> str:
        """All data that a caller gets in the lists of a contact."""
        found = run(self.world.database.read(lambda tx: contacts.get_contact(tx, contact)))
        if found is None:
            return ""
        own = GetConnectionsToContact(
            contact_id=contact,
            contact_type_id=found.contact_type.id,
            requestor_contact_id=contact,
            include_removed=True,
        )
        shown: list[Any] = []
        with suppress(ContactNotFound):
            for action in ("received", "sent"):
                message = GetConnectionRequests(contact_id=contact, include_ignored_requests=True, action=action)
                shown += requests_in(run(self.world.directory.connection_requests(message, by(caller))))
            answer: Any = run(self.world.directory.connections_to_contact(own, by(caller))).message
            shown += answer.connections
        return msgspec.json.encode(shown).decode()

    @staticmethod
    def _check_shown(shown: str, names: Iterable[str]) -> None:
        for name in names:
            assert not any(secret in shown for secret in PRIVATE[name])


def test_a_virtual_contact_is_never_answered_for(store: Store) -> None:
    """No history lets a keeper answer for a contact it keeps."""
    examples = 60 if store is Store.SQLITE else 12
    run_state_machine_as_test(
        KeeperAlone, settings=settings(max_examples=examples, stateful_step_count=30, deadline=None)
    )
