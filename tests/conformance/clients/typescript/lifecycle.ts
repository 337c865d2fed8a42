/** The whole life of connections, from two registrations to an invitation, by people who have the published client. */

import {
    AcceptConnectionRequest, CancelConnection, CancelConnectionRequest, ConnectContactsInRoles, ConnectionRequestResend,
    ConnectionRequestStatusUpdate, ConnectionStatusUpdate, DeclineConnectionRequest, GetConnectionRequests,
    GetConnectionRequestsResponse, GetConnectionsToContact, GetDataLists, GetLists, GetOwnContact,
    GetResetPasswordToken, GetRolesForConnection, IgnoreConnectionRequest, InviteContact, PasswordReset, PublicConnectionRequestStatusUpdate,
    RegisterNewUser, RemoveConnection, VerifyMailbox,
} from './dtos.js';
import { addressOf, anonymous, given, ownContact, places, signedIn, tell, tokenMailedTo } from './telling.js';

const PERSON = given.real_person;

/** Somebody who registers and proves the mailbox. */
async function register(name: string) {
    const address = addressOf(name), password = 'a long enough passphrase';
    const { Message: told } = await anonymous().post(new RegisterNewUser({
        EmailAddress: address, Password: password, FirstName: name, Surname: 'Person',
        Description: 'Zoë & Söhne, <b>said</b>', EmploymentIndustry: 'i', EmploymentRole: 'r',
        EmploymentGeographicArea: 'a',
    }));
    const Token = await tokenMailedTo(address, 'verifymailbox');
    const { Message: proved } = await anonymous().post(new VerifyMailbox({ Token, Password: password }));
    const contact = await ownContact(await signedIn({ address, password, contact: '' }));
    return { address, password, contact, told: [told != '', proved != ''] };
}

const sender = await register('sender'), receiver = await register('receiver');
tell('registered', [sender.told, receiver.told]);
const one = await signedIn(sender), other = await signedIn(receiver);
tell('described', (await one.send(new GetOwnContact())).Contact.Description);

const { Lists: lists } = await one.send(new GetDataLists());
const standard = lists.find(each => each.Name == 'Standard Roles')!;
const { List: alone } = await one.get(new GetLists({ ListIds: [standard.ListId] }));
const { List: all } = await one.get(new GetLists());
tell('lists', [alone.Name, alone.ListItems.length == standard.ListItems.length, all.Name]);

const { Roles: roles } = await one.get(new GetRolesForConnection({
    FromContactId: sender.contact, ContactId: receiver.contact, ContactTypeId: PERSON,
}));
const offered = Object.fromEntries(roles.map(each => [each.RoleName, each.RoleId]));
tell('roles', Object.keys(offered).sort().slice(0, 3));

/** Ask the receiver to connect; the request that they are shown. */
async function ask(role: string) {
    await one.send(new ConnectContactsInRoles({
        ContactId: sender.contact, ToContactId: receiver.contact, ContactTypeId: PERSON, Roles: [offered[role]],
        SendConnectionEmails: true,
    }));
    return (await received())[0].ConnectionRequestId;
}

/** What the receiver has been sent. */
async function received(IncludeIgnoredRequests = false) {
    const wanted = new GetConnectionRequests({ ContactId: receiver.contact, IncludeIgnoredRequests });
    return (await other.send(wanted)).ConnectionRequests;
}

/** What the sender has sent. */
async function sent() {
    const route = `/api/contacts/${sender.contact}/connectionrequests/sent`;
    return (await one.get<GetConnectionRequestsResponse>(route, { PageSize: 5 })).ConnectionRequests;
}

/** The connections of the sender to a contact. */
function connections(ContactId: string, PageNumber = 1) {
    return one.send(new GetConnectionsToContact({
        ContactId, ContactTypeId: PERSON, RequestorContactId: sender.contact,
        IsPagedMode: true, PageNumber, PageSize: 1,
    }));
}

let request = await ask('Supplier');
const [found] = await received();
tell('received', [found.Contact.ContactId == sender.contact, found.ContactRoleName, found.IsIncoming]);
tell('dates', /^\d{4}-\d\d-\d\dT.*Z$/.test(found.FromDate!));
tell('sent', (await sent()).map(each => each.ConnectionRequestId == request));
const resend = new ConnectionRequestResend({ ConnectionRequestId: request, ContactId: receiver.contact });
tell('sent again', (await one.send(resend)).ResponseStatus);

const accepted = new ConnectionRequestStatusUpdate({ ContactId: sender.contact, RoleId: offered.Supplier });
await other.postToUrl(`/api/connectionrequests/${request}/accept`, accepted);
const made = (await connections(receiver.contact)).Connections;
tell('accepted', [await received(), made.map(each => each.ConnectionStatusName)]);

await other.send(new AcceptConnectionRequest({ ConnectionRequestId: await ask('Client') }));
const pages = [await connections(receiver.contact, 1), await connections(receiver.contact, 2)];
tell('pages', pages.map(page => [page.TotalConnections, page.Connections.length]));
const [[newer], [older]] = pages.map(page => page.Connections);
await one.postToUrl(`/api/connections/${older.ConnectionId}/remove`, new ConnectionStatusUpdate({
    ContactId: receiver.contact, ContactTypeId: PERSON, RoleId: older.ContactRoleId,
}));
await other.send(new RemoveConnection({ ConnectionId: newer.ConnectionId }));
tell('removed', (await connections(receiver.contact)).TotalConnections);

request = await ask('Consultant');
await other.send(new IgnoreConnectionRequest({ ConnectionRequestId: request }));
tell('ignored', [(await received()).length, (await received(true)).length]);
await other.send(new DeclineConnectionRequest({ ConnectionRequestId: request }));
await one.send(new CancelConnectionRequest({ ConnectionRequestId: request }));
tell('declined, then cancelled', (await received(true)).length);

await ask('Principal');
const [pending] = (await connections(receiver.contact)).Connections;
await one.send(new ConnectionStatusUpdate({
    ConnectionId: pending.ConnectionId, ContactId: receiver.contact, ContactTypeId: PERSON, RoleId: offered.Principal,
}));
await ask('Principal');
const [again] = (await connections(receiver.contact)).Connections;
await one.send(new CancelConnection({ ConnectionId: again.ConnectionId }));
tell('cancelled', (await connections(receiver.contact)).TotalConnections);

const address = addressOf('guest');
const invitation = new InviteContact({ ContactId: sender.contact, EmailAddress: address, Roles: [offered.Customer] });
const guest = (await one.send(invitation)).ContactId;
const Token = await tokenMailedTo(address, 'accept');
const [{ ConnectionRequestId }] = await sent();
await anonymous().send(new PublicConnectionRequestStatusUpdate({ ConnectionRequestId }), { Token });
const everything = await one.send(new GetConnectionsToContact({
    ContactId: sender.contact, ContactTypeId: PERSON, RequestorContactId: sender.contact,
}));
tell('accepted by mail', everything.Connections.map(each => each.Contact.EmailAddress == address));
tell('a guest', guest != sender.contact);

await anonymous().send(new GetResetPasswordToken({ UserName: sender.address }));
const proof = await tokenMailedTo(sender.address, 'passwordreset');
sender.password = 'another long passphrase';
const reset = { Token: proof, NewPassword: sender.password, ConfirmPassword: sender.password };
await anonymous().send(new PasswordReset(reset));
tell('a new password', await ownContact(await signedIn(sender)) == sender.contact);
tell('places', [...places].sort());
