"""Types, names and options in the Rust source."""

from datetime import UTC, datetime

import pytest
from tests.support.every_form import every_form

from servicehost.contract.catalog import Catalog
from servicehost.languages import LANGUAGES, Options, source

NOW = datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC)
MAYBE = '#[serde(default, skip_serializing_if = "Option::is_none")]'


def rust(catalog: Catalog, **query: str) -> str:
    """Return the Rust file of a service, without indentation."""
    text = source(catalog, LANGUAGES["rust"], Options.from_query(query.items()), NOW)
    return "\n".join(line.strip() for line in text.splitlines())


@pytest.mark.parametrize(
    ("wire", "field"),
    [
        ("Flag", "flag: bool"),
        ("Number", "number: i32"),
        ("Big", "big: i64"),
        ("Price", "price: f64"),
        ("Id", "id: String"),
        ("At", "at: String"),
        ("Lasts", "lasts: String"),
        ("Tone", "tone: Tone"),
        ("Texts", "texts: Vec<String>"),
        ("Labels", "labels: HashMap<String, String>"),
    ],
)
def test_what_is_required_is_always_written(wire: str, field: str) -> None:
    """Required members, and values that cannot be null, are not optional."""
    assert f'\n#[serde(rename = "{wire}")]\npub {field},\n' in rust(every_form())


@pytest.mark.parametrize(
    ("wire", "field"),
    [
        ("MaybeText", "maybe_text: Option<String>"),
        ("MaybeNumber", "maybe_number: Option<i32>"),
        ("MaybeTone", "maybe_tone: Option<Tone>"),
        ("Data", "data: Option<String>"),
        ("Leaf", "leaf: Option<Leaf>"),
        ("Ids", "ids: Option<Vec<String>>"),
        ("Table", "table: Option<Vec<Vec<i32>>>"),
        ("Groups", "groups: Option<HashMap<String, Vec<Leaf>>>"),
        ("Stem", "stem: Option<Box<Leaf>>"),
    ],
)
def test_what_is_not_required_may_be_absent(wire: str, field: str) -> None:
    """Bytes are a text; a recursive message is in a box."""
    assert f'\n#[serde(rename = "{wire}")]\n{MAYBE}\npub {field},\n' in rust(every_form())


@pytest.mark.parametrize(
    "lines",
    [
        '#[serde(rename = "first-name")]\n' + MAYBE + "\npub first_name: Option<String>,",
        '#[serde(rename = "us$")]\n' + MAYBE + "\npub us_: Option<String>,",
        "\n" + MAYBE + "\npub class: Option<String>,",
        '#[default]\n#[serde(rename = "Plain")]\nPlain,',
        '#[serde(rename = "default")]\nDefault,',
        '#[serde(rename = "Very Warm")]\nVeryWarm,',
        "#[serde(flatten)]\npub page: Page,",
    ],
)
def test_names(lines: str) -> None:
    """The wire name is stated whenever it differs."""
    assert lines in rust(every_form()).replace("{\n", "{\n\n")


def test_keywords_are_names_all_the_same() -> None:
    """Raw identifiers are used if Rust allows them; other keywords are changed."""
    from servicehost.languages.rust import _name, _variant

    assert ["r#type", "self_", "_2fa", "Self_"] == [_name("Type"), _name("Self"), _name("2fa"), _variant("self")]


def test_only_what_is_used_is_imported(catalog: Catalog) -> None:
    """The compiler warns about unused imports."""
    uses = [line for line in rust(catalog, IncludeTypes="Greeting,Tone").splitlines() if line.startswith("use ")]
    assert ["use serde::{Deserialize, Serialize};"] == uses
    uses = [line for line in rust(catalog, DefaultImports="chrono::Utc").splitlines() if line.startswith("use ")]
    assert uses == [
        "use chrono::Utc;",
        "use serde::{Deserialize, Serialize};",
        "use servicestack::*;",
        "use std::collections::HashMap;",
    ]


def test_what_a_request_is(catalog: Catalog) -> None:
    """A request states its name, its verb, and its response if it has one."""
    text = rust(catalog)
    assert '\nconst NAME: &\'static str = "Hello";\nconst VERB: &\'static str = "GET";\n}\n' in text
    assert "\nimpl IReturn for Hello {\ntype Response = HelloResponse;\n}\n" in text
    assert "\nimpl IReturnVoid for Forget {}" in text


def test_data_contracts_are_told_by_serde(catalog: Catalog) -> None:
    """Data contract attributes are not shown."""
    assert "DataMember" not in rust(catalog, AddDataContractAttributes="True")


@pytest.mark.parametrize(
    "query",
    [
        [("GlobalNamespace", "Acme.Types"), ("AddImplicitVersion", "3")],
        [("IncludeTypes", "Acme.ServiceModel/*"), ("ExcludeTypes", "*/x,Forget")],
        [("compat", "latest"), ("DefaultImports", "a::b")],
    ],
)
def test_the_header_gives_the_same_source_again(catalog: Catalog, query: list[tuple[str, str]]) -> None:
    """Tools read the lines that are not commented out; no option opens a nested comment."""
    first = source(catalog, LANGUAGES["rust"], Options.from_query(query), NOW)
    header = first.partition("*/\n")[0]
    kept = [line.split(":", 1) for line in header.split("\n\n")[1].splitlines() if not line.startswith("//")]
    assert first == source(catalog, LANGUAGES["rust"], Options.from_query((name, value) for name, value in kept), NOW)
    assert header.count("/*") == 1
