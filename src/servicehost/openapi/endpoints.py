"""Endpoints of operations in OpenAPI's terms: one operation for each path and method.

A route for all verbs is documented with POST if the operation changes state, otherwise with GET and POST. That PUT, PATCH
and DELETE work like POST is stated once for the whole document. If two routes match the same path, the one with
precedence is documented.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Final

from servicehost.contract.catalog import Catalog, Operation
from servicehost.contract.types import MemberModel
from servicehost.routing import Routed

WITH_BODY: Final = frozenset({"POST", "PUT", "PATCH"})
"""Methods whose requests may have a body."""

_METHODS: Final = ("GET", "POST", "PUT", "PATCH", "DELETE")
_PLACEHOLDER: Final = re.compile(r"\{(\w+)\*?\}")

_Shape = tuple[str | None, ...]
"""Lower-case literals of a path, None for placeholders. Paths of the same shape are the same path."""


@dataclass(frozen=True, eq=False)
class DocumentedEndpoint:
    """One method at one path, and the operation that it calls.

    Attributes:
        operation: the operation that is called.
        method: HTTP method.
        path: path with placeholders, relative to the public URL.
        operation_id: unique identifier within the document.
        placeholders: names in the path with the members that they set; None for a segment that sets no member.
        decided: names of the members that the path sets, by its placeholders or by the route.
        named: whether the path is made of the operation's name, so that the path decides formats and casing.
    """

    operation: Operation
    method: str
    path: str
    operation_id: str
    placeholders: tuple[tuple[str, MemberModel | None], ...] = ()
    decided: frozenset[str] = frozenset()
    named: bool = False

    @cached_property
    def open(self) -> tuple[MemberModel, ...]:
        """The members that the path does not set, including unpublished ones."""
        return tuple(member for member in self.operation.request.members if member.name not in self.decided)

    @cached_property
    def bodily(self) -> tuple[MemberModel, ...]:
        """The members in the body: all that the path does not set, or none if the method has no body.

        Pages show members where the contract endpoints them. The host accepts members in query and body alike, but query strings
        appear in logs.
        """
        return self.open if self.method in WITH_BODY else ()

    @property
    def queried(self) -> tuple[MemberModel, ...]:
        """The members in the query."""
        return tuple(member for member in self.open if member not in self.bodily)


def endpoints(catalog: Catalog) -> list[DocumentedEndpoint]:
    """Return the endpoints of the published operations: for each operation its routes as declared, then its name."""
    routes = _Routes(catalog)
    ids = _Ids()
    return [
        endpoint
        for operation in catalog.sorted()
        for endpoint in (*_at_routes(operation, routes, catalog, ids), *_at_name(operation, catalog, ids))
    ]


class _Routes:
    """The routes of a catalog: precedence and spelling of each path."""

    def __init__(self, catalog: Catalog) -> None:
        declared = [(route, operation) for operation in catalog for route in operation.contract.routes]
        self._all = [Routed(route, operation, order) for order, (route, operation) in enumerate(declared)]
        self._spelled: dict[_Shape, Routed[Operation]] = {}
        self._strongest: dict[tuple[_Shape, str], tuple[tuple[bool, int, int], Routed[Operation]]] = {}
        for routed in self._all:
            self._enter(routed)

    def of(self, operation: Operation) -> Iterator[tuple[Routed[Operation], list[str]]]:
        """Yield the routes of an operation with the methods that reach it; unreachable routes are omitted."""
        for routed in self._all:
            if routed.target is operation:
                methods = [method for method in _documented(routed) if self._winner(routed, method) is routed]
                if methods:
                    yield routed, methods

    def spelling(self, routed: Routed[Operation]) -> Routed[Operation]:
        """Return the first published route of the same path, because OpenAPI allows one spelling for each path."""
        return self._spelled[_shape(routed)]

    def _enter(self, routed: Routed[Operation]) -> None:
        shape = _shape(routed)
        if routed.target.contract.published:
            self._spelled.setdefault(shape, routed)
        for method in _METHODS:
            rank = routed.rank(method)
            if rank is None:
                continue
            entry = ((routed.template.wildcard is not None, *rank), routed)
            if self._strongest.setdefault((shape, method), entry)[0] > entry[0]:
                self._strongest[shape, method] = entry

    def _winner(self, routed: Routed[Operation], method: str) -> Routed[Operation]:
        return self._strongest[_shape(routed), method][1]


def _shape(routed: Routed[Operation]) -> _Shape:
    return routed.template.segments + ((None,) if routed.template.wildcard else ())


def _documented(routed: Routed[Operation]) -> list[str]:
    """Return the methods documented for a route, without GET if the operation changes state."""
    verbs = routed.verbs or {"GET", "POST"}
    return [method for method in _METHODS if method in verbs and _answers(routed.target, method)]


def _answers(operation: Operation, method: str) -> bool:
    return not (operation.contract.changes_state and method == "GET")


class _Ids:
    """Generates unique operation ids."""

    def __init__(self) -> None:
        self._taken: set[str] = set()

    def new(self, *words: str) -> str:
        """Return an id made of words, with a number appended if these words have been used before."""
        name = "_".join(re.sub(r"\W+", "_", word) for word in words)
        number, unique = 1, name
        while unique in self._taken:
            number += 1
            unique = f"{name}_{number}"
        self._taken.add(unique)
        return unique


def _at_routes(operation: Operation, routes: _Routes, catalog: Catalog, ids: _Ids) -> Iterator[DocumentedEndpoint]:
    for routed, methods in routes.of(operation):
        spelling = routes.spelling(routed)
        members = [operation.request.member(name) for name in routed.template.names]
        literals = [segment for segment in routed.template.segments if segment is not None]
        for method in methods:
            yield DocumentedEndpoint(
                operation,
                method,
                catalog.service.mount + _PLACEHOLDER.sub(r"{\1}", spelling.route.template),
                ids.new(operation.name, *literals, *_suffix(method, methods)),
                tuple(zip(spelling.template.names, members, strict=True)),
                _decided(operation, members, routed.route.sets),
            )


def _at_name(operation: Operation, catalog: Catalog, ids: _Ids) -> Iterator[DocumentedEndpoint]:
    methods = [method for method in ("GET", "POST") if _answers(operation, method)]
    for method in methods:
        yield DocumentedEndpoint(
            operation,
            method,
            f"{catalog.service.mount}/{operation.name}",
            ids.new(operation.name, *_suffix(method, methods)),
            named=True,
        )


def _suffix(method: str, methods: Sequence[str]) -> list[str]:
    """Return the words that distinguish the methods of one path in ids; empty for the first method."""
    return [] if method == methods[0] else [method.lower()]


def _decided(operation: Operation, members: Sequence[MemberModel | None], sets: Mapping[str, str]) -> frozenset[str]:
    fixed = [operation.request.member(name) for name in sets]
    return frozenset(member.name for member in (*members, *fixed) if member is not None)


__all__ = ["WITH_BODY", "DocumentedEndpoint", "endpoints"]
