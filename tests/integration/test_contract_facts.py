"""The first wave of the published contract: what its pages and sources show is what the table of facts says."""

import re
from functools import cache

import pytest
from tests.support.catalog import the_catalog
from tests.support.contract_facts import MemberFacts, TypeFacts, facts

from servicehost.contract.catalog import Operation
from servicehost.contract.references import referenced
from servicehost.contract.types import MessageModel, csharp_name
from servicehost.languages import LANGUAGES, snippet
from servicehost.metadata.parameters import EnumTable, MemberTable, tables

pytestmark = pytest.mark.no_database

WAVE_1 = facts("wave_1.txt")
NAMESPACES = {
    "Default": "Eros.Subtle.Canvara.WebAPIModel.ServiceModel",
    "Models": "Eros.Saguna.Common.WebAPIModel.Models",
    "Common": "Eros.Saguna.Common.WebAPI.ServiceModel",
}
LETTERS = {"DataType": "T", "Description": "D", "IsRequired": "R", "Name": "N", "ParameterType": "P"}

OPERATIONS = pytest.mark.parametrize("fact", [f for f in WAVE_1 if f.kind == "operation"], ids=lambda fact: fact.name)
MODELS = pytest.mark.parametrize("fact", [f for f in WAVE_1 if f.kind == "type"], ids=lambda fact: fact.name)
CLASSES = pytest.mark.parametrize("fact", [f for f in WAVE_1 if f.kind != "enum"], ids=lambda fact: fact.name)


def operation(name: str) -> Operation:
    """The operation of this name."""
    found = the_catalog().find(name)
    assert found is not None
    return found


@cache
def holders() -> dict[str, Operation]:
    """An operation of the first wave whose page shows the type, for each type."""
    wave = [operation(fact.name) for fact in WAVE_1 if fact.kind == "operation"]
    return {
        part.name: each
        for each in wave
        for model in (each.request, each.response)
        if model
        for part in referenced(model)
    }


def model(name: str) -> MessageModel:
    """The model of a type."""
    holder = holders()[name]
    types = [part for each in (holder.request, holder.response) if each for part in referenced(each)]
    return next(part for part in types if isinstance(part, MessageModel) and part.name == name)


def table(fact: TypeFacts) -> MemberTable | EnumTable:
    """The table of a type on the page of an operation that holds it."""
    return next(each for each in tables(holders()[fact.name]) if each.name == fact.name)


def csharp(name: str) -> str:
    """The C# of an operation that holds the type."""
    return snippet(the_catalog(), holders()[name], LANGUAGES["csharp"])


def declaration(name: str) -> tuple[str, str, str]:
    """The namespace of a type, the lines directly above its class, and those of the class, in C#."""
    blocks = re.findall(r"^namespace (\S+)\n\{\n(.*?)^\}", csharp(name), re.MULTILINE | re.DOTALL)
    for namespace, block in blocks:
        found = re.search(
            rf"((?:^    [\[/][^\n]*\n)*)^    public (?:partial class|enum) {name}\n(.*?)^    \}}",
            block,
            re.MULTILINE | re.DOTALL,
        )
        if found:
            return namespace, found[1], found[2]
    raise AssertionError(name)


@OPERATIONS
def test_an_operation_has_its_routes_its_access_and_its_types(fact: TypeFacts) -> None:
    """Base, interfaces and response among them, and a description on its page or none."""
    found = operation(fact.name)
    contract, response, base = found.contract, found.response, found.request.base
    assert fact.routes == [(",".join(route.verbs) or "All Verbs", f"/api{route.template}") for route in contract.routes]
    assert ("signed-in" in fact.words) == contract.access.authenticated
    assert ("undescribed" in fact.words) == (found.request.published_description == "")
    assert ("undeclared" in fact.words) != contract.response_declared
    assert fact.words[:2] == ("->", response.name if response else None)
    assert fact.said("base") == (base.name if base else None)
    assert fact.said("implements") == (",".join(each.name for each in contract.implements) or None)


@CLASSES
def test_a_table_has_the_members_in_their_order(fact: TypeFacts) -> None:
    """Each with its place, its type and whether it is required."""
    found = table(fact)
    assert isinstance(found, MemberTable)
    expected = [(each.name, each.place, each.shown_type, each.required) for each in fact.members]
    assert expected == [(row.name, row.place, row.data_type, row.required) for row in found.rows]


@CLASSES
def test_a_row_has_a_description_where_the_member_states_one(fact: TypeFacts) -> None:
    """And else none."""
    found = table(fact)
    assert isinstance(found, MemberTable)
    assert ["D" in each.states for each in fact.members] == [row.description != "" for row in found.rows]


@CLASSES
def test_a_member_has_the_type_of_the_contract_on_the_wire(fact: TypeFacts) -> None:
    """Whatever its page shows."""
    expected = [(each.name, each.type) for each in fact.members]
    assert expected == [(member.name, csharp_name(member.type)) for member in model(fact.name).own_published]


def attribute(each: MemberFacts) -> tuple[str, str, str, str] | None:
    """The letters of a member's attribute, and the type, name and place in it; None for no attribute."""
    if each.states == "-":
        return None
    return (
        each.states,
        each.shown_type if "T" in each.states else "",
        each.stated_name if "N" in each.states else "",
        each.place if "P" in each.states else "",
    )


@CLASSES
def test_an_attribute_prints_what_the_member_states_and_nothing_else(fact: TypeFacts) -> None:
    """In C#: the arguments in their order, with their values."""
    found: dict[str, tuple[str, str, str, str] | None] = {}
    for arguments, name in re.findall(
        r"(?:\[ApiMember\((.*)\)\]\n +)?public virtual \S.*? (\w+) \{ get", declaration(fact.name)[2]
    ):
        stated = dict(re.findall(r'(\w+)=("(?:[^"\\]|\\.)*"|true)', arguments))
        letters = "".join(LETTERS[key] for key in stated)
        values = (stated.get(key, '""').strip('"') for key in ("DataType", "Name", "ParameterType"))
        found[name] = (letters, *values) if stated else None
    assert {each.name: attribute(each) for each in fact.members} == found


@MODELS
def test_a_model_is_in_its_namespace_and_carries_its_attribute(fact: TypeFacts) -> None:
    """A response of some operations has one that describes it; no model has a comment."""
    namespace, above, _ = declaration(fact.name)
    assert NAMESPACES[fact.words[0]] == namespace
    assert ("api-response" in fact.words) == above.startswith("    [ApiResponse(Description=")
    assert "///" not in above


def test_the_enumeration_of_a_sort_has_its_namespace_and_names() -> None:
    """The only one of the first wave."""
    (fact,) = (each for each in WAVE_1 if each.kind == "enum")
    assert NAMESPACES[fact.words[0]] == declaration(fact.name)[0]
    assert EnumTable(fact.name, tuple(line[0] for line in fact.lines)) == table(fact)


def test_every_type_on_a_page_is_in_the_table_of_facts() -> None:
    """But for the types of every answer."""
    assert {fact.name for fact in WAVE_1} | {"ResponseStatus", "ResponseError"} == set(holders())
