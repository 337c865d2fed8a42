"""Names and options in the Java and Kotlin sources."""

from collections.abc import Callable
from datetime import UTC, datetime

import pytest
from tests.support.every_form import every_form

from servicehost.contract.catalog import Catalog
from servicehost.contract.types import Scalar
from servicehost.languages import LANGUAGES, Options, source
from servicehost.languages.java import TYPE_NAMES

NOW = datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC)


def java(catalog: Catalog, **query: str) -> str:
    """Return the Java file of a service."""
    return source(catalog, LANGUAGES["java"], Options.from_query(query.items()), NOW)


def kotlin(catalog: Catalog, **query: str) -> str:
    """Return the Kotlin file of a service."""
    return source(catalog, LANGUAGES["kotlin"], Options.from_query(query.items()), NOW)


@pytest.mark.parametrize(
    "line",
    [
        '@SerializedName("class") public String Class_ = null;',
        "public String getClass_() { return Class_; }",
        '@SerializedName("default") public String Default = null;',
        '@SerializedName("first-name") public String first_name = null;',
        '@SerializedName("ResponseType") public String ResponseType_ = null;',
        "public String when = null;",
        "Plain,",
        '@SerializedName("default") Default,',
        '@SerializedName("Very Warm") VeryWarm;',
    ],
)
def test_java_states_names_that_it_does_not_take(line: str) -> None:
    """Keywords, names that are not identifiers, and names whose getter already exists are replaced."""
    assert f"    {line}\n" in java(every_form())


@pytest.mark.parametrize(
    "line",
    [
        '@SerializedName("when") open var When:String? = null',
        '@SerializedName("us$") open var us_:String? = null'.replace("$", "\\$"),
        '@SerializedName("Very Warm") VeryWarm,',
    ],
)
def test_kotlin_states_names_that_it_does_not_take(line: str) -> None:
    """Kotlin has other keywords; a dollar sign does not start an expression."""
    assert f"    {line}\n" in kotlin(every_form())


@pytest.mark.parametrize("write", [java, kotlin])
def test_gson_is_imported_where_a_name_is_stated(catalog: Catalog, write: Callable[..., str]) -> None:
    """Without the enumeration no name is stated."""
    assert "import com.google.gson.annotations.*" in write(catalog)
    assert "gson" not in write(catalog, IncludeTypes="Forget")


def test_a_getter_of_a_flag_begins_with_is() -> None:
    """The prefix is not repeated."""
    text = java(every_form())
    assert "public Boolean isFlag() { return Flag; }" in text
    assert "public Boolean getIsFlag() { return IsFlag; }" in text


def test_accessors_as_asked_for(catalog: Catalog) -> None:
    """Options remove accessors, or make setters return nothing."""
    assert "getName" not in java(catalog, AddPropertyAccessors="False")
    assert "public void setName(String value) { this.Name = value; }" in java(catalog, SettersReturnThis="False")


def test_package_and_outer_class(catalog: Catalog) -> None:
    """Options set both names."""
    text = java(catalog, Package="com.acme", GlobalNamespace="Types", WithoutOptions="1")
    assert text.startswith("package com.acme;\n\nimport java.math.*;\n")
    assert "\npublic class Types\n{\n" in text
    assert kotlin(catalog, Package="com.acme", WithoutOptions="1").startswith(
        "package com.acme\n\nimport java.math.*\n"
    )


@pytest.mark.parametrize(
    ("write", "line"), [(java, "public String Id = null;"), (kotlin, "open var Id:String? = null")]
)
def test_types_as_strings(catalog: Catalog, write: Callable[..., str], line: str) -> None:
    """Types are named as in .NET or C#, messages included."""
    assert line in write(catalog, TreatTypesAsStrings="guid,DateTime")
    assert line.replace("Id", "Tone") in write(catalog, TreatTypesAsStrings="Tone")


@pytest.mark.parametrize(
    ("named", "expected"),
    [
        ("int", {Scalar.INT}),
        ("Int32,INT64", {Scalar.INT, Scalar.LONG}),
        ("bool,Byte[]", {Scalar.BOOL, Scalar.BYTES}),
        ("Boolean", {Scalar.BOOL}),
        ("nothing", set()),
    ],
)
def test_scalars_by_either_name(named: str, expected: set[Scalar]) -> None:
    """Scalars have a C# and a .NET name, in any casing."""
    names = TYPE_NAMES.as_strings(named.split(","))
    assert expected == {scalar for scalar in Scalar if names(scalar) != TYPE_NAMES(scalar)}


def test_an_annotation_stands_once_and_takes_its_values_by_name(catalog: Catalog) -> None:
    """Other annotations are commented out."""
    text = java(catalog, AddDescriptionAsComments="False")
    assert '    @Route(Path="/hello/{Name}", Verbs="GET")\n    // @Route(Path="/hello/{Name}/loudly"' in text
    assert '    // @Description("Say hello to someone.")\n' in text


def test_the_version_of_a_request(catalog: Catalog) -> None:
    """AddImplicitVersion sets it."""
    assert "public Integer Version = 3;" in java(catalog, AddImplicitVersion="3")
    assert "open var Version:Int? = 3" in kotlin(catalog, AddImplicitVersion="3")


def test_collections_start_empty_where_asked_for(catalog: Catalog) -> None:
    """By default only required ones do."""
    assert "open var Labels:HashMap<String,Int>? = null" in kotlin(catalog)
    assert "open var Labels:HashMap<String,Int> = HashMap<String,Int>()" in kotlin(
        catalog, InitializeCollections="True"
    )
