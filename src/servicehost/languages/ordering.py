"""Orders in which sources declare their types."""

from collections.abc import Callable, Iterable, Mapping

from servicehost.contract.references import Declared, parts_of
from servicehost.contract.types import MessageModel
from servicehost.languages.language import Order

Responses = Mapping[MessageModel, MessageModel]
"""The response of each request that has one."""


def by_name(types: Iterable[Declared]) -> list[Declared]:
    """Sort alphabetically, ignoring case. Languages with this order group the types by namespace first."""
    return sorted(types, key=lambda declared: (declared.name.lower(), declared.name))


def bases_first(types: Iterable[Declared]) -> list[Declared]:
    """Keep the order, but move each base type directly before the first type that derives from it."""
    types = list(types)
    found: dict[Declared, None] = {}
    for declared in types:
        found.update(dict.fromkeys(base for base in _bases(declared) if base in types))
        found[declared] = None
    return list(found)


def dependencies_first(types: Iterable[Declared], responses: Responses) -> list[Declared]:
    """Put each type after the types that it refers to: its response, its base type and the types of its members.

    In a circular reference, a type that refers back to one that is still being visited comes before it.
    """
    types = dict.fromkeys(types)
    met: set[Declared] = set()
    placed: list[Declared] = []

    def place(declared: Declared) -> None:
        if declared in met:
            return
        met.add(declared)
        answer = responses.get(declared) if isinstance(declared, MessageModel) else None
        for part in [*([answer] if answer else []), *parts_of(declared)]:
            place(part)
        placed.append(declared)

    for declared in types:
        place(declared)
    return [declared for declared in placed if declared in types]


def arranged(
    order: Order, others: list[Declared], responses: list[Declared], requests: list[Declared], answers: Responses
) -> list[Declared]:
    """Arrange the types of a whole file in the order of a language."""
    arrange: Mapping[Order, Callable[[], list[Declared]]] = {
        Order.BY_NAME: lambda: by_name([*requests, *responses, *others]),
        Order.AS_REGISTERED: lambda: [*requests, *responses, *others],
        Order.DEPENDENCIES_FIRST: lambda: dependencies_first([*bases_first(others), *responses, *requests], answers),
        Order.UNSORTED_DEPENDENCIES_FIRST: lambda: dependencies_first([*others, *responses, *requests], answers),
    }
    return arrange[order]()


def _bases(declared: Declared) -> list[Declared]:
    """Return the base types, the most basic first."""
    base = declared.base if isinstance(declared, MessageModel) else None
    return [*_bases(base), base] if base else []


__all__ = ["Responses", "arranged", "bases_first", "by_name", "dependencies_first"]
