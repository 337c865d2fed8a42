"""Letters of accounts: their kinds, the facts that each is rendered from, and their content."""

from dataclasses import dataclass
from datetime import timedelta

from platform_api import identity
from platform_api.accounts import link_rules, store
from platform_api.accounts.messages import PasswordReset, VerifyMailbox
from platform_api.accounts.settings import AccountSettings
from platform_api.accounts.values import AccountLink
from platform_api.database.transaction import Transaction
from platform_api.foundation import tokens
from platform_api.foundation.tokens import Purpose
from platform_api.limits import in_words
from platform_api.mail import Button, Drop, DropReason, Letter, LetterContext, LetterKey, LetterKind, Mail, Withhold
from servicehost.contract.scalars import EMPTY_GUID, Guid

REGISTRATION = "registration"
"""Kind of the letters to a registered address: a link, or the information that there is an account already."""

PASSWORD_RESET = "password reset"  # noqa: S105 - a kind, not a password
"""Kind of the letters with a link that resets a password."""

_KINDS = {Purpose.MAILBOX_PROOF: REGISTRATION, Purpose.PASSWORD_RESET: PASSWORD_RESET}


@dataclass(frozen=True, slots=True)
class LinkFacts:
    """Facts of a letter with a link.

    Attributes:
        to: the address.
        version: version of the link.
        life: how long the link works.
        known: whether a user has the address already; then a registration gets no link.
    """

    to: str
    link_id: Guid
    version: int
    life: timedelta
    known: bool


def for_link(link: AccountLink) -> Letter:
    """The latest letter with a link. After a request within a gap it is the previous letter again."""
    return Letter(_KINDS[link.purpose], link.id, link.version, link.address_key, series=link.letters)


@dataclass(frozen=True, slots=True)
class AccountLetters:
    """Letter kinds of accounts."""

    settings: AccountSettings

    def kinds(self) -> tuple[LetterKind[LinkFacts], LetterKind[LinkFacts]]:
        """All letter kinds. They have no daily limit, since the gaps between letters limit them."""
        return (
            LetterKind(REGISTRATION, self.load_registration, render_registration, allowance=None),
            LetterKind(PASSWORD_RESET, self.load_reset, render_reset, allowance=None),
        )

    async def load_registration(self, tx: Transaction, key: LetterKey) -> LinkFacts | Drop:
        """Load the facts of a letter to a registered address."""
        link = await store.get_link(tx, key.subject_id)
        if link is None or not _is_latest(link, key):
            return Drop(DropReason.OBSOLETE)
        registrations = await store.open_registrations(tx, link)
        user = await identity.find_user_by_address(tx, link.address_key)
        if not registrations or not link_rules.is_current(link, None):
            return Drop(DropReason.OBSOLETE)
        await store.note_sending(tx, link)
        return self._facts(link, registrations[0].account.address.text, known=user is not None)

    async def load_reset(self, tx: Transaction, key: LetterKey) -> LinkFacts | Withhold[LinkFacts] | Drop:
        """Load the facts of a reset. The letter is withheld if no user has the address, which must not be noticeable.

        It goes to the address as its owner wrote it, not as it was written in the request.
        """
        link = await store.get_link(tx, key.subject_id)
        if link is None or not _is_latest(link, key):
            return Drop(DropReason.OBSOLETE)
        user = await identity.find_user_by_address(tx, link.address_key)
        addresses = await identity.verified_addresses(tx, user.contact_id if user else EMPTY_GUID)
        if not link_rules.is_current(link, user.password_changed_at if user else None):
            return Drop(DropReason.OBSOLETE)
        await store.note_sending(tx, link)
        to = next((address.text for address in addresses if address.key == link.address_key), None)
        if to is None:
            return Withhold(DropReason.UNREGISTERED, self._facts(link, link.address_key, known=False))
        return self._facts(link, to, known=True)

    def _facts(self, link: AccountLink, to: str, *, known: bool) -> LinkFacts:
        return LinkFacts(to, link.id, link.version, self.settings.life(link.purpose), known)


def _is_latest(link: AccountLink, key: LetterKey) -> bool:
    return (link.version, link.letters) == (key.version, key.series)


def render_registration(facts: LinkFacts, context: LetterContext) -> Mail:
    """Registration mail: a link that proves the mailbox, unless there is an account already."""
    return _already_registered(facts, context) if facts.known else _proof(facts, context)


def render_reset(facts: LinkFacts, context: LetterContext) -> Mail:
    """Password reset mail."""
    token = _named_token(context, Purpose.PASSWORD_RESET, facts)
    return Mail.compose(
        context,
        to=facts.to,
        subject=f"Reset your password for {context.service_name}",
        paragraphs=[
            "A password reset was requested for your account.",
            f"The link works once and expires after {in_words(facts.life)}.",
        ],
        button=Button("Choose a new password", context.url_of(PasswordReset(token=token))),
        footer=[
            "If you did not request this, ignore this email. Your password stays as it is unless the link is used."
        ],
    )


def _proof(facts: LinkFacts, context: LetterContext) -> Mail:
    token = _named_token(context, Purpose.MAILBOX_PROOF, facts)
    return Mail.compose(
        context,
        to=facts.to,
        subject=f"Confirm your email address for {context.service_name}",
        paragraphs=[
            f"This email address was used to register with {context.service_name}.",
            "To confirm that it is yours, open the link and enter the password that you chose.",
            f"The link works once and expires after {in_words(facts.life)}.",
        ],
        button=Button("Confirm the address", context.url_of(VerifyMailbox(token=token))),
        footer=["If you did not register, ignore this email. No account is created without confirmation."],
    )


def _already_registered(facts: LinkFacts, context: LetterContext) -> Mail:
    return Mail.compose(
        context,
        to=facts.to,
        subject=f"You already have an account with {context.service_name}",
        paragraphs=[
            "This email address was used to register again, but it already has an account.",
            "Nothing has changed. Sign in with your password, or request a link to choose a new one.",
        ],
        footer=["If you did not do this, ignore this email. No one was told that you have an account."],
    )


def _named_token(context: LetterContext, purpose: Purpose, facts: LinkFacts) -> str:
    return tokens.named(facts.link_id, context.token(purpose, facts.link_id, facts.version))


__all__ = [
    "PASSWORD_RESET",
    "REGISTRATION",
    "AccountLetters",
    "LinkFacts",
    "for_link",
    "render_registration",
    "render_reset",
]
