/** What the programs of this folder share: what they were given, who they are, and how they tell what they saw. */

import { JsonApiClient, JsonServiceClient } from '@servicestack/client';
import { Authenticate, GetMailboxMessage, GetMailboxMessages, GetOwnContact } from './dtos.js';

declare const process: { env: { [name: string]: string } };

export interface Person { address: string; password: string; contact: string }

interface Given {
    url: string; strict_url: string; client: string; real_person: string; role: string;
    operator: Person; first: Person; second: Person;
}

export const given: Given = JSON.parse(process.env.GIVEN);

/** Where requests were sent to, with a star for each id. */
export const places = new Set<string>();
JsonServiceClient.globalRequestFilter = request =>
    places.add(new URL(request.url!).pathname.replace(/[0-9a-f-]{36}/g, '*'));

/** An address that nobody else has. */
export function addressOf(name: string) {
    return `${name}.${given.client.toLowerCase()}@example.com`;
}

/** One line of what was seen. */
export function tell(name: string, value: unknown) {
    console.log(JSON.stringify([name, value ?? null]));
}

/** A client of a server that nobody has signed in at. */
export function anonymous(url = given.url) {
    return given.client == 'JsonApiClient' ? JsonApiClient.create(url) : new JsonServiceClient(url);
}

/** The same, which uses the places that clients used before. */
export function older(url = given.url) {
    return new JsonServiceClient(`${url}/api`).useBasePath('');
}

/** What somebody signs in with. */
export function credentials(who: Person) {
    return new Authenticate({ provider: 'credentials', userName: who.address, password: who.password });
}

/** A client with the bearer token of somebody. */
export async function signedIn(who: Person, url = given.url) {
    const client = anonymous(url);
    client.bearerToken = (await anonymous(url).post(credentials(who))).bearerToken;
    return client;
}

/** The contact that the server takes the client for. */
export async function ownContact(client: JsonServiceClient) {
    return (await client.send(new GetOwnContact())).Contact.ContactId;
}

export const NOT_REFUSED = 'it was not refused';

/** What the client tells of a refusal: status, code, wrong members; and whether it was the renewal that failed. */
export async function refused(client: JsonServiceClient, act: (client: JsonServiceClient) => Promise<unknown>) {
    let status = 0;
    client.exceptionFilter = response => status = response?.status ?? status;
    try {
        await act(client);
    } catch (error: any) {
        const { errorCode: code, message, errors } = error.responseStatus;
        const fields = (errors ?? []).map((each: any) => [each.fieldName, each.errorCode]);
        const told = { status, code, message, fields };
        return error.type == 'RefreshTokenException' ? { ...told, while: 'renewing' } : told;
    }
    return NOT_REFUSED;
}

export function pause() {
    return new Promise(resolve => setTimeout(resolve, 50));
}

/** The token of the newest link to a page in the letters to an address, which the operator reads. */
export async function tokenMailedTo(address: string, page: string) {
    const operator = await signedIn(given.operator), link = `${page}?Token=`;
    for (;;) {
        for (const mail of (await operator.send(new GetMailboxMessages())).Messages) {
            if (mail.To != address)
                continue;
            const text = (await operator.send(new GetMailboxMessage({ MessageId: mail.MessageId }))).Text;
            if (text.includes(link))
                return text.split(link)[1].split(/\s/)[0];
        }
        await pause();
    }
}
