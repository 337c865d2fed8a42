"""A greeter whose users sign in with a password, and get tokens and cookies."""

import secrets
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, closing

from greeter import HelloResponse, service
from memory import MemorySessions, MemoryUsers, User
from servicehost import Authenticated, Call, Catalog, Host, Request, Route, serve
from servicehost.http import LifespanApplication
from servicehost.security import SECRET_LENGTH, KeyRing, Passwords, SigningKey, SignInService, SignInSettings


class GreetMe(Request[HelloResponse]):
    """Greet the signed-in user."""

    access = Authenticated
    changes_state = False
    routes = (Route("/me"),)


async def greet_me(message: GreetMe, call: Call) -> HelloResponse:
    """Greet the signed-in user."""
    assert call.principal is not None
    return HelloResponse(result=f"Hello, {call.principal.display_name}!")


users, passwords = MemoryUsers(), Passwords()
keys = KeyRing((SigningKey("first", secrets.token_bytes(SECRET_LENGTH)),))
sign_in = SignInService.build(
    users=users,
    sessions=MemorySessions(users),
    passwords=passwords,
    keys=lambda: keys,
    settings=SignInSettings(public_origin=service.public_url),
)


catalog = Catalog(service, {GreetMe: greet_me, **sign_in.handlers()})


@asynccontextmanager
async def opened() -> AsyncIterator[Host]:
    """Add a user before the first request, and stop the threads that hash passwords after the last one."""
    with closing(passwords):
        password_hash = await passwords.hash("a long enough passphrase")
        users.by_name["sun@example.com"] = User("sun@example.com", "Sun", password_hash)
        yield Host(catalog, authenticator=sign_in.authenticator)


app = LifespanApplication(opened)

if __name__ == "__main__":
    serve(app, port=8080)
