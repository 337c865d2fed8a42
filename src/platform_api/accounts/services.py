"""The operations of accounts: registration, mailbox proof, password reset."""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from platform_api import tokens
from platform_api.accounts import letters, rules, store
from platform_api.accounts.errors import UnknownLink
from platform_api.accounts.messages import (
    GetResetPasswordToken,
    GetResetPasswordTokenResponse,
    PasswordReset,
    PasswordResetResponse,
    RegisterNewUser,
    RegisterNewUserResponse,
    VerifyMailbox,
    VerifyMailboxResponse,
)
from platform_api.accounts.values import AccountSettings, Applicant, NewAccount, Registration, Reset
from platform_api.contacts import records
from platform_api.contacts.values import NewOrganisation, NewPerson
from platform_api.database.transaction import Database, Transaction
from platform_api.identity import attempts, users
from platform_api.identity.addresses import EmailAddress, parse_address
from platform_api.identity.throttle import Lockout, network_of
from platform_api.identity.values import NewUser, User
from platform_api.ids import new_id
from platform_api.journal import journal
from platform_api.journal.values import Entry
from platform_api.limits import limits
from platform_api.outbox import outbox
from platform_api.tokens import Purpose
from servicehost.contract.call import Call, Handler
from servicehost.contract.errors import FieldError, InvalidFields
from servicehost.contract.messages import Request
from servicehost.contract.scalars import Guid
from servicehost.security.keys import KeySource
from servicehost.security.passwords import Passwords

InvitationProof = Callable[[Transaction, str, str], Awaitable[object | None]]
"""(tx, token, address key) -> something, when the token of an invitation proves that mailbox; else None."""

AddressVerified = Callable[[Transaction, Guid, str], Awaitable[None]]
"""(tx, contact, address key): the contact has the address verified from now on."""

CHECK_MAIL = "Check your mail: a link that completes the registration was sent to the address."
"""What every registration is answered, whatever the address."""

READY = "The account is ready. Sign in with your e-mail address and password."
"""What is answered to whoever has proved the mailbox."""


@dataclass(frozen=True, slots=True)
class AccountsService:
    """The operations of accounts.

    Attributes:
        database: where they run.
        passwords: hashes passwords.
        keys: derive the tokens of links.
        proved_by_invitation: whether the token of an invitation proves a mailbox.
        address_verified: tells the life cycle of a new verified address.
        settings: what the installation decides.
        lockout: whose counters a proved mailbox clears.
    """

    database: Database
    passwords: Passwords
    keys: KeySource
    proved_by_invitation: InvitationProof
    address_verified: AddressVerified
    settings: AccountSettings = field(default_factory=AccountSettings)
    lockout: Lockout = field(default_factory=Lockout)

    def handlers(self) -> Mapping[type[Request[Any]], Handler]:
        """Its operations."""
        return {
            RegisterNewUser: self.register,
            VerifyMailbox: self.verify_mailbox,
            GetResetPasswordToken: self.get_reset_token,
            PasswordReset: self.reset_password,
        }

    async def register(self, message: RegisterNewUser, call: Call) -> RegisterNewUserResponse:
        """Keep a registration and mail the link that completes it; complete it at once with a good invitation.

        Who has the address is looked up when the letter is sent, so that answer, work and time are the same for all.
        """
        new = rules.applicant(message)
        client = network_of(call.client)
        await self.database.write(lambda tx: limits.spend(tx, self.settings.registrations, client))
        account = NewAccount(new.address, await self.passwords.hash(new.password), new.profile, new.business)
        return RegisterNewUserResponse(message=await self.database.write(lambda tx: self._register(tx, new, account)))

    async def verify_mailbox(self, message: VerifyMailbox, call: Call) -> VerifyMailboxResponse:  # noqa: ARG002
        """Make the account of a registration whose link this is.

        Raises:
            UnknownLink: the token is not genuine.
            LinkExpired: it came too late.
            AddressTaken: there is an account with the address by now.
        """
        named = tokens.read_named(message.token)
        if named is None or not self._genuine(Purpose.MAILBOX_PROOF, named):
            raise UnknownLink
        await self.database.write(lambda tx: self._prove(tx, named.id))
        return VerifyMailboxResponse(message=READY)

    async def get_reset_token(self, message: GetResetPasswordToken, call: Call) -> GetResetPasswordTokenResponse:
        """Have a link mailed that resets the password, if somebody has the address; the answer does not tell."""
        if not message.user_name:
            raise InvalidFields("GetResetPasswordToken", [FieldError("UserName", "'UserName' is empty.", "NotEmpty")])
        address_key = parse_address(message.user_name, field="UserName").key
        client = network_of(call.client)

        async def unit(tx: Transaction) -> None:
            await limits.spend(tx, self.settings.resets, client)
            before = await tx.one(store.RESET_OF, address_key=address_key)
            changed_at = _changed_at(await users.by_address_key(tx, address_key))
            reset = rules.asked(before, new_id(), address_key, changed_at, tx.now, self.settings.reset_life)
            await store.put_reset(tx, reset)
            await outbox.drop(tx, reset.id)
            await outbox.enqueue(tx, letters.for_reset(reset))

        await self.database.write(unit)
        return GetResetPasswordTokenResponse()

    async def reset_password(self, message: PasswordReset, call: Call) -> PasswordResetResponse:
        """Set a new password for whoever has the mailbox of the link. Every session of the user ends.

        Raises:
            UnknownLink: the token is not genuine.
            LinkExpired: it was used, or its time is over.
        """
        rules.check_reset(message)
        named = tokens.read_named(message.token or "")
        version = self._genuine(Purpose.PASSWORD_RESET, named) if named else None
        if named is None or version is None:
            raise UnknownLink
        await self.database.read(lambda tx: self._held(tx, named.id, version, message))
        password_hash = await self.passwords.hash(message.new_password or "")

        async def unit(tx: Transaction) -> None:
            reset, user = await self._held(tx, named.id, version, message)
            await tx.execute(store.USE_RESET, used=reset.id, version_before=reset.version)
            await users.set_password(tx, user.id, password_hash)
            # Whoever reads the mailbox is no stranger: what strangers did wrong no longer slows this client down.
            await attempts.settle(tx, self.lockout, reset.address_key, call.client)
            await _write_down(tx, user.contact_id, "password reset")

        await self.database.write(unit)
        return PasswordResetResponse()

    def _genuine(self, purpose: Purpose, named: tokens.Named) -> int | None:
        recognised = tokens.recognise(self.keys(), purpose, named.id, named.token)
        return recognised.version if recognised else None

    async def _register(self, tx: Transaction, new: Applicant, account: NewAccount) -> str:
        if new.invitation and await self._is_proved(tx, new):
            await self._make(tx, account)
            return READY
        expires_at = tx.now + self.settings.proof_life
        registration = Registration(new_id(), new.address, account, expires_at, proved_at=None)
        await store.add_registration(tx, registration, account)
        await outbox.enqueue(tx, letters.for_registration(registration))
        return CHECK_MAIL

    async def _is_proved(self, tx: Transaction, new: Applicant) -> bool:
        """Whether the invitation proves the mailbox of an address that nobody has yet."""
        if await self.proved_by_invitation(tx, new.invitation or "", new.address.key) is None:
            return False
        return await users.by_address_key(tx, new.address.key) is None

    async def _prove(self, tx: Transaction, registration_id: Guid) -> None:
        stored = await tx.one(store.REGISTRATION, id=registration_id)
        registration = rules.check_proof(stored, tx.now)
        if registration.account is None:
            return
        await tx.execute(store.PROVE_REGISTRATION, proved=registration.id, now=tx.now)
        await self._make(tx, registration.account)

    async def _make(self, tx: Transaction, account: NewAccount) -> None:
        """The contact, the user, and what goes with it; other registrations of the address are forgotten."""
        person = NewPerson(profile=account.profile, email=account.address.text)
        contact_id = await records.create_person(tx, person)
        await users.create(
            tx, NewUser(contact_id=contact_id, address=account.address, password_hash=account.password_hash)
        )
        if account.business is not None:
            await records.create_organisation(tx, NewOrganisation(owner=contact_id, profile=account.business))
        await tx.execute(store.DELETE_OTHER_REGISTRATIONS, address_key=account.address.key)
        await self.address_verified(tx, contact_id, account.address.key)
        await _write_down(tx, contact_id, "registered")

    async def _held(self, tx: Transaction, reset_id: Guid, version: int, message: PasswordReset) -> tuple[Reset, User]:
        """The reset and the user whose password it resets, when the link holds and the password may be theirs."""
        reset = await tx.one(store.RESET, id=reset_id)
        user = await users.by_address_key(tx, reset.address_key) if reset else None
        held = rules.check_link(reset, version, _changed_at(user), tx.now, self.settings.reset_life)
        if user is None:
            raise UnknownLink
        rules.check_reset(message, EmailAddress(held.address_key, held.address_key))
        return held, user


def _changed_at(user: User | None) -> datetime | None:
    return user.password_changed_at if user else None


async def _write_down(tx: Transaction, contact_id: Guid, act: str) -> None:
    await journal.append(tx, Entry("contact", contact_id, act, person=contact_id, acted_for=contact_id))


__all__ = ["CHECK_MAIL", "READY", "AccountsService", "AddressVerified", "InvitationProof"]
