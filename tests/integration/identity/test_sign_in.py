"""Tests of signing in, recognising a user, and signing out."""

import asyncio
import base64
from collections.abc import AsyncIterator, Mapping
from datetime import timedelta

import pytest
from tests.support.accounts import ADDRESS, BROWSER, PASSWORD, Installation, described, installation, jar_after

from platform_api import identity
from platform_api.contacts import PlatformPrincipal
from platform_api.database.transaction import Transaction
from platform_api.identity import OPERATOR, SignInPauses, upkeep
from servicehost.contract.call import Answer, Call, Principal
from servicehost.contract.errors import ForeignOrigin, InvalidFields, MethodNotAllowed, NotAuthenticated
from servicehost.contract.scalars import Guid
from servicehost.security.authentication import Authentication
from servicehost.security.messages import (
    Authenticate,
    AuthenticateLogout,
    AuthenticateResponse,
    GetAccessToken,
    GetAccessTokenResponse,
)
from servicehost.security.passwords import HashCost, Passwords
from servicehost.security.services import RefreshTokenRefused, SignInService, UnknownProvider, WrongCredentials

HOUR = timedelta(hours=1)


@pytest.fixture
async def platform() -> AsyncIterator[Installation]:
    """An installation with one member."""
    async with installation() as platform:
        await platform.member()
        yield platform


async def by(
    node: SignInService, headers: Mapping[str, str], cookies: Mapping[str, str] | None = None
) -> Authentication:
    """The principal that a node finds for a call."""
    return await node.authenticator.authenticate(headers, cookies or {}, "192.0.2.1")


def bearer(token: str | None) -> dict[str, str]:
    """The header of a program that keeps tokens."""
    return {"authorization": f"Bearer {token}"}


def basic(password: str = PASSWORD, address: str = ADDRESS) -> dict[str, str]:
    """The header of a program that sends its password each time."""
    return {"authorization": "Basic " + base64.b64encode(f"{address}:{password}".encode()).decode()}


async def refreshed(platform: Installation, jar: dict[str, str]) -> tuple[Answer, dict[str, str]]:
    """Request a new access token as a browser; the response, and the cookies after it."""
    answer = await platform.sign_in.get_access_token(GetAccessToken(), Call(headers=BROWSER, cookies=jar))
    return answer, jar_after(jar, answer)


def access_token(answer: Answer) -> str | None:
    """The access token in the body of a response."""
    assert isinstance(answer.message, GetAccessTokenResponse)
    return answer.message.access_token


# Programs, with tokens in the body


async def test_a_program_gets_its_tokens_in_the_body(platform: Installation) -> None:
    """A client without browser headers gets its tokens in the body."""
    response = await platform.bearer()
    assert response.bearer_token
    assert response.refresh_token
    assert platform.database.now + timedelta(days=365) == response.refresh_token_expiry


async def test_the_answer_says_who_signed_in(platform: Installation) -> None:
    """The response has the user, the session and the names."""
    response = await platform.bearer()
    assert (ADDRESS, "First Person", []) == (response.user_name, response.display_name, response.roles)
    assert response.user_id
    assert response.session_id


async def test_a_bearer_token_names_the_contact(platform: Installation) -> None:
    """A node that remembers a token finds the contact without reading the database."""
    found = await by(platform.sign_in, bearer((await platform.bearer()).bearer_token))
    assert isinstance(found.principal, PlatformPrincipal)
    assert ("bearer", platform.verified[-1][0]) == (found.scheme, found.principal.contact_id)


async def test_a_known_token_costs_no_read(platform: Installation) -> None:
    """Between two checks, a token is recognised by its hash without reading the database."""
    headers = bearer((await platform.bearer()).bearer_token)
    first = await by(platform.sign_in, headers)
    reads = platform.database.reads
    assert first is await by(platform.sign_in, headers)
    assert reads == platform.database.reads


async def test_revocations_are_read_after_a_while(platform: Installation) -> None:
    """Without a notification, revocations are read every few seconds, once for all tokens."""
    headers = bearer((await platform.bearer()).bearer_token)
    platform.wait(timedelta(minutes=1))  # the new user counts as changed for a while
    await by(platform.sign_in, headers)
    reads = platform.database.reads
    platform.wait(timedelta(seconds=10))
    await by(platform.sign_in, headers)
    await by(platform.sign_in, headers)
    assert 1 == platform.database.reads - reads


async def test_a_token_is_checked_again_after_a_minute(platform: Installation) -> None:
    """The session of a remembered token is read again after a minute."""
    headers = bearer((await platform.bearer()).bearer_token)
    await by(platform.sign_in, headers)
    reads = platform.database.reads
    platform.wait(timedelta(minutes=1))
    await by(platform.sign_in, headers)
    assert 2 == platform.database.reads - reads


async def test_a_token_expires(platform: Installation) -> None:
    """After an hour a token is refused, and the problem states the reason."""
    headers = bearer((await platform.bearer()).bearer_token)
    platform.wait(HOUR)
    assert Authentication(problem="Token has expired") == await by(platform.sign_in, headers)


async def test_a_token_expires_while_it_is_remembered(platform: Installation) -> None:
    """A node does not remember a token beyond its expiry."""
    headers = bearer((await platform.bearer()).bearer_token)
    platform.wait(HOUR - timedelta(seconds=1))
    assert (await by(platform.sign_in, headers)).principal is not None
    platform.wait(timedelta(seconds=1))
    assert (await by(platform.sign_in, headers)).principal is None


async def test_a_refresh_token_in_the_body_is_not_rotated(platform: Installation) -> None:
    """A refresh token in a body stays valid after use, since published clients keep their first one."""
    refresh = (await platform.bearer()).refresh_token
    for _ in range(3):
        platform.wait(HOUR)
        answer = await platform.sign_in.get_access_token(GetAccessToken(refresh_token=refresh), Call())
        assert (await by(platform.sign_in, bearer(access_token(answer)))).principal is not None


async def test_a_stale_bearer_does_not_hinder_a_refresh(platform: Installation) -> None:
    """An expired bearer token beside a valid refresh token is ignored; a published client sends both."""
    response = await platform.bearer()
    platform.wait(HOUR)
    call = Call(headers=bearer(response.bearer_token))
    assert access_token(
        await platform.sign_in.get_access_token(GetAccessToken(refresh_token=response.refresh_token), call)
    )


@pytest.mark.parametrize("refresh_token", ["nonsense", "A" * 43, "\ud800"])
async def test_any_other_refresh_token_is_refused(platform: Installation, refresh_token: str) -> None:
    """A refresh token that was never issued is refused."""
    with pytest.raises(RefreshTokenRefused):
        await platform.sign_in.get_access_token(GetAccessToken(refresh_token=refresh_token), Call())


async def test_no_refresh_token_is_a_call_without_credentials(platform: Installation) -> None:
    """A request for an access token without a refresh token is a call without credentials."""
    with pytest.raises(NotAuthenticated):
        await platform.sign_in.get_access_token(GetAccessToken(), Call())


async def test_a_refresh_token_runs_out_after_a_year(platform: Installation) -> None:
    """A refresh token in a body expires after a year."""
    refresh = (await platform.bearer()).refresh_token
    platform.wait(timedelta(days=365))
    with pytest.raises(RefreshTokenRefused):
        await platform.sign_in.get_access_token(GetAccessToken(refresh_token=refresh), Call())


async def test_a_program_that_keeps_cookies_needs_no_token(platform: Installation) -> None:
    """The session cookie authenticates a program that keeps cookies and no tokens."""
    jar = jar_after({}, await platform.authenticate())
    found = await by(platform.sign_in, {}, jar)
    assert found.principal is not None
    assert ("cookie", ADDRESS) == (found.scheme, found.principal.user_name)


async def test_a_session_cookie_runs_out(platform: Installation) -> None:
    """A session that is not remembered expires after fourteen days."""
    jar = jar_after({}, await platform.authenticate())
    platform.wait(timedelta(days=14))
    assert (await by(platform.sign_in, {}, jar)).principal is None


async def test_junk_among_the_cookies_does_not_matter(platform: Installation) -> None:
    """An unparsable cookie is ignored; a published client sends half a date as a cookie."""
    jar = jar_after({"28 Nov 2026 17:00:00 GMT": "null"}, await platform.authenticate())
    assert (await by(platform.sign_in, {}, jar)).principal is not None


# Browsers, with tokens in cookies


async def test_a_browser_gets_its_tokens_in_cookies(platform: Installation) -> None:
    """A browser gets its tokens in cookies, not in the body, and a header names these cookies."""
    answer = await platform.authenticate(call=Call(headers=BROWSER))
    assert (None, None) == (described(answer).bearer_token, described(answer).refresh_token)
    assert {"ss-id", "ss-pid", "ss-opt", "ss-tok", "ss-reftok"} == {cookie.name for cookie in answer.cookies}
    assert {"X-Cookies": "ss-tok,ss-reftok", "Cache-Control": "no-store"} == answer.headers


async def test_a_browser_may_ask_for_the_body(platform: Installation) -> None:
    """`UseTokenCookie: false` overrides the browser headers."""
    answer = await platform.authenticate(call=Call(headers=BROWSER), use_token_cookie=False)
    assert described(answer).bearer_token


async def test_a_program_may_ask_for_cookies(platform: Installation) -> None:
    """`UseTokenCookie: true` overrides missing browser headers."""
    answer = await platform.authenticate(use_token_cookie=True)
    assert "ss-reftok" in {cookie.name for cookie in answer.cookies}


async def test_a_browser_is_recognised(platform: Installation) -> None:
    """The access token in the cookie authenticates a browser."""
    found = await by(platform.sign_in, BROWSER, await platform.browser())
    assert found.principal is not None
    assert ("cookie", ADDRESS) == (found.scheme, found.principal.user_name)


async def test_the_session_id_of_a_browser_is_no_credential(platform: Installation) -> None:
    """The cookie `ss-id` of a browser does not authenticate it without its tokens."""
    jar = await platform.browser()
    assert Authentication() == await by(platform.sign_in, BROWSER, {"ss-id": jar["ss-id"], "ss-pid": jar["ss-pid"]})


async def test_a_remembered_session_outlives_the_browser(platform: Installation) -> None:
    """With `RememberMe`, the cookies have an age."""
    answer = await platform.authenticate(call=Call(headers=BROWSER), remember_me=True)
    ages = {cookie.name: cookie.max_age for cookie in answer.cookies}
    month = 28 * 24 * 3600
    assert {"ss-id": None, "ss-pid": month, "ss-opt": month, "ss-tok": 3600, "ss-reftok": month} == ages


async def test_an_expired_browser_is_renewed_silently(platform: Installation) -> None:
    """A valid refresh token renews an expired access token: the response carries new tokens."""
    jar = await platform.browser()
    platform.wait(HOUR)
    found = await by(platform.sign_in, BROWSER, jar)
    assert found.principal is not None
    assert ["ss-tok", "ss-reftok"] == [cookie.name for cookie in found.cookies]
    assert () == (await by(platform.sign_in, BROWSER, jar_after(jar, found))).cookies


async def test_a_browser_asks_for_a_new_token(platform: Installation) -> None:
    """The response to a browser's renewal has cookies and an empty body."""
    jar = await platform.browser()
    answer, after = await refreshed(platform, jar)
    assert access_token(answer) is None
    assert {"X-Cookies": "ss-tok,ss-reftok", "Cache-Control": "no-store"} == answer.headers
    assert jar["ss-reftok"] != after["ss-reftok"]


async def test_requests_at_once_with_the_same_token_are_all_answered(platform: Installation) -> None:
    """Concurrent renewals get the same successor, so the order of their responses does not matter."""
    jar = await platform.browser()
    platform.wait(HOUR)
    answers = [await refreshed(platform, jar) for _ in range(3)]
    assert 1 == len({after["ss-reftok"] for _, after in answers})


async def test_a_lost_answer_can_be_asked_for_again(platform: Installation) -> None:
    """A replaced token still works for a minute."""
    jar = await platform.browser()
    await refreshed(platform, jar)
    platform.wait(timedelta(seconds=59))
    _, after = await refreshed(platform, jar)
    assert "ss-reftok" in (await refreshed(platform, after))[1]


async def test_reuse_after_a_minute_ends_the_session(platform: Installation) -> None:
    """Using a replaced token after a minute ends the session, since the token must have been copied."""
    jar = await platform.browser()
    _, after = await refreshed(platform, jar)
    platform.wait(timedelta(seconds=60))
    with pytest.raises(RefreshTokenRefused):
        await refreshed(platform, jar)
    with pytest.raises(RefreshTokenRefused):
        await refreshed(platform, after)
    assert (await by(platform.sign_in, BROWSER, after)).principal is None


async def test_a_copy_does_not_outlive_its_use(platform: Installation) -> None:
    """Within the minute a thief gets the same successor, and the second of the two to use that ends the session."""
    stolen = dict(await platform.browser())
    _, owner = await refreshed(platform, stolen)
    _, thief = await refreshed(platform, stolen)
    platform.wait(HOUR)
    _, owner = await refreshed(platform, owner)
    platform.wait(timedelta(minutes=2))
    with pytest.raises(RefreshTokenRefused):
        await refreshed(platform, thief)
    with pytest.raises(RefreshTokenRefused):
        await refreshed(platform, owner)


async def test_a_session_in_cookies_lives_on_while_it_is_used(platform: Installation) -> None:
    """Each renewal prolongs the session to fourteen days from then."""
    jar = await platform.browser()
    for _ in range(3):
        platform.wait(timedelta(days=13))
        _, jar = await refreshed(platform, jar)
    platform.wait(timedelta(days=14))
    with pytest.raises(RefreshTokenRefused):
        await refreshed(platform, jar)


async def test_a_refresh_token_of_a_cookie_does_not_work_in_a_body(platform: Installation) -> None:
    """A rotating refresh token is refused in a body, where it would not be rotated."""
    jar = await platform.browser()
    with pytest.raises(RefreshTokenRefused):
        await platform.sign_in.get_access_token(GetAccessToken(refresh_token=jar["ss-reftok"]), Call())


async def test_invalid_token_cookies_are_deleted(platform: Installation) -> None:
    """Cookies with invalid tokens are deleted, so that the browser stops sending them."""
    jar = await platform.browser()
    platform.wait(timedelta(days=15))
    found = await by(platform.sign_in, BROWSER, jar)
    assert {("ss-tok", 0), ("ss-reftok", 0)} == {(cookie.name, cookie.max_age) for cookie in found.cookies}


# Basic


async def test_basic_credentials_sign_in_each_request(platform: Installation) -> None:
    """Basic credentials authenticate a single request."""
    found = await by(platform.sign_in, basic())
    assert found.principal is not None
    assert ("basic", ADDRESS, "") == (found.scheme, found.principal.user_name, found.principal.session_id)


async def test_basic_credentials_are_hashed_once(platform: Installation) -> None:
    """Further requests with the same Basic credentials are recognised without hashing."""
    computed = platform.passwords.computations
    for _ in range(5):
        await by(platform.sign_in, basic())
    assert 1 == platform.passwords.computations - computed


async def test_many_connections_of_one_basic_client_are_verified_once(platform: Installation) -> None:
    """Concurrent requests with the same Basic credentials need one hash and count as one attempt."""
    computed = platform.passwords.computations
    found = await asyncio.gather(*(by(platform.sign_in, basic()) for _ in range(20)))
    assert all(each.principal for each in found)
    assert 1 == platform.passwords.computations - computed


async def test_a_changed_password_ends_basic_at_once(platform: Installation) -> None:
    """After a change of password, remembered Basic credentials are refused."""
    await by(platform.sign_in, basic())
    new_hash = await platform.passwords.hash("a better password")

    async def change(tx: Transaction) -> None:
        user = await identity.find_user_by_address(tx, "first@example.com")
        assert user is not None
        await identity.set_password(tx, user.id, new_hash)

    await platform.database.write(change)
    assert (await by(platform.sign_in, basic())).principal is None


@pytest.mark.parametrize(
    "value",
    [
        "Basic",
        "Basic !",
        "Basic YQ==",
        "Basic OnBhc3N3b3Jk",
        "Basic /////w==",
        "Bearer",
        "Bearer a.b.c",
        "Digest x",
        "",
    ],
)
async def test_malformed_credentials_are_ignored(platform: Installation, value: str) -> None:
    """Any text in the header is answered without an error, as if there were no credentials."""
    assert (await by(platform.sign_in, {"authorization": value})).principal is None


# Authenticate


@pytest.mark.parametrize("provider", ["credentials", "Credentials", "login", "", None])
async def test_the_names_of_the_provider(platform: Installation, provider: str | None) -> None:
    """Every name of the credentials provider signs in."""
    message = Authenticate(provider=provider, user_name=ADDRESS, password=PASSWORD)
    assert described(await platform.sign_in.authenticate(message, Call(client="192.0.2.1"))).user_id


async def test_an_unknown_provider_is_not_found(platform: Installation) -> None:
    """An unknown provider is 404."""
    with pytest.raises(UnknownProvider):
        await platform.sign_in.authenticate(Authenticate(provider="elsewhere"), Call())


async def test_reading_the_user_without_credentials_is_unauthorized(platform: Installation) -> None:
    """Without credentials, reading the signed-in user is 401."""
    with pytest.raises(NotAuthenticated, match="Not Authenticated"):
        await platform.sign_in.authenticate(Authenticate(), Call(method="GET"))


async def test_the_signed_in_user_can_be_read(platform: Installation) -> None:
    """Reading the signed-in user by GET gives the same response as signing in."""
    call = Call(method="GET", headers=BROWSER, cookies=await platform.browser())
    assert ADDRESS == described(await platform.sign_in.authenticate(Authenticate(), call)).user_name


async def test_the_answer_has_the_roles_of_the_user(platform: Installation) -> None:
    """The response has the installation-wide roles, so that clients can offer more to an operator."""
    user_id = Guid((await platform.bearer()).user_id or "")
    await platform.database.write(lambda tx: identity.give_role(tx, user_id, OPERATOR))
    assert [OPERATOR] == (await platform.bearer()).roles


async def test_a_role_is_withdrawn_at_once(platform: Installation) -> None:
    """Roles are read for each call and not stored in the token."""
    user_id = Guid((await platform.bearer()).user_id or "")
    await platform.database.write(lambda tx: identity.give_role(tx, user_id, OPERATOR))
    assert await platform.sign_in.authenticator.holds_role(Principal(user_id), OPERATOR)
    await platform.database.write(lambda tx: identity.take_role(tx, user_id, OPERATOR))
    assert not await platform.sign_in.authenticator.holds_role(Principal(user_id), OPERATOR)


async def test_missing_members_are_named(platform: Installation) -> None:
    """Both missing members are named at once."""
    with pytest.raises(InvalidFields) as refusal:
        await platform.sign_in.authenticate(Authenticate(provider="credentials"), Call())
    assert [("UserName", "NotEmpty"), ("Password", "NotEmpty")] == [
        (error.field, error.code) for error in refusal.value.fields
    ]


async def test_signing_in_by_get_is_refused(platform: Installation) -> None:
    """Signing in by GET is refused, since passwords must not be part of addresses."""
    with pytest.raises(MethodNotAllowed):
        await platform.authenticate(call=Call(method="GET"))


async def test_a_foreign_page_cannot_sign_in(platform: Installation) -> None:
    """Sign-in from another site is refused."""
    foreign = Call(headers={"sec-fetch-site": "cross-site", "origin": "https://evil.example"})
    with pytest.raises(ForeignOrigin):
        await platform.authenticate(call=foreign)


async def test_unknown_address_and_wrong_password_are_answered_the_same(platform: Installation) -> None:
    """The message does not tell whether the address or the password is wrong."""
    refusals = []
    for address, password in ((ADDRESS, "wrong password"), ("stranger@example.com", PASSWORD)):
        with pytest.raises(WrongCredentials) as refusal:
            await platform.authenticate(password, address)
        refusals.append((refusal.value.message, refusal.value.headers))
    assert refusals[0] == refusals[1]


async def test_unknown_address_and_wrong_password_are_the_same_work(platform: Installation) -> None:
    """Both cases run the same statements and one hash, so that the time tells nothing."""
    computed = platform.passwords.computations
    with platform.database.recording() as for_member, pytest.raises(WrongCredentials):
        await platform.authenticate("wrong password")
    with platform.database.recording() as for_stranger, pytest.raises(WrongCredentials):
        await platform.authenticate("wrong password", "stranger@example.com")
    assert for_member == for_stranger
    assert 2 == platform.passwords.computations - computed


async def test_a_hash_of_another_cost_is_renewed_at_the_next_sign_in(platform: Installation) -> None:
    """After a change of the cost, a user's hash is replaced at the next sign-in."""
    dearer = Passwords(HashCost(memory_kib=16, rounds=1))
    node = platform.node(dearer)
    message = Authenticate(provider="credentials", user_name=ADDRESS, password=PASSWORD)
    await node.authenticate(message, Call())
    await node.authenticate(message, Call())
    dearer.close()
    assert 3 == dearer.computations
    user = await platform.database.read(lambda tx: identity.find_user_by_address(tx, "first@example.com"))
    assert user is not None
    assert "m=16" in (user.password_hash or "")


# Signing out


async def test_signing_out_ends_the_session_and_its_tokens(platform: Installation) -> None:
    """After signing out, no credential of the session works, and the cookies are deleted."""
    response = await platform.bearer()
    headers = bearer(response.bearer_token)
    await by(platform.sign_in, headers)
    answer = await platform.sign_in.logout(AuthenticateLogout(), Call(headers=headers))
    assert AuthenticateResponse() == answer.message
    assert {"ss-id", "ss-pid", "ss-opt", "ss-tok", "ss-reftok"} == {cookie.name for cookie in answer.cookies}
    assert (await by(platform.sign_in, headers)).principal is None
    with pytest.raises(RefreshTokenRefused):
        await platform.sign_in.get_access_token(GetAccessToken(refresh_token=response.refresh_token), Call())


async def test_authenticate_signs_out_by_its_provider(platform: Installation) -> None:
    """`Authenticate` with the provider `logout` signs out."""
    jar = await platform.browser()
    call = Call(headers=BROWSER, cookies=jar)
    answer = await platform.sign_in.authenticate(Authenticate(provider="logout"), call)
    assert {} == jar_after(jar, answer)
    assert (await by(platform.sign_in, BROWSER, jar)).principal is None


async def test_signing_out_without_credentials_is_no_error(platform: Installation) -> None:
    """The response is the same as to any other sign-out."""
    answer = await platform.sign_in.logout(AuthenticateLogout(), Call())
    assert AuthenticateResponse() == answer.message


async def test_a_foreign_page_cannot_sign_out(platform: Installation) -> None:
    """Signing out from another site is refused, and so is signing out by a link."""
    jar = await platform.browser()
    foreign = Call(headers={"sec-fetch-site": "cross-site"}, cookies=jar)
    with pytest.raises(ForeignOrigin):
        await platform.sign_in.authenticate(Authenticate(provider="logout"), foreign)
    link = Call(method="GET", headers=BROWSER, cookies=jar)
    with pytest.raises(MethodNotAllowed):
        await platform.sign_in.authenticate(Authenticate(provider="logout"), link)


async def test_another_session_of_the_user_goes_on(platform: Installation) -> None:
    """Signing out ends one session and leaves the user's other sessions open."""
    here, there = await platform.bearer(), await platform.bearer()
    await platform.sign_in.logout(AuthenticateLogout(), Call(headers=bearer(here.bearer_token)))
    assert (await by(platform.sign_in, bearer(there.bearer_token))).principal is not None


async def test_another_node_learns_of_the_end_of_a_session(platform: Installation) -> None:
    """A node forgets what it remembers of a session when another node ends it."""
    other = platform.node()
    headers = bearer((await platform.bearer()).bearer_token)
    assert (await by(other, headers)).principal is not None
    await platform.sign_in.logout(AuthenticateLogout(), Call(headers=headers))
    assert (await by(other, headers)).principal is None


async def test_the_end_of_one_session_does_not_affect_others(platform: Installation) -> None:
    """A node still remembers the credentials of other sessions when one session ends."""
    platform.wait(timedelta(minutes=1))
    ended, other = await platform.bearer(), bearer((await platform.bearer()).bearer_token)
    remembered = await by(platform.sign_in, other)
    await platform.sign_in.logout(AuthenticateLogout(), Call(headers=bearer(ended.bearer_token)))
    assert remembered is await by(platform.sign_in, other)


# Upkeep


async def test_past_sessions_are_purged(platform: Installation) -> None:
    """Past sessions, their credentials and old failures are deleted."""
    await platform.bearer()
    await platform.browser()
    platform.wait(timedelta(days=400))
    # Two sessions, three credentials, three counters of these sign-ins, and one of the proof.
    assert 9 == await platform.database.write(lambda tx: upkeep.purge(tx, SignInPauses()))


async def test_open_sessions_are_kept(platform: Installation) -> None:
    """The purge leaves open sessions and their credentials."""
    jar = await platform.browser()
    platform.wait(timedelta(days=2))
    await platform.database.write(lambda tx: upkeep.purge(tx, SignInPauses()))
    assert (await by(platform.sign_in, BROWSER, jar)).principal is not None
