/** What happens once an access token has expired, with refresh tokens in the body and in cookies. */

import { AcceptConnectionRequest, GetAccessToken } from './dtos.js';
import { anonymous, credentials, given, NOT_REFUSED, older, ownContact, pause, refused, tell } from './telling.js';

const { first, strict_url: url } = given;

/** A client that has been used before. */
function withTokens(bearer: string, refresh?: string) {
    const client = anonymous(url);
    client.bearerToken = bearer;
    client.refreshToken = refresh!;
    return client;
}

/** Whether the server takes a token no longer. */
async function hasExpired(token: string) {
    return await refused(withTokens(token), ownContact) != NOT_REFUSED;
}

const inBody = await anonymous(url).post(credentials(first)), inCookies = anonymous(url);
await inCookies.post(credentials(first), { useTokenCookie: true });
const firstCookie = inCookies.cookies['ss-tok'].value;
while (!(await hasExpired(inBody.bearerToken) && await hasExpired(firstCookie)))
    await pause();

tell('without a refresh token', await refused(withTokens(inBody.bearerToken), ownContact));
if (given.client != 'JsonApiClient') {
    let client = withTokens(inBody.bearerToken, inBody.refreshToken);
    tell('in the body', [await ownContact(client), client.bearerToken != inBody.bearerToken]);
    client = withTokens('garbage', inBody.refreshToken);
    tell('in the body again', await ownContact(client));
    client = older(url);
    client.bearerToken = 'garbage';
    client.refreshToken = inBody.refreshToken;
    client.refreshTokenUri = `${url}/api/GetAccessToken`;
    tell('in the older place', await ownContact(client));
    tell('a wrong refresh token', await refused(withTokens(inBody.bearerToken, 'garbage'), ownContact));
    const missing = new AcceptConnectionRequest({ ConnectionRequestId: '00000000-0000-4000-8000-000000000000' });
    client = withTokens('garbage', inBody.refreshToken);
    tell('another failure', await refused(client, client => client.post(missing)));
}

tell('in cookies', [await ownContact(inCookies), inCookies.cookies['ss-tok'].value != firstCookie]);
const answer = await inCookies.post(new GetAccessToken());
tell('asked for in cookies', [answer.accessToken ?? null, await ownContact(inCookies)]);
