"""Tests of DataContract's names, namespaces and order of members."""

import enum
from typing import Annotated, ClassVar

import pytest

from servicehost.contract.datacontract import (
    ARRAYS,
    NamespaceScope,
    content_namespace,
    contract_name,
    entry_name,
    enumeration_namespace,
    member_name,
    message_namespace,
    ordered_members,
)
from servicehost.contract.messages import DATACONTRACT_NAMESPACE, Member, Message
from servicehost.contract.scalars import Guid
from servicehost.contract.status import SERVICESTACK_TYPES, ResponseStatus
from servicehost.contract.types import EnumOf, MapOf, TypeModel

SERVICE = "http://schemas.example.com/service"


class Tone(enum.StrEnum):
    """An enumeration."""

    PLAIN = "Plain"


class Base(Message):
    """A base message."""

    zone: str | None = None
    area: str | None = None


class Derived(Base):
    """A derived message."""

    title: str | None = None
    Id: str | None = None
    hidden: Annotated[str | None, Member(published=False)] = None


def map_of(key: type, value: object) -> MapOf:
    """The dictionary of these types."""
    node = TypeModel().node(dict[key, value])  # type: ignore[valid-type]
    assert isinstance(node, MapOf)
    return node


def test_base_members_come_first_and_each_type_is_alphabetical() -> None:
    """Base types come first, then members in ordinal order of their wire names."""
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
    """Scalars and enumerations contain text; lists and dictionaries of scalars contain elements in the Arrays namespace."""
    node = TypeModel().node(annotation)
    assert (name, content) == (contract_name(node, SERVICE), content_namespace(node, SERVICE))


def test_entries_of_built_in_types_are_named_without_a_digest() -> None:
    """XML Schema's types and those of .NET's serialisation count as built in."""
    expected = ["KeyValueOfstringstring", "KeyValueOfstringguid"]
    assert expected == [entry_name(map_of(str, value), SERVICE) for value in (str, Guid)]


def test_entries_of_other_types_carry_the_digest_that_dotnet_gives_them() -> None:
    """The digest equals that of a published .NET document for a dictionary of string lists."""
    assert entry_name(map_of(str, list[str]), SERVICE) == "KeyValueOfstringArrayOfstringty7Ep6D1"


def test_the_root_declares_the_default_namespace_and_its_members_need_none() -> None:
    """Text and content in the same namespace need no declaration."""
    root = NamespaceScope(SERVICE, 1, {SERVICE: ""})
    assert (NamespaceScope(SERVICE, 2, {SERVICE: ""}), "") == root.inside(SERVICE, None)
    assert (NamespaceScope(SERVICE, 2, {SERVICE: ""}), "") == root.inside(SERVICE, SERVICE)


def test_content_of_another_namespace_gets_a_prefix_with_the_depth_of_its_element() -> None:
    """Content in another namespace gets a prefix; the element itself stays in the enclosing namespace."""
    inside, attributes = NamespaceScope(SERVICE, 3, {SERVICE: ""}).inside(SERVICE, ARRAYS)
    assert f' xmlns:d4p1="{ARRAYS}"' == attributes
    assert NamespaceScope(SERVICE, 4, {SERVICE: "", ARRAYS: "d4p1:"}) == inside


def test_an_element_of_another_namespace_makes_that_the_default_one() -> None:
    """An element in another namespace makes it the default; prefixes in scope stay valid."""
    scope = NamespaceScope(SERVICE, 1, {SERVICE: "", ARRAYS: "d1p1:"})
    inside, attributes = scope.inside("urn:base", SERVICE)
    assert f' xmlns:d2p1="{SERVICE}" xmlns="urn:base"' == attributes
    assert NamespaceScope(SERVICE, 2, {ARRAYS: "d1p1:", "urn:base": "", SERVICE: "d2p1:"}) == inside


class Elsewhere(Message):
    """Declared in a namespace of its own."""

    clr_namespace: ClassVar[str | None] = "Acme.Models"


class FromElsewhere(Elsewhere):
    """Derives from a type of another namespace."""


class Shade(enum.Enum):
    """An enumeration of another namespace."""

    clr_namespace = enum.nonmember("Acme.Models")
    DARK = "Dark"


def test_a_type_is_in_the_xml_namespace_of_its_dotnet_namespace() -> None:
    """The XML namespace of a type follows its .NET namespace, which derived types do not inherit."""
    types = TypeModel()
    node = types.node(Shade)
    assert isinstance(node, EnumOf)
    assert DATACONTRACT_NAMESPACE + "Acme.Models" == message_namespace(types.message(Elsewhere), SERVICE)
    assert SERVICE == message_namespace(types.message(FromElsewhere), SERVICE)
    assert DATACONTRACT_NAMESPACE + "Acme.Models" == enumeration_namespace(node, SERVICE)
    assert DATACONTRACT_NAMESPACE + "Acme.Models" == content_namespace(types.node(list[Shade]), SERVICE)
    assert ("Dark",) == node.names


class Stored(Message):
    """A serializable class."""

    serializable: ClassVar[bool] = True

    name: str | None = None
    name_two: str | None = None


def test_the_members_of_a_serializable_class_are_named_and_sorted_by_their_backing_fields() -> None:
    """Members of a serializable class are named and sorted by backing field, so `NameTwo` precedes `Name`."""
    model = TypeModel().message(Stored)
    expected = ["_x003C_NameTwo_x003E_k__BackingField", "_x003C_Name_x003E_k__BackingField"]
    assert expected == [member_name(declaring, member) for declaring, member in ordered_members(model)]
