"""Sending of requests and invitations, connecting without acceptance, and sending again."""

from collections.abc import Sequence
from dataclasses import dataclass

from msgspec.structs import replace

from platform_api import contacts, identity, limits, mail
from platform_api.connections import counter_rules, letters, lifecycle, merging, rules, store
from platform_api.connections.errors import RequestNotFound, TooManyPending
from platform_api.connections.lifecycle import NewRequest
from platform_api.connections.messages import (
    AddContactResponse,
    ConnectContactsInRoles,
    ConnectContactsInRolesResponse,
    ConnectionRequestResend,
    ConnectionRequestResendResponse,
    InviteContact,
)
from platform_api.connections.settings import Terms
from platform_api.connections.values import Act, ConnectionRequest, End, key_of
from platform_api.contacts import Actor, Contact, ContactNotFound, Scope, WrongValue
from platform_api.database.transaction import Database, Transaction
from platform_api.foundation.well_known import CONTACT_TYPES_BY_ID, ConnectionStatus, RequestStatus
from platform_api.identity import EmailAddress, parse_address
from platform_api.limits import Quota
from platform_api.roles import Role, RoleBook
from servicehost.contract.call import Call
from servicehost.contract.scalars import EMPTY_GUID, Guid


@dataclass(frozen=True, slots=True)
class SendingQuotas:
    """The quotas of sending; each counts requests, invitations and resends alike."""

    person_hourly: Quota
    person_daily: Quota
    organisation_daily: Quota


@dataclass(frozen=True, slots=True)
class Sending:
    """The operations that send requests and invitations."""

    database: Database
    roles: RoleBook
    terms: Terms
    quotas: SendingQuotas

    async def connect(self, message: ConnectContactsInRoles, call: Call) -> ConnectContactsInRolesResponse:
        """Connect two contacts in roles: immediately in a role without acceptance, otherwise by a request."""

        async def unit(tx: Transaction) -> None:
            actor = await contacts.actor(tx, call.principal, message.contact_id, Scope.SEND, otherwise=ContactNotFound)
            sender, receiver = await self._ends(tx, actor, message)
            roles = self._roles(sender, receiver, message.roles)
            for role in roles:
                await self._connect_in(tx, actor, sender, receiver, role, mailed=message.send_connection_emails)

        await lifecycle.run(self.database, unit)
        return ConnectContactsInRolesResponse()

    async def invite(self, message: InviteContact, call: Call) -> AddContactResponse:
        """Invite the reader of an address. The answer is the same whether a user has verified the address or not."""
        address = parse_address(message.email_address, field="EmailAddress")

        async def unit(tx: Transaction) -> Guid:
            actor = await contacts.actor(tx, call.principal, message.contact_id, Scope.SEND, otherwise=ContactNotFound)
            sender = await contacts.existing_contact(tx, actor.acting_for)
            if await identity.has_verified(tx, actor.person, address.key):
                raise WrongValue("EmailAddress", "This is your own address. Invite the address of another person.")
            invited = await _invited(tx, actor, message.to_contact_id, address, self.terms.kept)
            for role in self._roles(sender, invited, message.roles):
                await self._connect_in(tx, actor, sender, invited, role, mailed=True)
            return invited.id

        return AddContactResponse(contact_id=await lifecycle.run(self.database, unit))

    async def resend(self, message: ConnectionRequestResend, call: Call) -> ConnectionRequestResendResponse:
        """Send a request again: the next token, a new expiry, one letter."""

        async def unit(tx: Transaction) -> None:
            request = await store.get_request(tx, message.connection_request_id)
            if request is None:
                raise RequestNotFound
            actor = await contacts.actor(tx, call.principal, request.sender_id, Scope.SEND, otherwise=RequestNotFound)
            check_contact(request, message.contact_id, actor)
            request = await lifecycle.write_expiry(tx, request)
            resent = rules.resend(request, tx.now, self.terms)
            if request.status is RequestStatus.EXPIRED:
                resent = await _shown_again(tx, actor, resent)
                await lifecycle.check_key_is_free(tx, request)
                await self._check_pending(tx, request.sender_id)
            await self._spend(tx, actor)
            await lifecycle.write_resent(tx, actor, request, resent)
            await mail.enqueue(tx, letters.for_request(resent, actor.person))

        await lifecycle.run(self.database, unit)
        return ConnectionRequestResendResponse()

    async def _ends(self, tx: Transaction, actor: Actor, message: ConnectContactsInRoles) -> tuple[Contact, Contact]:
        if actor.acting_for == message.to_contact_id:
            raise WrongValue("ToContactId", "A contact cannot be connected with itself. Name another contact.")
        sender = await contacts.existing_contact(tx, actor.acting_for)
        receiver = await contacts.existing_contact(tx, message.to_contact_id)
        if receiver.keeper_id not in (None, sender.id):
            raise ContactNotFound
        if CONTACT_TYPES_BY_ID.get(message.contact_type_id) is not receiver.contact_type:
            raise WrongValue("ContactTypeId", "This is not the type of the contact that ToContactId names.")
        return sender, receiver

    def _roles(self, sender: Contact, receiver: Contact, role_ids: Sequence[Guid]) -> list[Role]:
        wanted = list(dict.fromkeys(role_ids))
        if not wanted:
            raise WrongValue("Roles", "Name at least one role. GetRolesForConnection lists those that are possible.")
        possible = {role.id: role for role in self.roles.possible(sender.contact_type, receiver.contact_type)}
        for role_id in wanted:
            if role_id not in possible:
                raise WrongValue(
                    "Roles",
                    f"'{role_id}' is not a role that these two contacts can connect in. "
                    "GetRolesForConnection lists those that are.",
                )
        return [possible[role_id] for role_id in wanted]

    async def _connect_in(
        self, tx: Transaction, actor: Actor, sender: Contact, receiver: Contact, role: Role, *, mailed: bool
    ) -> None:
        ends = End(sender.id, role.inverse_id), End(receiver.id, role.id)
        if await self._exists(tx, actor, *ends):
            return
        if not role.must_accept:
            await self._spend(tx, actor)
            connection = await lifecycle.open_connection(tx, actor, *ends)
            await letters.notify_connected(tx, actor, connection, mailed=mailed)
            return
        await self._ask(tx, actor, receiver, *ends)

    async def _exists(self, tx: Transaction, actor: Actor, sender: End, receiver: End) -> bool:
        """Whether the connection or a pending request for it exists already. A mirror request is accepted."""
        connection = await store.live_connection(tx, key_of(sender, receiver))
        if connection is None or connection.status is ConnectionStatus.ACTIVE:
            return connection is not None
        request = await store.pending_request(tx, connection.key)
        if request is None or (await lifecycle.write_expiry(tx, request)) is not request:
            return False
        if request.sender == receiver:
            await self._accept_mirrored(tx, actor, request)
        return True

    async def _accept_mirrored(self, tx: Transaction, actor: Actor, request: ConnectionRequest) -> None:
        accepted = rules.accept(request, actor.person, tx.now, self.terms)
        await lifecycle.check_still_right(tx, self.roles, actor, request)
        await lifecycle.change_request(tx, Act.ACCEPT, actor, request, accepted)
        await mail.drop(tx, request.id)
        await letters.notify_accepted(tx, actor, accepted)

    async def _ask(self, tx: Transaction, actor: Actor, receiver: Contact, sender_end: End, receiver_end: End) -> None:
        new = await _new_request(tx, actor, receiver, (sender_end, receiver_end))
        await self._spend(tx, actor)
        await self._check_pending(tx, sender_end.contact_id)
        await lifecycle.supersede(tx, key_of(sender_end, receiver_end))
        request = await lifecycle.open_request(tx, actor, new, self.terms)
        await mail.enqueue(tx, letters.for_request(request, actor.person))

    async def _spend(self, tx: Transaction, actor: Actor) -> None:
        quotas = self.quotas
        keys = {quotas.person_hourly: actor.person, quotas.person_daily: actor.person}
        if actor.acting_for != actor.person:
            keys[quotas.organisation_daily] = actor.acting_for
        await limits.spend_each(tx, keys)

    async def _check_pending(self, tx: Transaction, sender_id: Guid) -> None:
        limit = self.terms.pending
        if limit is not None and await store.total_of_all_types(tx, sender_id, counter_rules.PENDING_SENT) >= limit:
            raise TooManyPending(limit)


async def _new_request(tx: Transaction, actor: Actor, receiver: Contact, ends: tuple[End, End]) -> NewRequest:
    """A new request, to a user's contact or to the address of a virtual contact.

    Raises:
        WrongValue: the contact is virtual and has no address.
    """
    if not receiver.contact_type.is_virtual:
        address = await identity.main_address(tx, receiver.id)
        recipient = address.key if address else receiver.id
        ignored = await store.is_blocked(tx, receiver.id, actor.acting_for, actor.person)
        return NewRequest(*ends, receiver.id, None, recipient, ignored)
    if receiver.address_key is None:
        raise WrongValue(
            "ToContactId",
            "This contact is virtual and cannot answer a request. Send InviteContact with an address instead.",
        )
    shown_to = await identity.contact_with_address(tx, receiver.address_key)
    # The virtual contact blocks no one; it is read so that the duration does not tell whether a user has the address.
    blocked = await store.is_blocked(tx, shown_to or receiver.id, actor.acting_for, actor.person)
    return NewRequest(*ends, shown_to, receiver.address_key, receiver.address_key, shown_to is not None and blocked)


async def _shown_again(tx: Transaction, actor: Actor, request: ConnectionRequest) -> ConnectionRequest:
    """A request that is pending again, with the contact that sees it and its mark as if it were new.

    Since the first sending, a contact may have verified the address or blocked the sender. The steps are always the
    same and the result is written with the sending, so that the duration does not tell what has changed.
    """
    to = request.address_key
    reader = await identity.contact_with_address(tx, to) if to is not None else None
    shown_to = request.shown_to or reader
    blocked = await store.is_blocked(tx, shown_to or request.receiver_id, request.sender_id, actor.person)
    if shown_to is None or shown_to == request.sender_id:
        return request
    return replace(request, shown_to=shown_to, ignored_at=request.ignored_at or (tx.now if blocked else None))


async def _invited(
    tx: Transaction, actor: Actor, to_contact_id: Guid, address: EmailAddress, most: int | None
) -> Contact:
    """The contact that is invited: the one that the message names, or the sender's record of the address."""
    if to_contact_id == EMPTY_GUID:
        return await contacts.existing_contact(
            tx, await contacts.keep_person_at(tx, actor.acting_for, address, most=most)
        )
    invited = await contacts.existing_contact(tx, to_contact_id)
    if invited.keeper_id != actor.acting_for:
        raise ContactNotFound
    if invited.address_key == address.key:
        return invited
    return await _at_another_address(tx, actor, invited, address, most)


async def _at_another_address(
    tx: Transaction, actor: Actor, invited: Contact, address: EmailAddress, most: int | None
) -> Contact:
    """A virtual contact with another address; a new contact if a mailbox has accepted for it.

    Consent belongs to the mailbox that gave it, so the new address does not inherit it.

    Raises:
        WrongValue: an invitation to the former address is pending.
        AddressKept: the keeper keeps another contact at the new address.
    """
    asked = await store.requests_to(tx, invited.id)
    if any(request.status is RequestStatus.PENDING for request in asked):
        raise WrongValue(
            "EmailAddress", "An invitation to another address of this contact is pending. Cancel that one first."
        )
    accepted = {request.accepted_key for request in asked if request.status is RequestStatus.ACCEPTED}
    if accepted - {address.key}:
        name = invited.full_name if invited.full_name != invited.email else None
        new = await contacts.keep_person_at(tx, actor.acting_for, address, name, kind=invited.contact_type, most=most)
        return await contacts.existing_contact(tx, new)
    await merging.leave_address(tx, actor, invited.id)
    return await contacts.give_address(tx, invited, address)


def check_contact(request: ConnectionRequest, contact_id: Guid, actor: Actor) -> None:
    """Refuse a ContactId that is neither of the request's two contacts, as far as the actor may know them.

    The contact behind an invited address may name itself. For the sender it is a wrong id like any other.

    Raises:
        WrongValue: it is another contact.
    """
    if contact_id not in (request.sender_id, request.receiver_id, request.original_receiver_id, actor.acting_for):
        raise WrongValue("ContactId", "ContactId names neither of the two contacts of this request.")


__all__ = ["Sending", "SendingQuotas", "check_contact"]
