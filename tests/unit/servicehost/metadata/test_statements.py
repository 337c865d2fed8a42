"""Statements of messages on pages and in sources: namespaces, interfaces, names, types, and omissions."""

from datetime import UTC, datetime
from pathlib import Path

import pytest
from tests.support.documented import format_named
from tests.support.library import Mark, library
from tests.support.pages import visible_text, without_blank_lines

from servicehost.contract.catalog import Operation
from servicehost.contract.types import Ref
from servicehost.formats import xml
from servicehost.formats.codec import Style
from servicehost.formats.registry import WIRE_FORMATS
from servicehost.languages import LANGUAGES, Options, snippet, source
from servicehost.metadata import Documentation

NOW = datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC)
EXPECTED = Path(__file__).parent / "expected"


def operation(name: str) -> Operation:
    """Return an operation of the library."""
    found = library().find(name)
    assert found is not None
    return found


def shown(name: str, language: str) -> str:
    """Return the source on the page of an operation."""
    catalog = library()
    found = catalog.find(name)
    assert found is not None
    return snippet(catalog, found, LANGUAGES[language])


def page(name: str, format_name: str) -> list[str]:
    """Return the visible text of the page of an operation."""
    catalog = library()
    found = catalog.find(name)
    assert found is not None
    return visible_text(Documentation(catalog, WIRE_FORMATS).operation(found, format_named(format_name)))


@pytest.mark.parametrize(
    ("name", "language"),
    [
        ("FindAuthors", "csharp"),
        ("FindAuthors", "vbnet"),
        ("FindAuthors", "mjs"),
        ("ChangeShelf", "typescript"),
        ("ChangeShelf", "fsharp"),
    ],
)
def test_a_source_shows_what_is_stated(name: str, language: str) -> None:
    """The expected source is written by hand from the rules of the language."""
    expected = (EXPECTED / f"{name}.{language}.txt").read_text(encoding="utf-8")
    assert expected.strip("\n") == shown(name, language).strip("\n")


def test_a_page_shows_what_is_stated() -> None:
    """This covers tables, and samples with elements of three namespaces."""
    expected = (EXPECTED / "FindAuthors.xml.txt").read_text(encoding="utf-8")
    assert without_blank_lines(expected.split("\n")) == page("FindAuthors", "xml")


@pytest.mark.parametrize(
    ("language", "line"),
    [
        ("typescript", "export class FindAuthors extends Paged implements IAnonymous"),
        ("java", "public static class FindAuthors extends Paged implements IAnonymous"),
        ("kotlin", "open class FindAuthors : Paged(), IAnonymous"),
        ("kotlin", "override var TenantId:UUID? = null"),
        ("swift", "public class FindAuthors : Paged, IAnonymous"),
        ("php", "class FindAuthors extends Paged implements IAnonymous, JsonSerializable"),
        ("dart", "class FindAuthors extends Paged implements IAnonymous, IConvertible"),
        ("python", "class FindAuthors(Paged, IAnonymous):"),
        ("fsharp", "namespace Acme.Library.ServiceModel"),
        ("fsharp", '[<ApiResponse(Description="The authors that were found.")>]'),
        ("kotlin", '@ApiResponse(Description="The authors that were found.")'),
        ("python", '# @ApiResponse(Description="The authors that were found.")'),
    ],
)
def test_a_source_names_interfaces_and_describes_responses(language: str, line: str) -> None:
    """Each language has its own syntax."""
    assert line in [each.strip() for each in shown("FindAuthors", language).splitlines()]


@pytest.mark.parametrize("language", [language for language in LANGUAGES if language != "fsharp"])
def test_a_file_names_no_interface_that_nobody_declares(language: str) -> None:
    """A file must compile."""
    assert "IAnonymous" not in source(library(), LANGUAGES[language], Options(), NOW)


def test_fsharp_lists_no_interface() -> None:
    """Files contain only those of verbs."""
    assert "IAnonymous" not in shown("FindAuthors", "fsharp")


@pytest.mark.parametrize("language", sorted(LANGUAGES))
def test_a_type_of_a_framework_is_named_and_described_nowhere(language: str) -> None:
    """Pages do not describe it; files, which must compile, declare it without members."""
    assert "Fields" in shown("ChangeShelf", language) or language == "js"
    assert not any(
        f"{word} Fields" in shown("ChangeShelf", language) for word in ("class", "type", "struct", "interface")
    )
    assert "Fields Parameters:" not in page("ChangeShelf", "json")


@pytest.mark.parametrize("language", sorted(set(LANGUAGES) - {"go", "zig", "ruby", "js", "mjs"}))
def test_a_file_connects_no_response_with_a_request_that_declares_none(language: str) -> None:
    """It states neither a response nor its absence."""
    text = source(library(), LANGUAGES[language], Options.from_query([("IncludeTypes", "ChangeShelf")]), NOW)
    lines = [line for line in text.splitlines() if "ChangeShelf" in line]
    assert not any("IReturn" in line for line in lines)
    assert not any("ChangeShelfResponse" in line for line in lines)


@pytest.mark.parametrize("language", ["typescript", "mjs", "dart", "python", "php", "fsharp"])
def test_a_request_that_declares_no_response_comes_before_it(language: str) -> None:
    """Otherwise the response comes first."""
    undeclared, declared = shown("ChangeShelf", language), shown("FindAuthors", language)
    lines = [each.split("(")[0].split() for each in undeclared.splitlines() if "ChangeShelf" in each]
    assert "ChangeShelfResponse" not in lines[0]
    assert declared.index("FindAuthorsResponse") < declared.rindex("FindAuthors")


def test_a_placeholder_without_a_published_member_is_shown_and_bound() -> None:
    """The page shows the route but no row for it; the member gets its value from the path."""
    lines = page("ChangeShelf", "json")
    assert "PUT/api/shelves/{ShelfNumber}" in lines
    assert not any(line.startswith("ShelfNumber") for line in lines)
    assert operation("ChangeShelf").request.member("ShelfNumber") is not None


@pytest.mark.parametrize("name", ["_x003C_Name_x003E_k__BackingField", "Name", "name"])
def test_a_backing_field_is_written_and_both_names_are_read(name: str) -> None:
    """.NET serializes a class without a contract this way."""
    node = Ref(library().types.message(Mark))
    style = Style("urn:library")
    mark = xml.compile_decoder(node, style)(f"<Mark><{name}>Red</{name}></Mark>".encode())
    written = xml.compile_encoder(node, style)(mark).decode()
    assert "<_x003C_Name_x003E_k__BackingField>Red</_x003C_Name_x003E_k__BackingField></Mark>" in written


@pytest.mark.parametrize(
    ("pattern", "names"), [("Acme.Entity/*", ["Mark"]), ("acme.common.models/*", ["Paged", "Person", "Author"])]
)
def test_types_are_selected_by_their_namespace(pattern: str, names: list[str]) -> None:
    """`IncludeTypes=Namespace/*` selects the types of that namespace."""
    text = source(library(), LANGUAGES["mjs"], Options.from_query([("IncludeTypes", pattern)]), NOW)
    found = [line.split()[2] for line in text.splitlines() if line.startswith("export class ")]
    assert names == found
