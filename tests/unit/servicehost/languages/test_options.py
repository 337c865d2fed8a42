"""The options of a source in a query, and the header that preserves them."""

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import ClassVar

import pytest
from hypothesis import given
from hypothesis import strategies as st

from servicehost.contract.catalog import Catalog
from servicehost.languages import LANGUAGES, InvalidOption, Options, snippet, source
from servicehost.languages.options import DEFAULTS
from servicehost.languages.typescript import TypeScript

NOW = datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC)
MJS, TYPESCRIPT = LANGUAGES["mjs"], LANGUAGES["typescript"]


def kept_options(text: str) -> list[tuple[str, str]]:
    """Return the options that a client tool reads back from a header: the lines that are not commented out."""
    header = text.partition("*/\n")[0].split("\n\n")[1]
    pairs = [line.partition(":") for line in header.splitlines() if not line.startswith("//")]
    return [(name, value.strip()) for name, _, value in pairs]


def test_an_option_that_was_given_is_not_commented_out(catalog: Catalog) -> None:
    """An update of the file requests the same option."""
    text = source(catalog, TYPESCRIPT, Options.from_query([("includetypes", "Hello.*, Tone")]), NOW)
    assert "\nIncludeTypes: Hello.*,Tone\n" in text
    assert "\n//GlobalNamespace: \n" in text


@pytest.mark.parametrize(
    "query",
    [
        [("GlobalNamespace", "Acme.Types"), ("MakePropertiesOptional", "true")],
        [("AddServiceStackTypes", "False"), ("DefaultImports", "A:./a.js,@acme/b"), ("AddImplicitVersion", "3")],
        [("IncludeTypes", "Acme.ServiceModel/*"), ("ExcludeTypes", "Forget")],
        [("compat", "latest"), ("IncludeTypes", "*.Greeting,Tone")],
    ],
)
def test_the_header_gives_the_same_source_again(catalog: Catalog, query: list[tuple[str, str]]) -> None:
    """An update from the header alone changes nothing."""
    first = source(catalog, TYPESCRIPT, Options.from_query(query), NOW)
    assert first == source(catalog, TYPESCRIPT, Options.from_query(kept_options(first)), NOW)


def test_the_header_is_left_out_on_demand(catalog: Catalog) -> None:
    """`WithoutOptions` needs no value."""
    text = source(catalog, MJS, Options.from_query([("WithoutOptions", "")]), NOW)
    assert text.startswith('"use strict";\n')


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("AddServiceStackTypes", "perhaps"),
        ("AddImplicitVersion", "-1"),
        ("GlobalNamespace", "a b"),
        ("GlobalNamespace", "a.b;alert(1)"),
        ("IncludeTypes", "Hello\n*/ alert(1)"),
        ("DefaultImports", 'x";alert(1)'),
        ("DataClass", "frozen=True)\nimport"),
    ],
)
def test_a_value_that_an_option_cannot_take_is_refused(name: str, value: str) -> None:
    """The error names the option."""
    with pytest.raises(InvalidOption) as caught:
        Options.from_query([(name, value)])
    assert [field.field for field in caught.value.fields] == [name]


def test_what_is_no_option_is_left_alone() -> None:
    """Parameters of other hosts are ignored."""
    assert Options() == Options.from_query([("Cache", "False"), ("Vfx", "1"), ("GlobalNamespace", "")])


@given(st.sampled_from(sorted(DEFAULTS)), st.text(max_size=30))
def test_no_value_breaks_out_of_the_header(catalog: Catalog, name: str, value: str) -> None:
    """A value is either rejected or stays inside the header."""
    try:
        options = Options.from_query([(name, value)])
    except InvalidOption:
        return
    text = source(catalog, MJS, options, NOW)
    header, ending, rest = text.partition("*/\n\n")
    assert (12, "*/\n\n", True) == (header.count("\n"), ending, rest.startswith('"use strict";\n'))


def test_flags_are_shown_as_the_host_spells_them(catalog: Catalog) -> None:
    """The casing of the query does not matter."""
    text = source(catalog, MJS, Options.from_query([("adddocannotations", "0")]), NOW)
    assert "\nAddDocAnnotations: False\n" in text
    assert "@type" not in text


class Lenient(TypeScript):
    """TypeScript with a forced default."""

    forced: ClassVar[Mapping[str, str]] = {"MakePropertiesOptional": "True"}


def test_a_language_may_force_a_default_in_files(catalog: Catalog) -> None:
    """A query overrides it; snippets of pages ignore it."""
    operation = catalog.find("Hello")
    assert operation is not None
    assert "public Id?: string;" in source(catalog, Lenient(), Options(), NOW)
    asked = Options.from_query([("MakePropertiesOptional", "False")])
    assert "public Id: string;" in source(catalog, Lenient(), asked, NOW)
    assert "public Id: string;" in snippet(catalog, operation, Lenient())


def test_an_implicit_version_is_added_to_requests(catalog: Catalog) -> None:
    """Requests have it as their initial value; other types do not have it."""
    text = source(catalog, TYPESCRIPT, Options.from_query([("AddImplicitVersion", "7")]), NOW)
    assert text.count("public Version: number = 7;") == 3


def test_a_module_wraps_the_declarations(catalog: Catalog) -> None:
    """The option GlobalNamespace names the module."""
    text = source(catalog, TYPESCRIPT, Options.from_query([("GlobalNamespace", "Acme")]), NOW)
    assert "\nexport module Acme\n{\n\n    export interface IReturn<T>\n    {\n" in text
    assert text.endswith("    }\n}\n\n")


def test_imports_stand_before_the_declarations(catalog: Catalog) -> None:
    """An import is a name from a module, or a whole module; imported types are not declared."""
    query = [("DefaultImports", "IReturn:@acme/client,./other"), ("AddServiceStackTypes", "false")]
    text = source(catalog, TYPESCRIPT, Options.from_query(query), NOW)
    assert '\n*/\n\n// @ts-nocheck\n\nimport { IReturn } from "@acme/client";\nimport "./other";\n\n' in text
    assert "interface IReturn" not in text
    assert "class ResponseStatus" not in text


def test_descriptions_become_attributes_on_demand(catalog: Catalog) -> None:
    """Disabling AddDescriptionAsComments moves them."""
    text = source(catalog, TYPESCRIPT, Options.from_query([("AddDescriptionAsComments", "False")]), NOW)
    assert "@description" not in text
    assert '// @Description("Who to greet")' in text


def test_data_contract_attributes_are_added_on_demand(catalog: Catalog) -> None:
    """Another option adds their numbers."""
    query = [("AddDataContractAttributes", "true"), ("AddIndexesToDataMembers", "true"), ("IncludeTypes", "Greeting")]
    text = source(catalog, TYPESCRIPT, Options.from_query(query), NOW)
    assert "// @DataContract\nexport class Greeting\n{\n    // @DataMember(Order=1)\n    public Id: string;" in text
