/** The same operation at each of its places, with each method. */

import {
    AcceptConnectionRequest, GetConnectionsToContact, GetConnectionsToContactResponse, SortOrder,
} from './dtos.js';
import { credentials, given, older, refused, signedIn, tell } from './telling.js';

const { first } = given;
const ROUTE = `/api/contacts/${first.contact}/connections`;

const client = await signedIn(first), inOlderPlace = older();
tell('credentials in the older place', (await inOlderPlace.post(credentials(first))).userName);
const connections = new GetConnectionsToContact({
    ContactId: first.contact, ContactTypeId: given.real_person, RequestorContactId: first.contact, IsPagedMode: true,
    PageNumber: 1, PageSize: 2, SortOrder: SortOrder.Ascending,
});

/** What an answer with connections says. */
function facts(answer: GetConnectionsToContactResponse) {
    return [answer.TotalConnections, answer.Connections.length];
}

for (const method of ['get', 'post', 'put', 'patch', 'delete'] as const) {
    tell(`${method} in the newer place`, facts(await client[method](connections)));
    tell(`${method} in the older place`, facts(await inOlderPlace[method](connections)));
}

const query = { ContactTypeId: given.real_person, RequestorContactId: first.contact, IsPagedMode: true };
tell('its route', facts(await client.get<GetConnectionsToContactResponse>(ROUTE, query)));
const posted = new GetConnectionsToContact({ ContactTypeId: given.real_person, RequestorContactId: first.contact });
tell('its route by post', facts(await client.postToUrl(ROUTE, posted)));
tell('beside a body', facts(await client.postBody(connections, '{"PageSize": 1}')));
tell('a refusal in the older place', await refused(inOlderPlace, client => client.post(new AcceptConnectionRequest())));
tell('names as asked', await client.get(ROUTE, { ...query, jsconfig: 'EmitCamelCaseNames' }));
