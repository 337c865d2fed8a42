"""The pages behind the links of mails, and the welcome page. Opening a page changes nothing; its button sends a POST."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from platform_api import connections
from platform_api.accounts import READY_ALREADY, AccountsService, PasswordReset, Proof, VerifyMailbox
from platform_api.connections import Answering, Links, LinkState, PublicConnectionRequestStatusUpdate, RequestPreview
from platform_api.contacts import full_name
from platform_api.roles import in_sentence
from platform_api.web.cards import TEMPLATES, Cards, Field, Form
from platform_api.web.messages import (
    AnswerInvitation,
    HomePage,
    InvitationPage,
    MailboxPage,
    MailInvitationAgain,
    PasswordResetPage,
    ProveMailbox,
    SetPassword,
)
from servicehost.contract.call import Call, Handler, Page
from servicehost.contract.messages import Request
from servicehost.languages.registry import tabs

_PROVED: Final = "Your registration is complete"
_PROOF: Final = (
    "Enter the password that you chose when you registered; this confirms that the email address is yours. If you enter "
    "another password, it becomes the password of the account shown here. Correct the name if it is not yours."
)


@dataclass(frozen=True, slots=True)
class WebService:
    """The operations that answer with pages."""

    cards: Cards
    links: Links
    answering: Answering
    accounts: AccountsService

    def handlers(self) -> Mapping[type[Request[Any]], Handler]:
        """The handlers of the pages below the mount."""
        return {
            InvitationPage: self.invitation,
            AnswerInvitation: self.answer_invitation,
            MailInvitationAgain: self.mail_again,
            MailboxPage: self.mailbox,
            ProveMailbox: self.prove_mailbox,
            PasswordResetPage: self.password_reset,
            SetPassword: self.set_password,
        }

    def pages(self) -> Mapping[type[Request[Any]], Handler]:
        """The handlers of the pages outside the mount."""
        return {HomePage: self.home}

    async def home(self, _message: HomePage, _call: Call) -> Page:
        """The welcome page, with links to the documentation and the typed clients."""
        return Page(TEMPLATES.render("home.html", service=self.cards.service, languages=tabs()))

    async def invitation(self, message: InvitationPage, call: Call) -> Page:
        """The request behind a link, with a button for the act that is possible."""

        async def show() -> Page:
            preview = await self.links.preview(message.connection_request_id, message.token)
            return self._preview_page(preview, message.token, call)

        return await self.cards.shown(show)

    async def answer_invitation(self, message: AnswerInvitation, call: Call) -> Page:
        """Accept the request of a link."""

        async def act() -> Page:
            public = PublicConnectionRequestStatusUpdate(
                connection_request_id=message.connection_request_id, token=message.token
            )
            await self.answering.accept_publicly(public, call)
            preview = await self.links.preview(message.connection_request_id, message.token)
            return self._preview_page(preview, message.token, call)

        return await self.cards.shown(act)

    async def mail_again(self, message: MailInvitationAgain, _call: Call) -> Page:
        """Mail the newest link again."""

        async def act() -> Page:
            await self.links.mail_again(message.connection_request_id, message.token)
            return self.cards.page("Check your email", "We sent the newest link to the invited address.")

        return await self.cards.shown(act)

    def _preview_page(self, preview: RequestPreview, token: str | None, call: Call) -> Page:
        request_id, name = preview.request_id, preview.sender_name
        match preview.state:
            case LinkState.OPEN:
                action = call.path_of(AnswerInvitation(connection_request_id=request_id))
                return self.cards.page("Connection request", _sentences(preview), Form(action, "Accept", _token(token)))
            case LinkState.REPLACED:
                action = call.path_of(MailInvitationAgain(connection_request_id=request_id))
                form = Form(action, "Send me the newest link", _token(token))
                return self.cards.page("There is a newer invitation", "Use the link in the newest email.", form)
            case LinkState.ACCEPTED:
                role = in_sentence(preview.sender_role)
                return self.cards.page("You accepted the request", f"{name} is now your {role}.")
            case LinkState.EXPIRED:
                return self.cards.page("The request expired", f"Ask {name} to send it again.", status=410)
            case LinkState.CLOSED:
                return self.cards.page("The request is closed", "It was declined, cancelled or removed.", status=410)

    async def mailbox(self, message: MailboxPage, call: Call) -> Page:
        """The registration behind a link, with its names to correct and a password to enter."""

        async def show() -> Page:
            proof = await self.accounts.open_proof(message.token or "")
            if proof is None:
                return self.cards.page(_PROVED, READY_ALREADY)
            return self.cards.page("Complete your registration", _PROOF, _proof_form(call, message.token, proof))

        return await self.cards.shown(show)

    async def prove_mailbox(self, message: ProveMailbox, call: Call) -> Page:
        """Complete a registration; after a mistake the form is shown again."""

        async def act() -> Page:
            proved = await self.accounts.verify_mailbox(
                VerifyMailbox(
                    token=message.token or "",
                    password=message.password,
                    first_name=message.first_name,
                    surname=message.surname,
                    drop_organisation=message.drop_organisation,
                    registration_id=message.registration_id,
                ),
                call,
            )
            return self.cards.page(_PROVED, proved.message or "")

        async def form() -> Form | None:
            proof = await self.accounts.open_proof(message.token or "")
            return None if proof is None else _proof_form(call, message.token, proof, message)

        return await self.cards.shown(act, form)

    async def password_reset(self, message: PasswordResetPage, call: Call) -> Page:
        """The form for a new password."""
        form = _password_form(call, message.token)
        return self.cards.page("Choose a new password", "You will be signed out everywhere.", form)

    async def set_password(self, message: SetPassword, call: Call) -> Page:
        """Set the new password."""

        async def act() -> Page:
            reset = PasswordReset(
                new_password=message.new_password, confirm_password=message.confirm_password, token=message.token
            )
            await self.accounts.reset_password(reset, call)
            return self.cards.page("Your password has been changed", "Sign in with the new password.")

        async def form() -> Form | None:
            return _password_form(call, message.token)

        return await self.cards.shown(act, form)


def _sentences(preview: RequestPreview) -> str:
    request = connections.request_sentence(preview.sender_name, preview.receiver_role)
    outcome = connections.outcome_sentence(preview.sender_name, preview.sender_role, preview.receiver_role)
    return f"{request} {outcome}"


def _proof_form(call: Call, token: str | None, proof: Proof, typed: ProveMailbox | None = None) -> Form:
    """The form of a proof, with the names of the newest registration, or with those that were typed before."""
    registration = proof.registrations[0]
    profile, business = registration.account.profile, registration.account.business
    first_name, surname = (typed.first_name, typed.surname) if typed else (profile.first_name, profile.surname)
    fields = [
        Field("FirstName", "First name", value=first_name or "", autocomplete="given-name"),
        Field("Surname", "Surname", value=surname or "", required=False, autocomplete="family-name"),
        Field("Password", "Password", "password", autocomplete="current-password"),
    ]
    if business is not None:
        fields.append(
            Field("DropOrganisation", f"Do not register {full_name(business)}", "checkbox", "true", required=False)
        )
    hidden = _token(token) | {"RegistrationId": registration.id}
    return Form(call.path_of(ProveMailbox()), "Complete registration", hidden, tuple(fields))


def _password_form(call: Call, token: str | None) -> Form:
    fields = (
        Field("NewPassword", "New password", "password", autocomplete="new-password"),
        Field("ConfirmPassword", "Repeat the new password", "password", autocomplete="new-password"),
    )
    return Form(call.path_of(SetPassword()), "Set password", _token(token), fields)


def _token(token: str | None) -> dict[str, str]:
    return {"Token": token or ""}


__all__ = ["WebService"]
