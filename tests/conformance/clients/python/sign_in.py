"""Every way to sign in and out."""

import dtos
from servicestack import Authenticate, AuthenticateResponse, JsonServiceClient
from telling import GIVEN, address_of, anonymous, credentials, own_contact, refused, signed_in, tell

FIRST = GIVEN["first"]


def facts(answer: AuthenticateResponse) -> list[object]:
    """Return the facts in a response to a sign-in."""
    tokens = [answer.bearer_token is not None, answer.refresh_token is not None]
    return [answer.user_name, answer.display_name, answer.roles, (answer.meta or {}).get("ContactId"), *tokens]


def cookies(client: JsonServiceClient) -> list[str]:
    """Return the names of the client's cookies."""
    return sorted(cookie.name for cookie in client._session.cookies if cookie.value)


client = anonymous()
tell("nobody", refused(lambda: own_contact(client)))
answer = client.send(credentials(FIRST))
tell("credentials", facts(answer))
tell("session cookie", [cookies(client), own_contact(client)])
tell("who is signed in", client.get(Authenticate()).user_name)

client.send(Authenticate(provider="logout"))
tell("signed out", [cookies(client), refused(lambda: own_contact(client))])
tell(
    "token of a session that has ended", refused(lambda: own_contact(anonymous().set_bearer_token(answer.bearer_token)))
)

tell("bearer", own_contact(signed_in(FIRST)))
tell("basic", own_contact(anonymous().set_credentials(FIRST["address"], FIRST["password"])))
wrong = Authenticate(provider="credentials", user_name=address_of("nobody"), password="not this one")
tell("wrong password", refused(lambda: anonymous().send(wrong)))
tell("wrong basic", refused(lambda: own_contact(anonymous().set_credentials(address_of("no.one"), "not this one"))))
tell("garbage as a token", refused(lambda: own_contact(anonymous().set_bearer_token("garbage"))))
tell("garbage where nobody need sign in", facts(anonymous().set_bearer_token("garbage").send(credentials(FIRST)))[0])

client = anonymous()
remembered = credentials(FIRST)
remembered.use_token_cookie = remembered.remember_me = True
tell("token cookies", [facts(client.send(remembered))[3:], cookies(client), own_contact(client)])
client.send(dtos.AuthenticateLogout())
tell("token cookies after signing out", [cookies(client), refused(lambda: own_contact(client))])


def sign_in_when_asked() -> None:
    """Get a token once the server requires one."""
    asked.bearer_token = signed_in(FIRST).bearer_token


asked = anonymous()
asked.on_authentication_required = sign_in_when_asked
tell("asked to sign in", own_contact(asked))
