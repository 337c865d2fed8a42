"""A greeter that lists its languages, a page at a time."""

from typing import Annotated

from greeter import service
from servicehost import Call, Catalog, Host, ListAnswer, Member, Message, Public, Request, ResponseStatus, Route, serve


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


async def get_languages(message: GetLanguages, call: Call) -> ListAnswer:
    """One page, with the total, and the request for the next page if there is one."""
    start, size = max(message.skip, 0), max(message.take, 1)
    end = start + size
    following = GetLanguages(skip=end, take=size) if end < len(LANGUAGES) else None
    return ListAnswer(GetLanguagesResponse(languages=LANGUAGES[start:end]), total=len(LANGUAGES), next=following)


app = Host(Catalog(service, {GetLanguages: get_languages}))

if __name__ == "__main__":
    serve(app, port=8080)
