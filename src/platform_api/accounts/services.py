"""The operations of accounts: registration, mailbox proof, password reset."""

from collections.abc import Awaitable, Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from platform_api import contacts, identity, journal, limits, mail
from platform_api.accounts import letters, link_rules, proving, rules, store
from platform_api.accounts.errors import LinkExpired, UnknownLink
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
from platform_api.accounts.values import (
    OPEN_REGISTRATIONS,
    AccountLink,
    AccountSettings,
    Applicant,
    NewAccount,
    Proof,
    Registration,
)
from platform_api.contacts import NewOrganisation, NewPerson
from platform_api.database.transaction import Database, Transaction
from platform_api.foundation import tokens
from platform_api.foundation.ids import new_id
from platform_api.foundation.tokens import Purpose
from platform_api.identity import EmailAddress, NewUser, SignInPauses, User, network_of, parse_address
from platform_api.journal import Entry
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

READY = "The account is ready. Sign in with your email address and password."
"""What is answered to whoever has proved the mailbox."""

READY_ALREADY = "The account was completed before. Sign in with its password, or reset the password by email."
"""The answer to a link that was used already. It changes nothing, so the password that came with it may be another."""


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
        pauses: whose counters a proved mailbox clears.
    """

    database: Database
    passwords: Passwords
    keys: KeySource
    proved_by_invitation: InvitationProof
    address_verified: AddressVerified
    settings: AccountSettings = field(default_factory=AccountSettings)
    pauses: SignInPauses = field(default_factory=SignInPauses)

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

    async def verify_mailbox(self, message: VerifyMailbox, call: Call) -> VerifyMailboxResponse:
        """Make the account that the link and the password complete. The client may sign in at once.

        A link that was used already changes nothing, and its answer says so: a lost reply may be asked for again.

        Raises:
            InvalidFields: there is no password, or it cannot be one.
            UnknownLink: the token is not genuine.
            LinkExpired: it came too late.
            AddressTaken: there is an account with the address by now.
        """
        if not message.password:
            raise InvalidFields("VerifyMailbox", [*rules.password_errors("Password", None, "", None, None)])
        proof = await self.open_proof(message.token)
        if proof is None:
            return VerifyMailboxResponse(message=READY_ALREADY)
        account = await self._completed(message, proof)
        made = await self.database.write(lambda tx: self._prove(tx, proof.link, account, call.client))
        return VerifyMailboxResponse(message=READY if made else READY_ALREADY)

    async def open_proof(self, token: str) -> Proof | None:
        """The registrations that the link of a mailbox proof may complete; None if the link was used already.

        Raises:
            UnknownLink: the token is not genuine.
            LinkExpired: its time is over.
        """
        link_id, version = self._genuine(Purpose.MAILBOX_PROOF, token)

        async def unit(tx: Transaction) -> Proof | None:
            link = await tx.one(store.LINK, id=link_id)
            if link_rules.was_used(link, version):
                return None
            link = link_rules.check(link, version, None, tx.now, self.settings)
            registrations = await store.open_registrations(tx, link)
            if not registrations:
                raise LinkExpired
            return Proof(link, tuple(registrations))

        return await self.database.read(unit)

    async def get_reset_token(self, message: GetResetPasswordToken, call: Call) -> GetResetPasswordTokenResponse:
        """Have a link mailed that resets the password, if somebody has the address; the answer does not tell."""
        if not message.user_name:
            raise InvalidFields("GetResetPasswordToken", [FieldError("UserName", "'UserName' is empty.", "NotEmpty")])
        address_key = parse_address(message.user_name, field="UserName").key
        client = network_of(call.client)

        async def unit(tx: Transaction) -> None:
            await limits.spend(tx, self.settings.resets, client)
            user = await identity.find_user_by_address(tx, address_key)
            await self._ask(tx, Purpose.PASSWORD_RESET, address_key, _changed_at(user))

        await self.database.write(unit)
        return GetResetPasswordTokenResponse()

    async def reset_password(self, message: PasswordReset, call: Call) -> PasswordResetResponse:
        """Set a new password for whoever has the mailbox of the link. Every session of the user ends.

        Raises:
            UnknownLink: the token is not genuine.
            LinkExpired: its time is over.
            LinkUsed: it was used.
        """
        rules.check_reset(message)
        link_id, version = self._genuine(Purpose.PASSWORD_RESET, message.token or "")
        await self.database.read(lambda tx: self._held(tx, link_id, version, message))
        password_hash = await self.passwords.hash(message.new_password or "")

        async def unit(tx: Transaction) -> None:
            link, user = await self._held(tx, link_id, version, message)
            await tx.execute(store.USE_LINK, used=link.id, version_used=link.version)
            await identity.set_password(tx, user.id, password_hash)
            await self._admit(tx, await identity.verified_addresses(tx, user.contact_id), call.client)
            await _write_down(tx, user.contact_id, "password reset")

        await self.database.write(unit)
        return PasswordResetResponse()

    def _genuine(self, purpose: Purpose, token: str) -> tuple[Guid, int]:
        """The link that a token belongs to, and its version."""
        named = tokens.read_named(token)
        recognised = tokens.recognise(self.keys(), purpose, named.id, named.token) if named else None
        if named is None or recognised is None:
            raise UnknownLink
        return named.id, recognised.version

    async def _ask(
        self, tx: Transaction, purpose: Purpose, address_key: str, changed_at: datetime | None
    ) -> AccountLink:
        """Ask for the link of an address once more; its letter is queued unless one went out a short time ago.

        The statements are the same for every address, and within a gap: the same letter again changes nothing.
        """
        before = await tx.one(store.LINK_OF, address_key=address_key, purpose=purpose.value)
        link = link_rules.asked(before, (new_id(), purpose, address_key), changed_at, tx.now, self.settings)
        await store.put_link(tx, link)
        await mail.enqueue(tx, letters.for_link(link))
        return link

    async def _completed(self, message: VerifyMailbox, proof: Proof) -> NewAccount:
        """The account to make. As many passwords are computed however many registrations there are."""
        password = proving.check_password(message, proof)
        stored = [registration.account.password_hash for registration in proof.registrations]
        matches = [
            await self.passwords.verify(stored[number] if number < len(stored) else None, password)
            for number in range(OPEN_REGISTRATIONS)
        ]
        return proving.completed(message, proof, matches, await self.passwords.hash(password))

    async def _admit(self, tx: Transaction, addresses: Iterable[EmailAddress], client: str) -> None:
        """Let a client sign in at once: whoever reads the mailbox does not pause for what strangers got wrong."""
        for address in addresses:
            await identity.count_success(tx, self.pauses, address.key, client)

    async def _register(self, tx: Transaction, new: Applicant, account: NewAccount) -> str:
        if new.invitation and await self._is_proved(tx, new):
            await self._make(tx, account)
            return READY
        link = await self._ask(tx, Purpose.MAILBOX_PROOF, new.address.key, None)
        await store.add_registration(tx, Registration(new_id(), account, link.version, tx.now))
        return CHECK_MAIL

    async def _is_proved(self, tx: Transaction, new: Applicant) -> bool:
        """Whether the invitation proves the mailbox of an address that nobody has yet."""
        if await self.proved_by_invitation(tx, new.invitation or "", new.address.key) is None:
            return False
        return await identity.find_user_by_address(tx, new.address.key) is None

    async def _prove(self, tx: Transaction, link: AccountLink, account: NewAccount, client: str) -> bool:
        """Use the link and make the account; whether it did, which it does not if another request was faster."""
        stored = await tx.one(store.LINK, id=link.id)
        if link_rules.was_used(stored, link.version):
            return False
        link_rules.check(stored, link.version, None, tx.now, self.settings)
        await self._make(tx, account)
        await self._admit(tx, [account.address], client)
        return True

    async def _make(self, tx: Transaction, account: NewAccount) -> None:
        """The contact, the user, and what goes with it; the registrations of the address are over, and so is its link."""
        person = NewPerson(profile=account.profile, email=account.address.text)
        contact_id = await contacts.create_person(tx, person)
        await identity.create_user(
            tx, NewUser(contact_id=contact_id, address=account.address, password_hash=account.password_hash)
        )
        if account.business is not None:
            await contacts.create_organisation(tx, NewOrganisation(owner=contact_id, profile=account.business))
        await tx.execute(store.DELETE_REGISTRATIONS_OF, address_key=account.address.key)
        await tx.execute(store.USE_LINK_OF, of_address=account.address.key, of_purpose=Purpose.MAILBOX_PROOF.value)
        await self.address_verified(tx, contact_id, account.address.key)
        await _write_down(tx, contact_id, "registered")

    async def _held(
        self, tx: Transaction, link_id: Guid, version: int, message: PasswordReset
    ) -> tuple[AccountLink, User]:
        """The link and the user whose password it resets, when the link works and the password may be theirs."""
        link = await tx.one(store.LINK, id=link_id)
        user = await identity.find_user_by_address(tx, link.address_key) if link else None
        held = link_rules.check(link, version, _changed_at(user), tx.now, self.settings)
        if user is None:
            raise LinkExpired
        rules.check_reset(message, EmailAddress(held.address_key, held.address_key))
        return held, user


def _changed_at(user: User | None) -> datetime | None:
    return user.password_changed_at if user else None


async def _write_down(tx: Transaction, contact_id: Guid, act: str) -> None:
    await journal.append(tx, Entry("contact", contact_id, act, person=contact_id, acted_for=contact_id))


__all__ = ["CHECK_MAIL", "READY", "READY_ALREADY", "AccountsService", "AddressVerified", "InvitationProof"]
