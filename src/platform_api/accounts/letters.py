"""The mails of accounts: when one is queued, the facts that it is rendered from, and its words."""

from dataclasses import dataclass
from datetime import timedelta

from platform_api import tokens
from platform_api.accounts import store
from platform_api.accounts.values import AccountSettings, Registration, Reset
from platform_api.contacts.rules import full_name
from platform_api.database.transaction import Transaction
from platform_api.identity import users
from platform_api.limits.rules import in_words
from platform_api.outbox.kinds import LetterKind
from platform_api.outbox.mail import Button, LetterContext, Mail
from platform_api.outbox.text import clean_name
from platform_api.outbox.values import Drop, DropReason, Letter, LetterKey
from platform_api.tokens import Purpose
from servicehost.contract.scalars import Guid

REGISTRATION = "registration"
"""Kind of the letters that go to who registered an address: a link, or word that there is an account already."""

PASSWORD_RESET = "password reset"  # noqa: S105 - a kind, not a password
"""Kind of the letters with a link that resets a password."""

ALLOWANCE = "account letters"
"""Counted apart, so that strangers' invitations cannot hold back somebody's own letters."""

PROOF_VERSION = 1
"""The version of the tokens that prove a mailbox: each registration has one link in its life."""

VERIFY_PATH = "/api/account/verifymailbox"
RESET_PATH = "/api/account/passwordreset"


@dataclass(frozen=True, slots=True)
class RegistrationFacts:
    """What the mail to who registered an address says.

    Attributes:
        to: the address.
        registration_id: what the link proves.
        name: of the person, as the registration says it.
        known: somebody has the address already.
        life: how long the link works.
    """

    to: str
    registration_id: Guid
    name: str
    known: bool
    life: timedelta


@dataclass(frozen=True, slots=True)
class ResetFacts:
    """What the mail with a link that resets a password says.

    Attributes:
        to: the address.
        reset_id: what the link is for.
        version: of the link.
        life: how long it works.
    """

    to: str
    reset_id: Guid
    version: int
    life: timedelta


def for_registration(registration: Registration) -> Letter:
    """The letter to who registered an address. What it says is found out when it is sent, not while they wait."""
    return Letter(REGISTRATION, registration.id, PROOF_VERSION, registration.address.key)


def for_reset(reset: Reset) -> Letter:
    """The letter with the link of a reset; each time that it is asked for is another letter."""
    return Letter(PASSWORD_RESET, reset.id, reset.version, reset.address_key, series=reset.letters)


@dataclass(frozen=True, slots=True)
class AccountLetters:
    """The letter kinds of accounts, with what loading their facts needs."""

    settings: AccountSettings

    def kinds(self) -> tuple[LetterKind[RegistrationFacts], LetterKind[ResetFacts]]:
        """All of them, for the composition root."""
        return (
            LetterKind(REGISTRATION, self.load_registration, render_registration, ALLOWANCE),
            LetterKind(PASSWORD_RESET, self.load_reset, render_reset, ALLOWANCE),
        )

    async def load_registration(self, tx: Transaction, key: LetterKey) -> RegistrationFacts | Drop:
        """The facts of a registration that still waits for its proof."""
        registration = await tx.one(store.REGISTRATION, id=key.subject_id)
        if registration is None or registration.account is None or registration.expires_at <= tx.now:
            return Drop(DropReason.OBSOLETE)
        known = await users.by_address_key(tx, registration.address.key) is not None
        return RegistrationFacts(
            registration.address.text,
            registration.id,
            full_name(registration.account.profile),
            known,
            self.settings.proof_life,
        )

    async def load_reset(self, tx: Transaction, key: LetterKey) -> ResetFacts | Drop:
        """The facts of a reset; dropped when nobody has the address, which who asked is not told."""
        reset = await tx.one(store.RESET, id=key.subject_id)
        if reset is None or (reset.version, reset.letters) != (key.version, key.series):
            return Drop(DropReason.OBSOLETE)
        contact_id = await users.contact_with_address(tx, reset.address_key)
        known = await users.verified_addresses(tx, contact_id) if contact_id else []
        # To the address as its owner wrote it: two writings with one key need not reach one mailbox everywhere.
        to = next((address.text for address in known if address.key == reset.address_key), None)
        if to is None:
            return Drop(DropReason.OBSOLETE)
        return ResetFacts(to, reset.id, reset.version, self.settings.reset_life)


def render_registration(facts: RegistrationFacts, context: LetterContext) -> Mail:
    """The mail to who registered an address: with the link that proves it, unless there is an account already."""
    return _already_registered(facts, context) if facts.known else _proof(facts, context)


def render_reset(facts: ResetFacts, context: LetterContext) -> Mail:
    """The mail with a link that resets a password."""
    token = context.token(Purpose.PASSWORD_RESET, facts.reset_id, facts.version)
    return Mail.compose(
        context,
        to=facts.to,
        subject=f"Reset your password for {context.service_name}",
        paragraphs=[
            "Somebody, we hope you, asked to reset the password of your account.",
            f"The link works once, and for {in_words(facts.life)}.",
        ],
        button=Button("Choose a new password", _link(context, RESET_PATH, facts.reset_id, token)),
        footer=["If it was not you, do nothing: without the link nobody can change your password."],
    )


def _proof(facts: RegistrationFacts, context: LetterContext) -> Mail:
    token = context.token(Purpose.MAILBOX_PROOF, facts.registration_id, PROOF_VERSION)
    return Mail.compose(
        context,
        to=facts.to,
        subject=f"Confirm your e-mail address for {context.service_name}",
        paragraphs=[
            f"Somebody, we hope you, registered as {clean_name(facts.name)} with this e-mail address.",
            f"Confirm that it is yours, and the account is ready. The link works for {in_words(facts.life)}.",
        ],
        button=Button("Confirm the address", _link(context, VERIFY_PATH, facts.registration_id, token)),
        footer=[
            "If it was not you, do not confirm: somebody else would have an account with your address.",
            "Without confirmation the registration is forgotten.",
        ],
    )


def _already_registered(facts: RegistrationFacts, context: LetterContext) -> Mail:
    return Mail.compose(
        context,
        to=facts.to,
        subject=f"You have an account with {context.service_name} already",
        paragraphs=[
            "Somebody, we hope you, tried to register with this e-mail address. There is an account with it already.",
            "Nothing has changed. Sign in with the password that you have, or ask for a link to choose a new one.",
        ],
        footer=["If it was not you, there is nothing to do: who tried it was not told about your account."],
    )


def _link(context: LetterContext, path: str, id_: Guid, token: str) -> str:
    return context.link(f"{path}?Token={tokens.named(id_, token)}")


__all__ = [
    "PASSWORD_RESET",
    "PROOF_VERSION",
    "REGISTRATION",
    "RESET_PATH",
    "VERIFY_PATH",
    "AccountLetters",
    "RegistrationFacts",
    "ResetFacts",
    "for_registration",
    "for_reset",
    "render_registration",
    "render_reset",
]
