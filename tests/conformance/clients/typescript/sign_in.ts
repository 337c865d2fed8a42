/** Every way to sign in, and out. */

import type { JsonServiceClient } from '@servicestack/client';
import { Authenticate, AuthenticateLogout, type AuthenticateResponse } from './dtos.js';
import { addressOf, anonymous, credentials, given, ownContact, refused, signedIn, tell } from './telling.js';

const { first } = given;

/** What an answer to a sign-in says. */
function facts(answer: AuthenticateResponse) {
    const tokens = [answer.bearerToken != null, answer.refreshToken != null];
    return [answer.userName, answer.displayName, answer.roles, answer.meta?.ContactId, ...tokens];
}

/** The names of the cookies that a client keeps, with all that it took for one. */
function cookies(client: JsonServiceClient) {
    return Object.values(client.cookies).filter(each => each.value !== '').map(each => each.name).sort();
}

function withToken(token: string) {
    const client = anonymous();
    client.bearerToken = token;
    return client;
}

function withPassword(userName: string, password: string) {
    const client = anonymous();
    client.setCredentials(userName, password);
    return client;
}

let client = anonymous();
tell('nobody', await refused(client, ownContact));
const answer = await client.post(credentials(first));
tell('credentials', facts(answer));
tell('session cookie', [cookies(client), await ownContact(client)]);
tell('who is signed in', (await client.get(new Authenticate())).userName);

await client.post(new Authenticate({ provider: 'logout' }));
tell('signed out', [cookies(client), await refused(client, ownContact)]);
tell('token of a session that has ended', await refused(withToken(answer.bearerToken), ownContact));

tell('bearer', await ownContact(await signedIn(first)));
tell('basic', await ownContact(withPassword(first.address, first.password)));
const wrong = new Authenticate({ provider: 'credentials', userName: addressOf('nobody'), password: 'not this one' });
tell('wrong password', await refused(anonymous(), client => client.post(wrong)));
tell('wrong basic', await refused(withPassword(addressOf('no.one'), 'not this one'), ownContact));
tell('garbage as a token', await refused(withToken('garbage'), ownContact));
tell('garbage where nobody need sign in', facts(await withToken('garbage').post(credentials(first)))[0]);

client = anonymous();
const remembered = credentials(first);
remembered.rememberMe = true;
const told = facts(await client.post(remembered, { useTokenCookie: true })).slice(3);
tell('token cookies', [told, cookies(client), await ownContact(client)]);
await client.post(new AuthenticateLogout());
tell('token cookies after signing out', [cookies(client), await refused(client, ownContact)]);

client = anonymous();
client.onAuthenticationRequired = async () => {
    client.bearerToken = (await signedIn(first)).bearerToken;
};
tell('asked to sign in', await ownContact(client));
