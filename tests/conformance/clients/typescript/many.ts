/** Many requests at once, requests whose answers nobody waits for, and files. */

import { GetRolesForConnection } from './dtos.js';
import { given, older, refused, signedIn, tell } from './telling.js';

const { first } = given;
const NOWHERE = '00000000-0000-4000-8000-000000000000';

const client = await signedIn(first);
const completed: (string | null)[] = [];
client.responseFilter = response => completed.push(response.headers.get('X-AutoBatch-Completed'));

/** Asks which roles a contact may give a person. */
function rolesFor(contact: string) {
    return new GetRolesForConnection({ FromContactId: contact, ContactTypeId: given.real_person });
}

const three = [1, 2, 3].map(() => rolesFor(first.contact));
const answers = await client.sendAll(three);
tell('a batch', answers.map(each => each.Roles.length));
tell('a batch that fails', await refused(client, () => client.sendAll([rolesFor(first.contact), rolesFor(NOWHERE)])));
tell('completed', completed);

tell('a batch that nobody waits for', await client.sendAllOneWay(three));
tell('one that nobody waits for', (await client.sendOneWay(three[0])).Roles.length);
const inOlderPlace = older();
inOlderPlace.bearerToken = client.bearerToken;
const inOrder = await inOlderPlace.sendAll(three);
tell('in the older place', [
    inOrder.map(each => each.Roles.length), await inOlderPlace.sendAllOneWay(three) ?? null,
    (await inOlderPlace.sendOneWay(three[0])).Roles.length,
]);

const form = new FormData();
form.append('file', new Blob(['a page'], { type: 'text/plain' }), 'page.txt');
const uploaded = await client.apiForm(rolesFor(first.contact), form);
tell('a file', uploaded.response?.Roles.length);
