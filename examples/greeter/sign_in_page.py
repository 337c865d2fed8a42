"""A greeter with pages: one for people who are signed in, one that knows them if they are, and one to sign in."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from html import escape

from greeter import Hello, hello, service
from servicehost import Answer, Authenticated, Call, Catalog, Host, KnownIfSignedIn, Page, Public, Request, Route, serve
from servicehost.http import LifespanApplication, local_path
from servicehost.pages import text_page
from servicehost.security import Authenticate
from sign_in import opened as opened_users
from sign_in import sign_in

service = replace(service, front="/")


class FrontPage(Request[None]):
    """The front page, which greets a signed-in user by name."""

    access = KnownIfSignedIn
    changes_state = False
    published = False
    routes = (Route("/", verbs=("GET",)),)


class LettersPage(Request[None]):
    """A page for people who are signed in."""

    access = Authenticated
    changes_state = False
    published = False
    routes = (Route("/letters/{Year}", verbs=("GET",)),)

    year: int


class SignInPage(Request[None]):
    """The page to which the others send people who are not signed in."""

    access = Public
    changes_state = False
    published = False
    routes = (Route("/signin", verbs=("GET",)),)

    redirect: str | None = None


class SignInForm(Request[None]):
    """The message that the button of the sign-in page sends."""

    access = Public
    published = False
    routes = (Route("/signin", verbs=("POST",)),)

    user_name: str | None = None
    password: str | None = None
    redirect: str | None = None


async def front_page(message: FrontPage, call: Call) -> Page:
    """Greet by name if there is one, and link to the letters."""
    name = call.principal.display_name if call.principal else "stranger"
    text = f"Hello, {name}! The letters are at {call.path_of(LettersPage(year=2026))}."
    return Page(text_page(service, "Greeter", text))


async def letters_page(message: LettersPage, call: Call) -> Page:
    """Show the letters of a year."""
    assert call.principal is not None
    return Page(text_page(service, f"Letters of {message.year}", f"There are none for {call.principal.display_name}."))


async def sign_in_page(message: SignInPage, call: Call) -> Page:
    """Show the form."""
    action = call.path_of(SignInForm(redirect=message.redirect))
    return Page(
        f'<!doctype html><title>Sign in</title><form method="post" action="{escape(action)}">'
        '<input name="UserName"><input name="Password" type="password"><button>Sign in</button></form>'
    )


async def sign_in_by_form(message: SignInForm, call: Call) -> Answer:
    """Sign in with cookies, and lead back to where the person came from, which is a path of this host."""
    credentials = Authenticate(
        provider="credentials", user_name=message.user_name, password=message.password, use_token_cookie=True
    )
    signed_in = await sign_in.authenticate(credentials, call)
    location = local_path(message.redirect, otherwise=call.path_of(FrontPage()))
    return Answer(None, status=303, headers={"Location": location}, cookies=signed_in.cookies)


host = Host(
    Catalog(service, {Hello: hello, **sign_in.handlers()}),
    authenticator=sign_in.authenticator,
    pages={
        FrontPage: front_page,
        LettersPage: letters_page,
        SignInPage: sign_in_page,
        SignInForm: sign_in_by_form,
    },
    sign_in_page=SignInPage,
)


@asynccontextmanager
async def opened() -> AsyncIterator[Host]:
    """Open the users of the other example."""
    async with opened_users():
        yield host


app = LifespanApplication(opened)

if __name__ == "__main__":
    serve(app, port=8080)
