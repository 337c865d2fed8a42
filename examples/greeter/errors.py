"""A greeter that welcomes each name once, and then refuses."""

from typing import Annotated

from greeter import HelloResponse, service
from servicehost import Call, Catalog, Conflict, FieldError, Host, InvalidFields, Member, Public, Request, Route, serve


class AlreadyWelcomed(Conflict):
    """The name has been welcomed before."""

    code = "AlreadyWelcomed"


class Welcome(Request[HelloResponse]):
    """Welcome somebody, once."""

    access = Public
    routes = (Route("/guests", verbs=("POST",)),)

    name: Annotated[str, Member("Name to welcome.", required=True)]


welcomed: set[str] = set()


async def welcome(message: Welcome, call: Call) -> HelloResponse:
    """Welcome a name that is new.

    Raises:
        InvalidFields: the name has no letter.
        AlreadyWelcomed: the name is not new.
    """
    if not any(character.isalpha() for character in message.name):
        raise InvalidFields("Welcome", [FieldError("Name", "'Name' has no letter. Send a name.", "WrongValue")])
    if message.name in welcomed:
        raise AlreadyWelcomed(f"{message.name} has been welcomed. Send another name.")
    welcomed.add(message.name)
    return HelloResponse(result=f"Welcome, {message.name}!")


app = Host(Catalog(service, {Welcome: welcome}))

if __name__ == "__main__":
    serve(app, port=8080)
