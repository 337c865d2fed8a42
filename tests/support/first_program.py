"""A first program in every language: it requests a contact's connections and reads them.

The program decodes the response, sends the question below, and prints facts about the second connection: the contact's
name, whether it may be removed, its start, and the number of connections.
"""

from typing import Any

from tests.support.catalog import the_catalog
from tests.support.recorded import filled, messages, recorded, understood

from servicehost.contract.messages import Message

CONTACT = "0193a1b2-5c6d-7e8f-9a0b-0000000000ff"


def answer() -> str:
    """Return the recorded response: two connections with all members filled."""
    return recorded(messages(the_catalog())["GetConnectionsToContactResponse"])


def told() -> list[object]:
    """Return the expected output; the date in the server's format."""
    expected: Any = filled(messages(the_catalog())["GetConnectionsToContactResponse"])
    second = expected.connections[1]
    since = f"{second.from_date:%Y-%m-%dT%H:%M:%S.%fZ}"
    return [second.contact.contact_full_name, second.allow_remove, since, len(expected.connections)]


def question() -> Message:
    """Return the request that the server should read."""
    return understood_question(f'{{"ContactId":"{CONTACT}","IsPagedMode":true,"SortOrder":"Descending"}}')


def understood_question(body: str) -> Message:
    """Return the request that the server reads from the program's body."""
    return understood(messages(the_catalog())["GetConnectionsToContact"], body)


__all__ = ["CONTACT", "answer", "question", "told", "understood_question"]
