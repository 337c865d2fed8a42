"""A greeter with a front page, outside the mount of its operations."""

from dataclasses import replace

from greeter import Hello, hello, service
from servicehost import Call, Catalog, Host, Page, Public, Request, Route, serve
from servicehost.pages import text_page

service = replace(service, front="/")


class FrontPage(Request[None]):
    """The front page."""

    access = Public
    changes_state = False
    published = False
    routes = (Route("/", verbs=("GET",)),)


async def front_page(message: FrontPage, call: Call) -> Page:
    """A page in the style of the host's own pages."""
    return Page(text_page(service, "Greeter", f"Greetings are at {service.base_url}/hello/World."))


app = Host(Catalog(service, {Hello: hello}), pages={FrontPage: front_page})

if __name__ == "__main__":
    serve(app, port=8080)
