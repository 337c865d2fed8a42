"""The contract guard: compares two contract files and tells breaking changes from compatible ones.

| breaking | compatible |
|---|---|
| an operation, route, method, member or enumeration name is removed | one is added |
| the type of a member changes, or the namespace of a type | |
| a request member becomes required, or a required one is added | a request member becomes optional |
| a request member stops accepting null | it starts accepting null |
| a response member may become null | it can no longer be null |
| the response changes or is removed | a response is added |
| a sign-in or a role becomes required | it is no longer required |

Inherited members count: moving a member to a base type changes nothing. Descriptions change nothing.
"""

import enum
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

import msgspec

from servicehost.contract.metadata_types import (
    ANY,
    MetadataType,
    MetadataTypes,
    OperationType,
    PropertyType,
    RouteType,
)

_METHODS: Final = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE"})
_MAY_BE_ABSENT: Final = ("Boolean", "List`1")
_NULLABLE: Final = "Nullable`1"


class ChangeKind(enum.Enum):
    """Kind of a change."""

    OPERATION_REMOVED = "operation removed"
    OPERATION_ADDED = "operation added"
    ROUTE_REMOVED = "route removed"
    ROUTE_ADDED = "route added"
    METHOD_REMOVED = "method removed"
    METHOD_ADDED = "method added"
    RESPONSE_REMOVED = "response removed"
    RESPONSE_ADDED = "response added"
    RESPONSE_CHANGED = "response changed"
    ACCESS_STRICTER = "access made stricter"
    ACCESS_LOOSER = "access made looser"
    NAMESPACE_CHANGED = "namespace changed"
    MEMBER_REMOVED = "member removed"
    MEMBER_ADDED = "member added"
    REQUIRED_MEMBER_ADDED = "required member added"
    TYPE_CHANGED = "type changed"
    MADE_REQUIRED = "made required"
    MADE_OPTIONAL = "made optional"
    MADE_NULLABLE = "made nullable"
    MADE_NOT_NULL = "made not null"
    NAME_REMOVED = "name removed"
    NAME_ADDED = "name added"


_BREAKING: Final = frozenset(
    {
        ChangeKind.OPERATION_REMOVED,
        ChangeKind.ROUTE_REMOVED,
        ChangeKind.METHOD_REMOVED,
        ChangeKind.RESPONSE_REMOVED,
        ChangeKind.RESPONSE_CHANGED,
        ChangeKind.ACCESS_STRICTER,
        ChangeKind.NAMESPACE_CHANGED,
        ChangeKind.MEMBER_REMOVED,
        ChangeKind.REQUIRED_MEMBER_ADDED,
        ChangeKind.TYPE_CHANGED,
        ChangeKind.MADE_REQUIRED,
        ChangeKind.NAME_REMOVED,
    }
)
"""Kinds that break clients in requests and responses alike."""


@dataclass(frozen=True)
class Change:
    """One difference between two contracts.

    Attributes:
        kind: the kind of the change.
        subject: the operation, the type, or `Type.Member`.
        detail: the old and the new value; empty if the kind says it all.
        breaking: whether it breaks clients of the old contract.
    """

    kind: ChangeKind
    subject: str
    detail: str
    breaking: bool


class NotAContract(ValueError):
    """The file does not have the format of `/types/metadata`."""


def compare(old: Mapping[str, object], new: Mapping[str, object]) -> list[Change]:
    """The changes between two contract files: breaking ones first, then by subject.

    Raises:
        NotAContract: one of the files does not have the format of a contract file.
    """
    before, after = _Contract(_read(old)), _Contract(_read(new))
    changes = dict.fromkeys([*_operations(before, after), *_types(before, after)])
    return sorted(changes, key=lambda change: (not change.breaking, change.subject, change.kind.value, change.detail))


def describe(changes: Sequence[Change]) -> str:
    """The changes as text, one on each line, with breaking changes under their own heading."""
    if not changes:
        return "The contracts are the same.\n"
    parts = [
        _section("Breaking", [change for change in changes if change.breaking]),
        _section("Compatible", [change for change in changes if not change.breaking]),
    ]
    return "\n".join(part for part in parts if part)


def _section(heading: str, changes: Sequence[Change]) -> str:
    lines = [f"  {change.subject}: {change.kind.value}{change.detail and f', {change.detail}'}" for change in changes]
    return "\n".join([f"{heading} ({len(changes)}):", *lines, ""]) if changes else ""


def _read(file: Mapping[str, object]) -> MetadataTypes:
    try:
        return msgspec.convert(file, MetadataTypes)
    except msgspec.ValidationError as error:
        raise NotAContract(
            f"This is not a contract file. Save the answer of /types/metadata as one: {error}"
        ) from error


class _Contract:
    """A contract file, indexed by name."""

    def __init__(self, file: MetadataTypes) -> None:
        self.operations = {operation.request.name: operation for operation in file.operations}
        answers = [operation.response for operation in file.operations if operation.response]
        requests = [operation.request for operation in file.operations]
        self.types = {each.name: each for each in (*file.types, *answers, *requests)}
        self.sent = self._reachable(each.name for each in requests)
        self.received = self._reachable(each.name for each in answers)

    def members(self, type_: MetadataType) -> dict[str, PropertyType]:
        """All members of a type by name, inherited ones included."""
        base = self.types.get(type_.inherits.name) if type_.inherits else None
        inherited = self.members(base) if base else {}
        return inherited | {member.name: member for member in type_.properties}

    def _reachable(self, names: Iterable[str]) -> frozenset[str]:
        """The named types and every type that their members refer to."""
        found: dict[str, None] = {}
        waiting = list(names)
        while waiting:
            name = waiting.pop()
            if name in found or name not in self.types:
                continue
            found[name] = None
            waiting += [part for member in self.members(self.types[name]).values() for part in _named(member)]
        return frozenset(found)


def _named(member: PropertyType) -> list[str]:
    return re.findall(r"\w+", " ".join([member.type, *member.generic_args]))


def _always(kind: ChangeKind, subject: str, detail: str = "") -> Change:
    """A change that is breaking or compatible by its kind alone."""
    return Change(kind, subject, detail, kind in _BREAKING)


def _operations(before: _Contract, after: _Contract) -> Iterator[Change]:
    for name, old in before.operations.items():
        new = after.operations.get(name)
        if new is None:
            yield _always(ChangeKind.OPERATION_REMOVED, name)
        else:
            yield from _methods(name, _methods_of(old.actions), _methods_of(new.actions), "")
            yield from _routes(name, old, new)
            yield from _answer(name, old, new)
            yield from _access(name, old, new)
    yield from (_always(ChangeKind.OPERATION_ADDED, name) for name in after.operations if name not in before.operations)


def _methods(name: str, old: frozenset[str], new: frozenset[str], where: str) -> Iterator[Change]:
    for kind, methods in ((ChangeKind.METHOD_REMOVED, old - new), (ChangeKind.METHOD_ADDED, new - old)):
        yield from (_always(kind, name, f"{method}{where}") for method in sorted(methods))


def _methods_of(actions: Iterable[str]) -> frozenset[str]:
    """The methods that actions or verbs stand for; an empty list stands for all methods."""
    methods = frozenset(action.upper() for action in actions)
    return _METHODS if not methods or ANY in methods else methods


def _routes(name: str, old: OperationType, new: OperationType) -> Iterator[Change]:
    before, after = _by_shape(old.routes), _by_shape(new.routes)
    for shape, (path, methods) in before.items():
        if shape in after:
            yield from _methods(name, methods, after[shape][1], f" at {path}")
        else:
            yield _always(ChangeKind.ROUTE_REMOVED, name, path)
    yield from (
        _always(ChangeKind.ROUTE_ADDED, name, path) for shape, (path, _) in after.items() if shape not in before
    )


def _by_shape(routes: Iterable[RouteType]) -> dict[str, tuple[str, frozenset[str]]]:
    """Paths and their methods by the fixed part of the path: literals in lower case, placeholders without names."""
    shapes: dict[str, tuple[str, frozenset[str]]] = {}
    for route in routes:
        shape = re.sub(r"\{.*?\}", "{}", route.path).lower()
        path, methods = shapes.get(shape, (route.path, frozenset()))
        shapes[shape] = path, methods | _methods_of(re.findall(r"\w+", route.verbs or ""))
    return shapes


def _answer(name: str, old: OperationType, new: OperationType) -> Iterator[Change]:
    before, after = (operation.response.name if operation.response else "" for operation in (old, new))
    if before == after:
        return
    if not before:
        yield _always(ChangeKind.RESPONSE_ADDED, name, after)
    elif not after:
        yield _always(ChangeKind.RESPONSE_REMOVED, name, before)
    else:
        yield _always(ChangeKind.RESPONSE_CHANGED, name, _from_to(before, after))


def _access(name: str, old: OperationType, new: OperationType) -> Iterator[Change]:
    before, after = _required_access(old), _required_access(new)
    yield from (_always(ChangeKind.ACCESS_STRICTER, name, each) for each in sorted(after - before))
    yield from (_always(ChangeKind.ACCESS_LOOSER, name, each) for each in sorted(before - after))


def _required_access(operation: OperationType) -> frozenset[str]:
    roles = [f"role {role}" for role in operation.required_roles]
    return frozenset(["sign-in", *roles] if operation.requires_auth else roles)


def _types(before: _Contract, after: _Contract) -> Iterator[Change]:
    """The changes of types that are used in the same direction in both contracts."""
    sent, received = before.sent & after.sent, before.received & after.received
    for name in sent | received:
        old, new = before.types[name], after.types[name]
        if old.namespace != new.namespace:
            yield _always(ChangeKind.NAMESPACE_CHANGED, name, _from_to(old.namespace, new.namespace))
        if old.is_enum or new.is_enum:
            yield from _names(name, old, new)
        else:
            use = _Use(sent=name in sent, received=name in received)
            yield from _members(name, before.members(old), after.members(new), use)


def _names(name: str, old: MetadataType, new: MetadataType) -> Iterator[Change]:
    before, after = (set(each.enum_member_values or each.enum_names) for each in (old, new))
    yield from (_always(ChangeKind.NAME_REMOVED, name, each) for each in sorted(before - after))
    yield from (_always(ChangeKind.NAME_ADDED, name, each) for each in sorted(after - before))


@dataclass(frozen=True)
class _Use:
    """Directions in which values of a type travel: sent in requests, received in responses."""

    sent: bool
    received: bool


def _members(
    name: str, before: Mapping[str, PropertyType], after: Mapping[str, PropertyType], use: _Use
) -> Iterator[Change]:
    for member, old in before.items():
        if member in after:
            yield from _member(f"{name}.{member}", _Facts(old), _Facts(after[member]), use)
        else:
            yield _always(ChangeKind.MEMBER_REMOVED, f"{name}.{member}")
    for member, new in after.items():
        if member not in before:
            must = use.sent and _Facts(new).must_be_given
            yield _always(ChangeKind.REQUIRED_MEMBER_ADDED if must else ChangeKind.MEMBER_ADDED, f"{name}.{member}")


def _member(subject: str, old: "_Facts", new: "_Facts", use: _Use) -> Iterator[Change]:
    if old.type != new.type:
        yield _always(ChangeKind.TYPE_CHANGED, subject, _from_to(old.type, new.type))
    if new.nullable and not old.nullable:
        yield Change(ChangeKind.MADE_NULLABLE, subject, "", breaking=use.received)
    if old.nullable and not new.nullable:
        yield Change(ChangeKind.MADE_NOT_NULL, subject, "", breaking=use.sent)
    if use.sent and new.must_be_given and not old.must_be_given:
        yield _always(ChangeKind.MADE_REQUIRED, subject)
    if use.sent and old.must_be_given and not new.must_be_given:
        yield _always(ChangeKind.MADE_OPTIONAL, subject)


class _Facts:
    """The properties of a member that clients depend on."""

    def __init__(self, member: PropertyType) -> None:
        self._member = member
        self._is_nullable_value = member.type == _NULLABLE and len(member.generic_args) == 1

    @property
    def type(self) -> str:
        """The type without its nullability, in .NET's notation."""
        if self._is_nullable_value:
            return self._member.generic_args[0]
        arguments = ",".join(self._member.generic_args)
        return self._member.type.partition("`")[0] + (f"<{arguments}>" if arguments else "")

    @property
    def nullable(self) -> bool:
        """Whether the value may be null, according to the file."""
        return self._is_nullable_value or not (self._member.is_value_type or self._member.not_null)

    @property
    def must_be_given(self) -> bool:
        """Whether a request without the member is refused."""
        if self._member.enforced is not None:
            return self._member.enforced
        core = self.type if self._is_nullable_value else self._member.type
        return bool(self._member.is_required) and core not in _MAY_BE_ABSENT


def _from_to(before: str, after: str) -> str:
    return f"from {before} to {after}"


__all__ = ["Change", "ChangeKind", "NotAContract", "compare", "describe"]
