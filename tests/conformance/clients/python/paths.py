"""One operation at each of its addresses with each method."""

import dtos
from telling import GIVEN, credentials, older, refused, signed_in, tell

FIRST = GIVEN["first"]
ROUTE = f"/api/contacts/{FIRST['contact']}/connections"

first = signed_in(FIRST)
in_older_place = older()
tell("credentials in the older place", in_older_place.send(credentials(FIRST)).user_name)
connections = dtos.GetConnectionsToContact(
    ContactId=FIRST["contact"],
    ContactTypeId=GIVEN["real_person"],
    RequestorContactId=FIRST["contact"],
    IsPagedMode=True,
    PageNumber=1,
    PageSize=2,
    SortOrder=dtos.SortOrder.ASCENDING,
)


def facts(answer: dtos.GetConnectionsToContactResponse) -> list[object]:
    """Return the facts in a response with connections."""
    return [answer.TotalConnections, len(answer.Connections)]


for method in ("get", "post", "put", "patch", "delete"):
    tell(f"{method} in the newer place", facts(getattr(first, method)(connections)))
    tell(f"{method} in the older place", facts(getattr(in_older_place, method)(connections)))

query = {"ContactTypeId": GIVEN["real_person"], "RequestorContactId": FIRST["contact"], "IsPagedMode": True}
tell("its route", facts(first.get_url(ROUTE, dtos.GetConnectionsToContactResponse, query)))
posted = dtos.GetConnectionsToContact(ContactTypeId=GIVEN["real_person"], RequestorContactId=FIRST["contact"])
tell("its route by post", facts(first.post_url(ROUTE, posted, dtos.GetConnectionsToContactResponse)))
tell("beside a body", facts(first.post(connections, body='{"PageSize": 1}')))
tell("a refusal in the older place", refused(lambda: in_older_place.send(dtos.AcceptConnectionRequest())))
tell("names as asked", first.get_url(ROUTE, None, query | {"jsconfig": "EmitCamelCaseNames"}))
