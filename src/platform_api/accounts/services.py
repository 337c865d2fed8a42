"""Operations on accounts: registration, proof of a mailbox, password reset."""

from collections.abc import Awaitable, Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from platform_api import contacts, identity, journal, limits, mail
from platform_api.accounts import letters, link_rules, proof_rules, rules, store
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
from platform_api.accounts.settings import AccountSettings
from platform_api.accounts.values import (
    OPEN_REGISTRATIONS,
    AccountLink,
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

InvitationCheck = Callable[[Transaction, str, str], Awaitable[object | None]]
"""(tx, token, address key) -> not None if the token of an invitation proves the mailbox of the address."""

AddressVerified = Callable[[Transaction, Guid, str], Awaitable[None]]
"""(tx, contact, address key): called when a contact has verified an address."""

CHECK_MAIL = "Check your mail: a link that completes the registration was sent to the address."
"""Message after a registration, the same for every address."""

READY = "The account is ready. Sign in with your email address and password."
"""Message after the proof of a mailbox."""

READY_ALREADY = "The account was completed before. Sign in with its password, or reset the password by email."
"""Message after a link that was used already. Nothing changes, so the password of the request may differ."""


@dataclass(frozen=True, slots=True)
class AccountsService:
    """Operations on accounts.

    Attributes:
        keys: keys that the tokens of links are derived from.
        proved_by_invitation: checks whether the token of an invitation proves a mailbox.
        address_verified: called when a contact has verified an address.
        pauses: policies of failed sign-ins, whose counters a proof resets.
    """

    database: Database
    passwords: Passwords
    keys: KeySource
    proved_by_invitation: InvitationCheck
    address_verified: AddressVerified
    settings: AccountSettings = field(default_factory=AccountSettings)
    pauses: SignInPauses = field(default_factory=SignInPauses)

    def handlers(self) -> Mapping[type[Request[Any]], Handler]:
        """The handler of each operation."""
        return {
            RegisterNewUser: self.register,
            VerifyMailbox: self.verify_mailbox,
            GetResetPasswordToken: self.get_reset_token,
            PasswordReset: self.reset_password,
        }

    async def register(self, message: RegisterNewUser, call: Call) -> RegisterNewUserResponse:
        """Store a registration and mail the link that completes it; a valid invitation completes it at once.

        The user with the address is looked up only when the letter is sent, so that response, work and time are the same
        for every address.
        """
        new = rules.applicant(message)
        client = network_of(call.client)
        await self.database.write(lambda tx: limits.spend(tx, self.settings.registrations, client))
        account = NewAccount(new.address, await self.passwords.hash(new.password), new.profile, new.business)
        return RegisterNewUserResponse(message=await self.database.write(lambda tx: self._register(tx, new, account)))

    async def verify_mailbox(self, message: VerifyMailbox, call: Call) -> VerifyMailboxResponse:
        """Create the account that the link and the password complete. The client may sign in at once.

        A link that was used already changes nothing and the message says so, since a request may be repeated after a lost
        response.

        Raises:
            InvalidFields: the password is missing or not acceptable.
            UnknownLink: the token is not genuine.
            LinkExpired: the link has expired.
            AddressTaken: another account has the address.
        """
        if not message.password:
            raise InvalidFields("VerifyMailbox", [*rules.password_errors("Password", None, None)])
        proof = await self.open_proof(message.token)
        if proof is None:
            return VerifyMailboxResponse(message=READY_ALREADY)
        account = await self._completed(message, proof)
        made = await self.database.write(lambda tx: self._prove(tx, proof.link, account, call.client))
        return VerifyMailboxResponse(message=READY if made else READY_ALREADY)

    async def open_proof(self, token: str) -> Proof | None:
        """Find the registrations that the link of a mailbox proof may complete; None if the link was used already.

        Raises:
            UnknownLink: the token is not genuine.
            LinkExpired: the link has expired.
        """
        link_id, version = self._genuine(Purpose.MAILBOX_PROOF, token)

        async def unit(tx: Transaction) -> Proof | None:
            link = await store.get_link(tx, link_id)
            if link_rules.was_used(link, version):
                return None
            link = link_rules.check(link, version, None, tx.now, self.settings)
            registrations = await store.open_registrations(tx, link)
            if not registrations:
                raise LinkExpired
            return Proof(link, tuple(registrations))

        return await self.database.read(unit)

    async def get_reset_token(self, message: GetResetPasswordToken, call: Call) -> GetResetPasswordTokenResponse:
        """Mail a link that resets the password, if a user has the address. The response is the same for every address."""
        if not message.user_name:
            raise InvalidFields("GetResetPasswordToken", [FieldError("UserName", "'UserName' is empty.", "NotEmpty")])
        address_key = parse_address(message.user_name, field="UserName").key
        client = network_of(call.client)

        async def unit(tx: Transaction) -> None:
            await limits.spend(tx, self.settings.resets, client)
            user = await identity.find_user_by_address(tx, address_key)
            await self._request_link(tx, Purpose.PASSWORD_RESET, address_key, _changed_at(user))

        await self.database.write(unit)
        return GetResetPasswordTokenResponse()

    async def reset_password(self, message: PasswordReset, call: Call) -> PasswordResetResponse:
        """Set a new password for the user whose mailbox got the link. Every session of the user ends.

        Raises:
            InvalidFields: the token is missing, or the password is missing or not acceptable.
            UnknownLink: the token is not genuine.
            LinkExpired: the link has expired.
            LinkUsed: the link was used already.
        """
        rules.check_reset(message)
        link_id, version = self._genuine(Purpose.PASSWORD_RESET, message.token or "")
        await self.database.read(lambda tx: self._check_reset(tx, link_id, version, message))
        password_hash = await self.passwords.hash(message.new_password or "")

        async def unit(tx: Transaction) -> None:
            link, user = await self._check_reset(tx, link_id, version, message)
            await store.use_link(tx, link)
            await identity.set_password(tx, user.id, password_hash)
            await self._admit(tx, await identity.verified_addresses(tx, user.contact_id), call.client)
            await _record(tx, user.contact_id, "password reset")

        await self.database.write(unit)
        return PasswordResetResponse()

    def _genuine(self, purpose: Purpose, token: str) -> tuple[Guid, int]:
        """The id and version of the link that a genuine token belongs to."""
        named = tokens.read_named(token)
        recognised = tokens.recognise(self.keys(), purpose, named.id, named.token) if named else None
        if named is None or recognised is None:
            raise UnknownLink
        return named.id, recognised.version

    async def _request_link(
        self, tx: Transaction, purpose: Purpose, address_key: str, changed_at: datetime | None
    ) -> AccountLink:
        """Request the link of an address; its letter is queued unless the previous one left a short time ago.

        The statements are the same for every address, also within a gap: queueing the same letter again has no effect.
        """
        before = await store.find_link(tx, purpose, address_key)
        new = AccountLink.first(new_id(), purpose, address_key, tx.now)
        link = link_rules.requested(before, new, changed_at, tx.now, self.settings)
        await store.put_link(tx, link)
        await mail.enqueue(tx, letters.for_link(link))
        return link

    async def _completed(self, message: VerifyMailbox, proof: Proof) -> NewAccount:
        """The account to create. The number of hashes computed does not depend on the number of registrations."""
        password = proof_rules.checked_password(message, proof)
        stored = [registration.account.password_hash for registration in proof.registrations]
        matches = [
            await self.passwords.verify(stored[number] if number < len(stored) else None, password)
            for number in range(OPEN_REGISTRATIONS)
        ]
        return proof_rules.completed_account(message, proof, matches, await self.passwords.hash(password))

    async def _admit(self, tx: Transaction, addresses: Iterable[EmailAddress], client: str) -> None:
        """Let a client sign in at once: the owner of a mailbox need not wait because of failures of strangers."""
        for address in addresses:
            await identity.count_success(tx, self.pauses, address.key, client)

    async def _register(self, tx: Transaction, new: Applicant, account: NewAccount) -> str:
        if new.invitation and await self._is_proved(tx, new):
            await self._create_account(tx, account)
            return READY
        link = await self._request_link(tx, Purpose.MAILBOX_PROOF, new.address.key, None)
        await store.add_registration(tx, Registration(new_id(), account, link.version, tx.now))
        return CHECK_MAIL

    async def _is_proved(self, tx: Transaction, new: Applicant) -> bool:
        """Whether the invitation proves the mailbox, and no user has the address yet."""
        if await self.proved_by_invitation(tx, new.invitation or "", new.address.key) is None:
            return False
        return await identity.find_user_by_address(tx, new.address.key) is None

    async def _prove(self, tx: Transaction, link: AccountLink, account: NewAccount, client: str) -> bool:
        """Use the link and create the account; False if another request has used the link meanwhile."""
        stored = await store.get_link(tx, link.id)
        if link_rules.was_used(stored, link.version):
            return False
        link_rules.check(stored, link.version, None, tx.now, self.settings)
        await self._create_account(tx, account)
        await self._admit(tx, [account.address], client)
        return True

    async def _create_account(self, tx: Transaction, account: NewAccount) -> None:
        """Create the contacts and the user; the link and the other registrations of the address end."""
        person = NewPerson(profile=account.profile, email=account.address.text)
        contact_id = await contacts.create_person(tx, person)
        await identity.create_user(
            tx, NewUser(contact_id=contact_id, address=account.address, password_hash=account.password_hash)
        )
        if account.business is not None:
            await contacts.create_organisation(tx, NewOrganisation(owner=contact_id, profile=account.business))
        await store.delete_registrations(tx, account.address.key)
        await store.use_link_of_address(tx, Purpose.MAILBOX_PROOF, account.address.key)
        await self.address_verified(tx, contact_id, account.address.key)
        await _record(tx, contact_id, "registered")

    async def _check_reset(
        self, tx: Transaction, link_id: Guid, version: int, message: PasswordReset
    ) -> tuple[AccountLink, User]:
        """The link and its user, if the link works and the new password is acceptable for the user."""
        link = await store.get_link(tx, link_id)
        user = await identity.find_user_by_address(tx, link.address_key) if link else None
        checked = link_rules.check(link, version, _changed_at(user), tx.now, self.settings)
        if user is None:
            raise LinkExpired
        rules.check_reset(message, EmailAddress(checked.address_key, checked.address_key))
        return checked, user


def _changed_at(user: User | None) -> datetime | None:
    return user.password_changed_at if user else None


async def _record(tx: Transaction, contact_id: Guid, act: str) -> None:
    entry = Entry("contact", contact_id, act, person=contact_id, acted_for=contact_id, contacts=(contact_id,))
    await journal.append(tx, entry)


__all__ = ["CHECK_MAIL", "READY", "READY_ALREADY", "AccountsService", "AddressVerified", "InvitationCheck"]
