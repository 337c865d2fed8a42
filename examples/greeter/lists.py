"""A greeter that lists its languages, a page at a time."""

from typing import Annotated

from greeter import service
from servicehost import Answer, Call, Catalog, Host, Member, Message, Public, Request, ResponseStatus, Route, serve


class Language(Message):
    """A language and its greeting."""

    name: str
    greeting: str


class GetLanguagesResponse(Message):
    """One page of the languages."""

    languages: list[Language]
    response_status: ResponseStatus | None = None


class GetLanguages(Request[GetLanguagesResponse]):
    """List the languages by name."""

    access = Public
    changes_state = False
    routes = (Route("/languages", verbs=("GET",)),)

    skip: Annotated[int, Member("Rows to skip.")] = 0
    take: Annotated[int, Member("Rows of a page.")] = 50


GREETINGS = {"Danish": "Hej", "English": "Hello", "Italian": "Ciao"}
LANGUAGES = [Language(name=name, greeting=greeting) for name, greeting in GREETINGS.items()]


async def get_languages(message: GetLanguages, call: Call) -> Answer:
    """One page, with the total, and a link to the next page if there is one."""
    end = max(message.skip, 0) + max(message.take, 1)
    rows = LANGUAGES[max(message.skip, 0) : end]
    headers = {"X-Total-Count": str(len(LANGUAGES))}
    if end < len(LANGUAGES):
        headers["Link"] = f'<{service.base_url}/languages?Skip={end}&Take={len(rows)}>; rel="next"'
    return Answer(GetLanguagesResponse(languages=rows), headers=headers)


app = Host(Catalog(service, {GetLanguages: get_languages}))

if __name__ == "__main__":
    serve(app, port=8080)
