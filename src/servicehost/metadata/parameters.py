"""Tables on the page of an operation, one for each type of its request and response."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from servicehost.contract.catalog import Operation
from servicehost.contract.messages import Place
from servicehost.contract.references import referenced
from servicehost.contract.types import EnumOf, MemberModel, MessageModel

_OMITTED: Final = frozenset({"ResponseStatus", "ResponseError"})
"""Types that every response contains; no page repeats them."""

_PLACEHOLDER: Final = re.compile(r"\{(\w+)\*?\}")
_WITH_BODY: Final = frozenset({"POST", "PUT"})


@dataclass(frozen=True)
class Row:
    """Cells of one member."""

    name: str
    place: Place
    data_type: str
    required: str
    description: str


@dataclass(frozen=True)
class MemberTable:
    """Members that a message declares itself."""

    name: str
    rows: tuple[Row, ...]


@dataclass(frozen=True)
class EnumTable:
    """Names of an enumeration."""

    name: str
    names: tuple[str, ...]


def tables(operation: Operation) -> list[MemberTable | EnumTable]:
    """Return the tables in order: the request with its base and nested types, then the response; each type once."""
    response = referenced(operation.response) if operation.response else []
    types = dict.fromkeys([*referenced(operation.request), *response])
    made = (_table(part, operation) for part in types if not _is_omitted(part))
    return [table for table in made if isinstance(table, EnumTable) or table.rows]


def _table(part: MessageModel | EnumOf, operation: Operation) -> MemberTable | EnumTable:
    if isinstance(part, EnumOf):
        return EnumTable(part.name, part.names)
    return MemberTable(part.name, tuple(_rows(part, operation)))


def _is_omitted(part: MessageModel | EnumOf) -> bool:
    return part.name in _OMITTED or (isinstance(part, MessageModel) and part.framework)


def _rows(model: MessageModel, operation: Operation) -> Iterator[Row]:
    is_request = model is operation.request
    for member in model.own_published:
        yield Row(
            name=member.name,
            place=member.declared.place or (_place_in_request(member, operation) if is_request else "form"),
            data_type=member.data_type,
            required="Yes" if member.declared.required else "No",
            description=member.declared.shown or "",
        )


def _place_in_request(member: MemberModel, operation: Operation) -> Place:
    """Return `path` for a route parameter, else `body` if a route names POST or PUT, else `query`."""
    routes = operation.contract.routes
    placeholders = {name.lower() for route in routes for name in _PLACEHOLDER.findall(route.template)}
    if member.name.lower() in placeholders:
        return "path"
    verbs = {verb for route in routes for verb in route.verbs}
    return "body" if verbs & _WITH_BODY else "query"


__all__ = ["EnumTable", "MemberTable", "Row", "tables"]
