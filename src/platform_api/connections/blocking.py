"""Blocking of a contact. Its requests are stored as usual, but the contact that blocks it does not get them."""

from dataclasses import dataclass

from platform_api import contacts, mail
from platform_api.connections import lifecycle, rules, store
from platform_api.connections.messages import BlockContact, BlockContactResponse, UnblockContact
from platform_api.connections.values import Act, ConnectionRequest
from platform_api.contacts import Actor, ContactNotFound, Scope, WrongValue
from platform_api.database.transaction import Database, Transaction
from servicehost.contract.call import Call


@dataclass(frozen=True, slots=True)
class Blocking:
    """The operations that block and unblock a contact."""

    database: Database

    async def block(self, message: BlockContact, call: Call) -> BlockContactResponse:
        """Block a contact: its pending requests are ignored, and pending requests to it end."""
        if message.contact_id == message.blocked_contact_id:
            raise WrongValue("BlockedContactId", "A contact cannot block itself. Name another contact.")

        async def unit(tx: Transaction) -> None:
            actor = await contacts.actor(
                tx, call.principal, message.contact_id, Scope.ACCEPT, otherwise=ContactNotFound
            )
            if await contacts.find(tx, actor.person, message.blocked_contact_id) is None:
                raise ContactNotFound
            await store.add_block(tx, actor.acting_for, message.blocked_contact_id)
            for request in await store.pending_requests_between(tx, actor.acting_for, message.blocked_contact_id):
                await _ignore_or_end(tx, actor, request)

        await lifecycle.run(self.database, unit)
        return BlockContactResponse()

    async def unblock(self, message: UnblockContact, call: Call) -> BlockContactResponse:
        """Unblock a contact. Requests that it sent meanwhile stay ignored; it may send them again."""

        async def unit(tx: Transaction) -> None:
            actor = await contacts.actor(
                tx, call.principal, message.contact_id, Scope.ACCEPT, otherwise=ContactNotFound
            )
            await store.end_block(tx, actor.acting_for, message.blocked_contact_id)

        await lifecycle.run(self.database, unit)
        return BlockContactResponse()


async def _ignore_or_end(tx: Transaction, actor: Actor, request: ConnectionRequest) -> None:
    """Ignore a request of the blocked contact; end a request to it."""
    if request.sender_id == actor.acting_for:
        await lifecycle.change_request(tx, Act.VOID, actor, request, rules.void(request, tx.now))
        await mail.drop(tx, request.id)
        return
    if request.expires_at > tx.now:
        await lifecycle.change_request(tx, Act.IGNORE, actor, request, rules.ignore(request, tx.now))


__all__ = ["Blocking"]
