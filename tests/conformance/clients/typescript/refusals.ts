/** What clients are told when a request is refused. */

import type { JsonServiceClient } from '@servicestack/client';
import {
    AcceptConnectionRequest, CancelConnectionRequest, ConnectContactsInRoles, ConnectionRequestResend,
    GetConnectionRequests, GetListResponse, GetLists, GetMailboxMessages, RegisterNewUser,
} from './dtos.js';
import { anonymous, given, refused, signedIn, tell } from './telling.js';

const { first, second } = given;
const NOWHERE = '00000000-0000-4000-8000-000000000000';

/** A request that this server does not know. */
class Hello {
    getTypeName() { return 'Hello'; }
    getMethod() { return 'POST'; }
    createResponse() { return new GetListResponse(); }
}

/** The request that the first person has sent to the second. */
async function pending() {
    const sender = await signedIn(first), receiver = await signedIn(second);
    await sender.post(new ConnectContactsInRoles({
        ContactId: first.contact, ToContactId: second.contact, ContactTypeId: given.real_person, Roles: [given.role],
        SendConnectionEmails: false,
    }));
    const listed = await receiver.post(new GetConnectionRequests({ ContactId: second.contact }));
    return listed.ConnectionRequests[0].ConnectionRequestId;
}

/** Answers to a request are refused to somebody. */
const accept = (ConnectionRequestId?: string) => (client: JsonServiceClient) =>
    client.post(new AcceptConnectionRequest({ ConnectionRequestId }));

const hasty = new RegisterNewUser({ EmailAddress: 'no address', Password: 'short', FirstName: 'First' });
tell('several members', await refused(anonymous(), client => client.post(hasty)));
const client = await signedIn(first);
tell('missing', await refused(client, () => client.post(new AcceptConnectionRequest())));
tell('no id', await refused(client, accept('no id')));
tell('no id in a query', await refused(client, () => client.get(new GetLists({ ListIds: [NOWHERE, 'no id'] }))));
tell('unknown operation', await refused(client, () => client.send(new Hello())));
tell('unknown route', await refused(client, () => client.get('/api/nothing/here')));
tell('not found', await refused(client, accept(NOWHERE)));
tell('not allowed', await refused(client, () => client.send(new GetMailboxMessages())));
const basic = anonymous();
basic.setCredentials(first.address, first.password);
const read = new AcceptConnectionRequest({ ConnectionRequestId: NOWHERE });
tell('read where it writes', await refused(basic, () => basic.get(read)));

const request = await pending();
const again = new ConnectionRequestResend({ ConnectionRequestId: request, ContactId: second.contact });
tell('too soon', await refused(await signedIn(first, given.strict_url), client => client.post(again)));
await client.post(new CancelConnectionRequest({ ConnectionRequestId: request }));
tell('too late', await refused(await signedIn(second), accept(request)));
const result = await client.api(new AcceptConnectionRequest({ ConnectionRequestId: request }));
tell('as a result', [result.succeeded, result.errorCode]);
