"""Types, names and options in the Ruby source."""

from datetime import UTC, datetime

import pytest
from tests.support.every_form import every_form

from servicehost.contract.catalog import Catalog
from servicehost.languages import LANGUAGES, Options, source

NOW = datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC)


def ruby(catalog: Catalog, **query: str) -> str:
    """Return the Ruby file of a service, without indentation."""
    text = source(catalog, LANGUAGES["ruby"], Options.from_query(query.items()), NOW)
    return "\n".join(line.strip() for line in text.splitlines())


@pytest.mark.parametrize(
    "line",
    [
        "maybe_text: { name: 'MaybeText' },",
        "maybe_at: { name: 'MaybeAt', type: DateTime },",
        "lasts: { name: 'Lasts' },",
        "tone: { name: 'Tone' },",
        "leaf: { name: 'Leaf', type: Leaf },",
        "moments: { name: 'Moments', type: [DateTime] },",
        "leaves: { name: 'Leaves', type: [Leaf] },",
        "table: { name: 'Table' },",
        "by_name: { name: 'ByName', type: { String => Leaf } },",
        "groups: { name: 'Groups', type: { String => [Leaf] } },",
        "response_status: { name: 'ResponseStatus', type: ServiceStack::ResponseStatus },",
    ],
)
def test_the_library_is_told_what_json_does_not_say(line: str) -> None:
    """`properties` contains all wire names, and the types of dates and messages."""
    assert f"\n{line}\n" in ruby(every_form())


@pytest.mark.parametrize(
    "line",
    [
        "attr_accessor :class_",
        "class_: { name: 'class' },",
        "attr_accessor :first_name",
        "first_name: { name: 'first-name' },",
        "attr_accessor :response_type_",
        "response_type_: { name: 'ResponseType' },",
        "DEFAULT = 'default'",
        "VERY_WARM = 'Very Warm'",
    ],
)
def test_names(line: str) -> None:
    """No property has a name that Ruby or the library needs."""
    assert f"\n{line}\n" in ruby(every_form())


@pytest.mark.parametrize(
    ("name", "constant"),
    [("VeryWarm", "VERY_WARM"), ("REAL_PERSON", "REAL_PERSON"), ("Real_Person", "REAL_PERSON"), ("GUID", "GUID")],
)
def test_constants(name: str, constant: str) -> None:
    """Names that already contain underscores are not split further."""
    from servicehost.languages.ruby import _constant

    assert constant == _constant(name)


def test_a_derived_class_adds_to_its_base(catalog: Catalog) -> None:
    """It overrides nothing if it has no members of its own."""
    assert "\ndef self.properties\nsuper.merge({\ntext: { name: 'Text' },\n})\nend\n" in ruby(catalog)
    assert "\nclass CountForms < Page\ndef response_type() = FormsResponse\n" in ruby(every_form())


def test_flags_are_texts_in_attributes_and_numbers_are_not(catalog: Catalog) -> None:
    """The generators of ServiceStack hosts write them so."""
    assert 'IsRequired: "true"' in ruby(catalog)
    text = ruby(catalog, AddDataContractAttributes="True", AddIndexesToDataMembers="True")
    assert "# @DataMember(Order: 1)" in text


def test_enumerations_and_markers_come_first(catalog: Catalog) -> None:
    """Types follow the types that they refer to."""
    text = ruby(catalog)
    names = ["module Tone", "module IReturn", "module IReturnVoid", "module IGet", "class Greeting", "class Hello\n"]
    places = [text.index(f"\n{name}") for name in names]
    assert places == sorted(places)
    assert "module IGet" not in ruby(catalog, AddServiceStackTypes="False")


def test_magic_comments_come_first(catalog: Catalog) -> None:
    """They precede the options, because Ruby honours them only there."""
    magic = "# frozen_string_literal: true\n# encoding: utf-8\n"
    assert ruby(catalog).startswith(f"{magic}\n# Options:\n=begin\nDate: ")
    assert ruby(catalog, WithoutOptions="", DefaultImports="bigdecimal").startswith(
        f"{magic}\n\nrequire 'json'\nrequire 'servicestack'\nrequire 'bigdecimal'\n\n\nmodule Tone\n"
    )


@pytest.mark.parametrize(
    "query",
    [
        [("AddServiceStackTypes", "False"), ("AddImplicitVersion", "3")],
        [("IncludeTypes", "Acme.ServiceModel/*"), ("ExcludeTypes", "*/x,Forget")],
        [("compat", "latest"), ("DefaultImports", "bigdecimal,date")],
    ],
)
def test_the_header_gives_the_same_source_again(catalog: Catalog, query: list[tuple[str, str]]) -> None:
    """Tools read the lines that are not commented out."""
    first = source(catalog, LANGUAGES["ruby"], Options.from_query(query), NOW)
    header = first.partition("=begin\n")[2].partition("\n=end\n")[0]
    kept = [line.split(":", 1) for line in header.split("\n\n")[1].splitlines() if not line.startswith("#")]
    assert first == source(catalog, LANGUAGES["ruby"], Options.from_query((name, value) for name, value in kept), NOW)
