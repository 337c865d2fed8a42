"""The pages behind the links of mails. Looking changes nothing; each page has a button, and the button POSTs."""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from platform_api.accounts import READY_ALREADY, AccountsService, PasswordReset, Proof, VerifyMailbox
from platform_api.connections import wording
from platform_api.connections.answering import Answering
from platform_api.connections.errors import RequestNotFound
from platform_api.connections.links import Links, Look, Sight
from platform_api.connections.messages import PublicConnectionRequestStatusUpdate
from platform_api.contacts.rules import full_name
from platform_api.roles import in_sentence
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
from servicehost.contract.catalog import Service
from servicehost.contract.errors import ServiceError
from servicehost.contract.messages import Request
from servicehost.languages.registry import tabs
from servicehost.pages import Templates

_TEMPLATES: Final = Templates("platform_api.web")
_PRIVATE: Final = {"Cache-Control": "no-store", "Referrer-Policy": "same-origin"}
"""For pages with a token in their address: they are kept nowhere, and their address is told to no other site.

Under `no-referrer` their forms would send `Origin: null`, as a page of another site does.
"""

_WORTH_TRYING_AGAIN: Final = (400, 503)
_BROKEN_LINK: Final = "This link is not valid. Copy the complete link from the email."
_PROVED: Final = "Your registration is complete"
_PROOF: Final = (
    "Enter the password that you chose when you registered; this confirms that the email address is yours. If you enter "
    "another password, it becomes the password of the account shown here. Correct the name if it is not yours."
)


@dataclass(frozen=True, slots=True)
class Field:
    """An input of a form.

    Attributes:
        kind: the type of the HTML input.
        value: what it holds at first.
        required: whether it must be filled in.
        autocomplete: what a browser may fill in.
    """

    name: str
    label: str
    kind: str = "text"
    value: str = ""
    required: bool = True
    autocomplete: str = "on"


@dataclass(frozen=True, slots=True)
class Form:
    """What a page asks for: a button, with hidden values and inputs."""

    action: str
    button: str
    hidden: Mapping[str, str] = field(default_factory=dict)
    fields: tuple[Field, ...] = ()


@dataclass(frozen=True, slots=True)
class WebService:
    """The operations of the web app."""

    service: Service
    links: Links
    answering: Answering
    accounts: AccountsService

    def handlers(self) -> Mapping[type[Request[Any]], Handler]:
        """The operations under the mount."""
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
        """The operations outside the mount."""
        return {HomePage: self.home}

    async def home(self, _message: HomePage, _call: Call) -> Page:
        """Where to begin."""
        html = _TEMPLATES.render("home.html", service=self.service, languages=tabs())
        return Page(html)

    async def invitation(self, message: InvitationPage, _call: Call) -> Page:
        """The request behind a link, with the one thing that can be done about it."""

        async def show() -> Page:
            look = await self.links.look(message.connection_request_id, message.token)
            return self._look(look, message.token or "")

        return await self._shown(show)

    async def answer_invitation(self, message: AnswerInvitation, call: Call) -> Page:
        """Accept the request of a link."""

        async def act() -> Page:
            public = PublicConnectionRequestStatusUpdate(
                connection_request_id=message.connection_request_id, token=message.token
            )
            await self.answering.accept_publicly(public, call)
            look = await self.links.look(message.connection_request_id, message.token)
            return self._look(look, message.token or "")

        return await self._shown(act)

    async def mail_again(self, message: MailInvitationAgain, _call: Call) -> Page:
        """Have the newest link mailed again."""

        async def act() -> Page:
            await self.links.mail_again(message.connection_request_id, message.token)
            return self._page("Check your email", "We sent the newest link to the invited address.")

        return await self._shown(act)

    async def mailbox(self, message: MailboxPage, _call: Call) -> Page:
        """The registration behind a link, with its names to correct and a password to type."""

        async def show() -> Page:
            proof = await self.accounts.open_proof(message.token or "")
            if proof is None:
                return self._page(_PROVED, READY_ALREADY)
            return self._page("Complete your registration", _PROOF, self._proof_form(message.token, proof))

        return await self._shown(show)

    async def prove_mailbox(self, message: ProveMailbox, call: Call) -> Page:
        """Complete a registration; a form with mistakes is shown again."""

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
            return self._page(_PROVED, proved.message or "")

        async def form() -> Form | None:
            proof = await self.accounts.open_proof(message.token or "")
            return None if proof is None else self._proof_form(message.token, proof, message)

        return await self._shown(act, form)

    def _proof_form(self, token: str | None, proof: Proof, typed: ProveMailbox | None = None) -> Form:
        """The form of a proof. It shows the newest registration, or once more what was typed."""
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
        return Form(self._path("/account/verifymailbox/confirm"), "Complete registration", hidden, tuple(fields))

    async def password_reset(self, message: PasswordResetPage, _call: Call) -> Page:
        """The form for a new password."""
        return self._page("Choose a new password", "You will be signed out everywhere.", self._password_form(message))

    async def set_password(self, message: SetPassword, call: Call) -> Page:
        """Set the new password."""

        async def act() -> Page:
            reset = PasswordReset(
                new_password=message.new_password, confirm_password=message.confirm_password, token=message.token
            )
            await self.accounts.reset_password(reset, call)
            return self._page("Your password has been changed", "Sign in with the new password.")

        async def form() -> Form | None:
            return self._password_form(message)

        return await self._shown(act, form)

    def _password_form(self, message: PasswordResetPage | SetPassword) -> Form:
        fields = (
            Field("NewPassword", "New password", "password", autocomplete="new-password"),
            Field("ConfirmPassword", "Repeat the new password", "password", autocomplete="new-password"),
        )
        return Form(self._path("/account/passwordreset/confirm"), "Set password", _token(message.token), fields)

    def _look(self, look: Look, token: str) -> Page:
        path = f"/public/connectionrequests/{look.request_id}"
        sentences = (
            wording.asked(look.sender_name, look.receiver_role),
            wording.outcome(look.sender_name, look.sender_role, look.receiver_role),
        )
        match look.sight:
            case Sight.OPEN:
                form = Form(self._path(f"{path}/answer"), "Accept", _token(token))
                return self._page("Connection request", " ".join(sentences), form)
            case Sight.REPLACED:
                form = Form(self._path(f"{path}/mailagain"), "Send me the newest link", _token(token))
                return self._page("There is a newer invitation", "Use the link in the newest email.", form)
            case Sight.ACCEPTED:
                role = in_sentence(look.sender_role)
                return self._page("You accepted the request", f"{look.sender_name} is now your {role}.")
            case Sight.EXPIRED:
                return self._page("The request expired", f"Ask {look.sender_name} to send it again.", status=410)
            case Sight.CLOSED:
                return self._page("The request is closed", "It was declined, cancelled or removed.", status=410)

    async def _shown(
        self, show: Callable[[], Awaitable[Page]], form: Callable[[], Awaitable[Form | None]] | None = None
    ) -> Page:
        """A page, or the refusal as a page: whoever follows a link is a person. `form` is what to try again."""
        try:
            return await show()
        except ServiceError as error:
            again = await form() if form is not None and error.status in _WORTH_TRYING_AGAIN else None
            text = _BROKEN_LINK if isinstance(error, RequestNotFound) else error.message
            page = self._page("This did not work", text, again, error.status)
            return Page(page.html, page.status, {**page.headers, **error.headers})

    def _path(self, path: str) -> str:
        return self.service.mount + path

    def _page(self, heading: str, text: str, form: Form | None = None, status: int = 200) -> Page:
        html = _TEMPLATES.render("card.html", service=self.service, heading=heading, text=text, form=form)
        return Page(html, status, _PRIVATE)


def _token(token: str | None) -> dict[str, str]:
    return {"Token": token or ""}


__all__ = ["Field", "Form", "WebService"]
