"""How DataContract names, orders and places what it writes."""

import enum
from typing import Annotated

import pytest

from servicehost.contract.datacontract import (
    ARRAYS,
    content_namespace,
    contract_name,
    entry_name,
    ordered_members,
    prefix,
)
from servicehost.contract.messages import Member, Message
from servicehost.contract.scalars import Guid
from servicehost.contract.status import SERVICESTACK_TYPES, ResponseStatus
from servicehost.contract.types import MapOf, TypeModel

SERVICE = "http://schemas.example.com/service"


class Tone(enum.StrEnum):
    """How loud."""

    PLAIN = "Plain"


class Base(Message):
    """What both have."""

    zone: str | None = None
    area: str | None = None


class Derived(Base):
    """What one has."""

    title: str | None = None
    Id: str | None = None
    hidden: Annotated[str | None, Member(published=False)] = None


def map_of(key: type, value: object) -> MapOf:
    """The dictionary of these types."""
    node = TypeModel().node(dict[key, value])  # type: ignore[valid-type]
    assert isinstance(node, MapOf)
    return node


def test_base_members_come_first_and_each_type_is_alphabetical() -> None:
    """Base types first, then ordinal order of the wire names, whatever was declared first."""
    expected = ["Area", "Zone", "Hidden", "Id", "Title"]
    assert expected == [member.name for _, member in ordered_members(TypeModel().message(Derived))]


def test_the_hosts_own_messages_keep_their_declared_order() -> None:
    """ResponseStatus is written as declared."""
    expected = ["ErrorCode", "Message", "StackTrace", "Errors", "Meta"]
    assert expected == [member.name for _, member in ordered_members(TypeModel().message(ResponseStatus))]


@pytest.mark.parametrize(
    ("annotation", "name", "content"),
    [
        (str, "string", None),
        (bool, "boolean", None),
        (Guid, "guid", None),
        (Tone, "Tone", None),
        (Guid | None, "guid", None),
        (Derived, "Derived", SERVICE),
        (ResponseStatus, "ResponseStatus", SERVICESTACK_TYPES),
        (list[Guid], "ArrayOfguid", ARRAYS),
        (list[list[str]], "ArrayOfArrayOfstring", ARRAYS),
        (list[Derived], "ArrayOfDerived", SERVICE),
        (list[Tone], "ArrayOfTone", SERVICE),
        (dict[str, str], "ArrayOfKeyValueOfstringstring", ARRAYS),
    ],
)
def test_each_type_has_a_name_and_a_namespace_for_what_is_inside(
    annotation: object, name: str, content: str | None
) -> None:
    """Scalars and enumerations hold text; lists and dictionaries of scalars hold elements of the Arrays namespace."""
    node = TypeModel().node(annotation)
    assert (name, content) == (contract_name(node, SERVICE), content_namespace(node, SERVICE))


def test_entries_of_built_in_types_are_named_without_a_digest() -> None:
    """XML Schema's types and those of .NET's serialisation count as built in."""
    expected = ["KeyValueOfstringstring", "KeyValueOfstringguid"]
    assert expected == [entry_name(map_of(str, value), SERVICE) for value in (str, Guid)]


def test_entries_of_other_types_carry_the_digest_that_dotnet_gives_them() -> None:
    """A published .NET document names the entries of a dictionary of string lists so."""
    assert entry_name(map_of(str, list[str]), SERVICE) == "KeyValueOfstringArrayOfstringty7Ep6D1"


def test_prefixes_are_numbered_by_depth() -> None:
    """The root is at depth 1."""
    assert prefix(5) == "d5p1"
