"""Names and types in the Dart source."""

import re
from collections.abc import Iterator
from datetime import UTC, datetime

import pytest
from tests.support.every_form import every_form
from tests.support.exchange import CATALOGS

from servicehost.contract.catalog import Catalog
from servicehost.languages import LANGUAGES, Options, snippet, source

NOW = datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC)


def dart(catalog: Catalog, **query: str) -> str:
    """Return the Dart file of a service."""
    return source(catalog, LANGUAGES["dart"], Options.from_query(query.items()), NOW)


def classes(text: str) -> Iterator[tuple[str, str]]:
    """Return the classes of a file: name and body, without comments."""
    code = re.sub(r"/\*.*?\*/|//[^\n]*", "", text, flags=re.DOTALL)
    for found in re.finditer(r"^class (\w+)[^\n]*\n\{\n(.*?)^\}", code, re.DOTALL | re.MULTILINE):
        yield found[1], found[2]


def fields(body: str) -> list[tuple[str, str]]:
    """Return type and name of the fields of a class."""
    return re.findall(r"^    ([\w<>,?]+) (\w+)(?: = [^;]*)?;$", body, re.MULTILINE)


@pytest.mark.parametrize("compat", ["", "latest"])
@pytest.mark.parametrize("name", CATALOGS)
def test_no_field_hides_a_type(name: str, compat: str) -> None:
    """No field has the name of a type used in its class, which it would hide."""
    for class_name, body in classes(dart(CATALOGS[name](), compat=compat)):
        names = {field for _, field in fields(body)} - {"context"}
        types = {word for type_, _ in fields(body) for word in re.findall(r"\w+", type_)}
        called = set(re.findall(r"(?<![.'\w])(\w+)\(", body))
        assert names & (types | called | {class_name, "context", "json", "dynamic", "Map", "String"}) == set()


@pytest.mark.parametrize("name", CATALOGS)
def test_every_name_on_the_wire_is_read_and_written(name: str) -> None:
    """Both methods use the wire names of all properties that a class declares itself."""
    catalog = CATALOGS[name]()
    declared = dict(classes(dart(catalog)))
    for model in (operation.request for operation in catalog if operation.contract.published):
        wires = [member.name for member in model.own_published]
        names = [f"us\\${wire[3:]}" if wire.startswith("us$") else wire for wire in wires]
        if not model.python.camel_case:
            assert names == re.findall(r"json\['(.*?)'\]", declared[model.name])
            assert names == re.findall(r"^        '(.*?)': ", declared[model.name], re.MULTILINE)


def test_names_that_mean_something_else() -> None:
    """Reserved words get a capital letter; names that would hide something are changed."""
    names = [name for _, name in fields(dict(classes(dart(every_form())))["Awkward"])]
    begin = ["Class", "Default", "when", "description", "init", "This", "json_", "context_", "container", "first_name"]
    assert [*begin, "us_", "tone", "context"] == names


def test_pages_show_fields_as_hosts_of_the_release_do(catalog: Catalog) -> None:
    """Pages keep names that hide a type."""
    operation = catalog.find("Hello")
    assert operation is not None
    assert "    ResponseStatus? ResponseStatus;\n" in snippet(catalog, operation, LANGUAGES["dart"])
    assert "    ResponseStatus? responseStatus;\n" in dart(catalog)


def test_the_context_makes_every_type_and_collection() -> None:
    """The context contains nested types too, but not lists of texts, which the package supports itself."""
    context = dart(every_form()).partition("TypeContext _ctx =")[2]
    made = dict(re.findall(r"^    '(.*)': TypeInfo\((.*)\),$", context, re.MULTILINE))
    assert made["Tone"] == "TypeOf.Enum, enumValues:Tone.values"
    assert made["List<List<int>>"] == "TypeOf.Class, create:() => <List<int>>[]"
    assert made["Map<String,List<Leaf>?>"] == "TypeOf.Class, create:() => Map<String,List<Leaf>?>()"
    assert {"List<int>", "List<Leaf>", "Map<String,Leaf?>", "Leaf"} <= made.keys()
    assert "List<String>" not in made


def test_the_newest_release_starts_required_values_with_constants() -> None:
    """Types without a constant remain nullable there too."""
    body = dict(classes(dart(every_form(), compat="latest")))
    assert '    String Id = "";\n' in body["Scalars"]
    assert "    DateTime? At;\n" in body["Scalars"]
    assert "    Map<String,String?> Labels = {};\n" in body["Collections"]
    assert "Labels = JsonConverters.toStringMap(json['Labels']) ?? {};" in body["Collections"]


def test_a_verb_that_no_route_names_stands_last(catalog: Catalog) -> None:
    """The package takes the method from the last interface."""
    text = dart(catalog)
    assert "class Hello implements IReturn<HelloResponse>, IGet, IConvertible\n" in text
    assert "class SearchGreetings extends PagedModel implements IReturn<HelloResponse>, IConvertible, IPost\n" in text


def test_library_and_imports(catalog: Catalog) -> None:
    """The library directive precedes all imports; typed data is imported for bytes."""
    text = dart(catalog, GlobalNamespace="acme.types", WithoutOptions="1")
    assert text.startswith("library acme.types;\n\nimport 'package:servicestack/servicestack.dart';\n")
    assert "import 'dart:typed_data';\n" in dart(every_form())
    assert "typed_data" not in text
