"""Behaviour after the expiry of an access token, with refresh tokens in the body and in cookies."""

import time

import dtos
from servicestack import GetAccessToken, JsonServiceClient
from telling import GIVEN, anonymous, credentials, older, own_contact, refused, tell

FIRST, URL = GIVEN["first"], GIVEN["strict_url"]


def with_tokens(bearer: str, refresh: str) -> JsonServiceClient:
    """Return a client that has been used before."""
    return anonymous(URL).set_bearer_token(bearer).set_refresh_token(refresh)


def token_cookie(client: JsonServiceClient) -> str:
    """Return the access token in the client's cookie."""
    return client._session.cookies["ss-tok"]


def has_expired(token: str) -> bool:
    """Whether the server no longer accepts a token."""
    return refused(lambda: own_contact(anonymous(URL).set_bearer_token(token))) != "it was not refused"


in_body = anonymous(URL).send(credentials(FIRST))
in_cookies, asked_for = anonymous(URL), credentials(FIRST)
asked_for.use_token_cookie = True
in_cookies.send(asked_for)
first_cookie = token_cookie(in_cookies)
while not (has_expired(in_body.bearer_token) and has_expired(first_cookie)):
    time.sleep(0.05)

tell("without a refresh token", refused(lambda: own_contact(anonymous(URL).set_bearer_token(in_body.bearer_token))))
client = with_tokens(in_body.bearer_token, in_body.refresh_token)
tell("in the body", [own_contact(client), client.bearer_token != in_body.bearer_token])
client = with_tokens("garbage", in_body.refresh_token)
tell("in the body again", own_contact(client))
client = older(URL).set_bearer_token("garbage").set_refresh_token(in_body.refresh_token)
client.refresh_token_uri = f"{URL}/api/GetAccessToken"
tell("in the older place", own_contact(client))
tell("a wrong refresh token", refused(lambda: own_contact(with_tokens(in_body.bearer_token, "garbage"))))
missing = dtos.AcceptConnectionRequest(ConnectionRequestId="00000000-0000-4000-8000-000000000000")
tell("another failure", refused(lambda: with_tokens("garbage", in_body.refresh_token).send(missing)))

tell("in cookies", [own_contact(in_cookies), token_cookie(in_cookies) != first_cookie])
second_cookie = token_cookie(in_cookies)
answer = in_cookies.send(GetAccessToken())
tell("asked for in cookies", [answer.access_token, own_contact(in_cookies)])
