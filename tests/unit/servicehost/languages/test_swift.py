"""Names and options in the Swift source."""

import re
from datetime import UTC, datetime

import pytest
from tests.support.every_form import every_form
from tests.support.exchange import CATALOGS

from servicehost.contract.catalog import Catalog
from servicehost.contract.types import MessageModel
from servicehost.languages import LANGUAGES, Options, snippet, source
from servicehost.languages.selection import Universe
from servicehost.languages.text import camel

NOW = datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC)


def swift(catalog: Catalog, **query: str) -> str:
    """Return the Swift file of a service."""
    return source(catalog, LANGUAGES["swift"], Options.from_query(query.items()), NOW)


def classes(text: str) -> dict[str, str]:
    """Return the bodies of the classes of a file by name."""
    found = re.finditer(r"^public class (\w+) : [^\n]*\n\{\n(.*?)^\}", text, re.DOTALL | re.MULTILINE)
    return {each[1]: each[2] for each in found}


def coded(body: str) -> dict[str, str]:
    """Return the wire names of the properties of a class as `Codable` sees them: coding keys, where declared."""
    cases = re.findall(r'^        case `?(\w+)`?(?: = "(.*)")?$', body, re.MULTILINE)
    properties = re.findall(r"^    (?:@TimeSpan )?public var `?(\w+)`?:", body, re.MULTILINE)
    keys = {name: wire or name for name, wire in cases}
    assert not keys or list(keys) == properties
    return keys or {name: name for name in properties}


@pytest.mark.parametrize("name", CATALOGS)
def test_every_property_is_coded_by_its_name_on_the_wire(name: str) -> None:
    """The messages of the host with camelCase names use these."""
    catalog = CATALOGS[name]()
    models = [each for each in Universe(catalog).types if isinstance(each, MessageModel)]
    declared = classes(swift(catalog))
    for model in (each for each in models if each.name in declared):
        wires = [camel(each.name) if model.python.camel_case else each.name for each in model.own_published]
        assert wires == list(coded(declared[model.name]).values())


def test_pages_show_classes_as_hosts_of_the_release_do(catalog: Catalog) -> None:
    """They have no coding keys and no optional properties."""
    operation = catalog.find("Hello")
    assert operation is not None
    text = snippet(catalog, operation, LANGUAGES["swift"])
    assert "CodingKey" not in text
    assert "    public var name:String\n" in text
    assert "    public var when:Date?\n" in text


def test_words_of_the_language_stand_in_backticks() -> None:
    """Keywords are escaped; `description` exists on every object."""
    body = classes(swift(every_form()))["Awkward"]
    assert "    public var `class`:String?\n" in body
    assert "    public var Description:String?\n" in body
    assert '        case Description = "description"\n' in body
    assert '        case first_name = "first-name"\n' in body


def test_a_class_with_a_base_codes_its_own_part() -> None:
    """Its part follows that of its base; ambiguous names are qualified."""
    body = classes(swift(every_form()))["GetForms"]
    assert "        texts = try container.decodeIfPresent([String].self, forKey: .texts) ?? []\n" in body
    assert "        self.decoder = try container.decodeIfPresent(String.self, forKey: .decoder)\n" in body
    assert "        if tone != nil { try container.encode(tone, forKey: .tone) }\n" in body
    assert "        if texts.count > 0 { try container.encode(texts, forKey: .texts) }\n" in body
    assert "        if lasts != nil { try container.encode(_lasts, forKey: .lasts) }\n" in body


def test_a_class_with_nothing_but_a_base_can_be_decoded() -> None:
    """It declares the required initializer, which is not inherited."""
    body = classes(swift(every_form()))["CountForms"]
    assert (
        "    required public init(from decoder: Decoder) throws {\n        try super.init(from: decoder)\n    }\n"
        in body
    )
    assert "CodingKeys" not in body


def test_properties_that_are_never_nil(catalog: Catalog) -> None:
    """Without MakePropertiesOptional, only properties without an initial value are optional."""
    body = classes(swift(catalog, MakePropertiesOptional="False"))["Hello"]
    assert '    public var name:String = ""\n' in body
    assert "    public var tone:Tone?\n" in body
    assert "    public var labels:[String:Int]?\n" in body


def test_the_base_that_the_asker_names(catalog: Catalog) -> None:
    """Every class without another base class derives from it."""
    text = swift(catalog, BaseClass="NSObject")
    assert "public class Hello : NSObject, IReturn, IGet, Codable\n" in text
    assert "    required public override init(){ super.init() }\n" in text
    assert "public class SearchGreetings : PagedModel, IReturn\n" in text


def test_types_as_strings_and_versions(catalog: Catalog) -> None:
    """Options apply to both."""
    assert "public var when:String?" in swift(catalog, TreatTypesAsStrings="DateTime")
    assert "public var version:Int? = 3" in swift(catalog, AddImplicitVersion="3")
    assert "public var labels:[String:Int] = [:]" in swift(catalog, InitializeCollections="True")
