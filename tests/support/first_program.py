"""The first program that a person writes, in every language: it asks for a contact's connections and reads them.

The program reads the answer, sends the question below, and tells of the second connection: the contact's name, whether
it may be removed, since when it is there, and how many connections there are.
"""

from typing import Any

from tests.support.catalog import the_catalog
from tests.support.recorded import filled, messages, recorded, understood

from servicehost.contract.messages import Message

CONTACT = "0193a1b2-5c6d-7e8f-9a0b-0000000000ff"


def answer() -> str:
    """The recorded answer, two connections with everything filled."""
    return recorded(messages(the_catalog())["GetConnectionsToContactResponse"])


def told() -> list[object]:
    """What the program should tell; the date as the server wrote it."""
    expected: Any = filled(messages(the_catalog())["GetConnectionsToContactResponse"])
    second = expected.connections[1]
    since = f"{second.from_date:%Y-%m-%dT%H:%M:%S.%fZ}"
    return [second.contact.contact_full_name, second.allow_remove, since, len(expected.connections)]


def question() -> Message:
    """What the server should understand."""
    return understood_question(f'{{"ContactId":"{CONTACT}","IsPagedMode":true,"SortOrder":"Descending"}}')


def understood_question(body: str) -> Message:
    """What the server understands of the program's body."""
    return understood(messages(the_catalog())["GetConnectionsToContact"], body)


__all__ = ["CONTACT", "answer", "question", "told", "understood_question"]
