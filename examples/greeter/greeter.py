"""A greeter: one operation, served in every format."""

from typing import Annotated

from servicehost import Call, Catalog, Host, Member, Message, Public, Request, ResponseStatus, Route, Service, serve


class HelloResponse(Message):
    """The greeting."""

    result: str
    response_status: ResponseStatus | None = None


class Hello(Request[HelloResponse]):
    """Greet somebody by name."""

    access = Public
    changes_state = False
    routes = (Route("/hello/{Name}"),)

    name: Annotated[str, Member("Name to greet.", required=True, length=100)]


async def hello(message: Hello, call: Call) -> HelloResponse:
    """Return a greeting."""
    return HelloResponse(result=f"Hello, {message.name}!")


service = Service("Greeter", public_url="http://127.0.0.1:8080")
app = Host(Catalog(service, {Hello: hello}))

if __name__ == "__main__":
    serve(app, port=8080)
