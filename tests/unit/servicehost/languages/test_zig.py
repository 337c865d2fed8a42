"""Types, names and options in the Zig source."""

from datetime import UTC, datetime

import pytest
from tests.support.every_form import every_form
from tests.support.shop import catalog_of

from servicehost.contract.catalog import Catalog
from servicehost.contract.messages import Message, Request
from servicehost.contract.status import ResponseStatus
from servicehost.languages import LANGUAGES, Options, source

NOW = datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC)


def zig(catalog: Catalog, **query: str) -> str:
    """Return the Zig file of a service, without indentation."""
    text = source(catalog, LANGUAGES["zig"], Options.from_query(query.items()), NOW)
    return "\n".join(line.strip() for line in text.splitlines())


@pytest.mark.parametrize(
    "field",
    [
        "Text: ?[]const u8 = null,",
        "Flag: bool = false,",
        "IsFlag: ?bool = null,",
        "Number: i32 = 0,",
        "MaybeNumber: ?i32 = null,",
        "Big: i64 = 0,",
        "Price: f64 = 0,",
        "Id: ?[]const u8 = null,",
        "At: ?[]const u8 = null,",
        "Data: ?[]const u8 = null,",
        "Tone: ?Tone = null,",
        "Leaf: ?Leaf = null,",
        "Stem: ?*const Leaf = null,",
        "Texts: [][]const u8 = &.{},",
        "Ids: ?[][]const u8 = null,",
        "Table: ?[][]i32 = null,",
        "Labels: ?std.json.Value = null,",
        "ResponseStatus: ?ss.ResponseStatus = null,",
    ],
)
def test_every_field_has_a_default(field: str) -> None:
    """The default is the empty value, if there is one; a recursive message is a pointer."""
    assert f"\n{field}\n" in zig(every_form())


@pytest.mark.parametrize(
    "line",
    ["class: ?[]const u8 = null,", '@"first-name": ?[]const u8 = null,', "default,", '@"Very Warm",'],
)
def test_names_are_those_of_the_wire(line: str) -> None:
    """Names that are not identifiers are quoted."""
    assert f"\n{line}\n" in zig(every_form())


def test_keywords_are_quoted() -> None:
    """Renaming is not possible, since `std.json` maps fields by name."""
    from servicehost.languages.zig import _identifier

    assert ['@"error"', '@"2fa"', "Error", "type"] == [_identifier(n) for n in ("error", "2fa", "Error", "type")]


def test_base_types_are_written_out(catalog: Catalog) -> None:
    """Zig has no inheritance."""
    text = zig(catalog, IncludeTypes="SearchGreetings")
    assert "\nPageNumber: i32 = 0,\n" in text
    assert "ss." not in text


def test_the_library_is_imported_for_what_a_base_type_refers_to() -> None:
    """It is imported even if the base type itself is not declared."""

    class Answered(Message):
        """What every answer has."""

        response_status: ResponseStatus | None = None

    class SeeResponse(Answered):
        """An answer."""

        text: str | None = None

    class See(Request[SeeResponse]):
        """See."""

    text = zig(catalog_of(See), IncludeTypes="SeeResponse", WithoutOptions="")
    assert text.startswith('const std = @import("std");\nconst ss = @import("servicestack");\n')


def test_what_a_request_is(catalog: Catalog) -> None:
    """A request states its name, its verb, and its response."""
    text = zig(catalog)
    constants = 'pub const ss_name = "Hello";\npub const ss_verb = "GET";\npub const Response = HelloResponse;\n\n'
    assert f"pub const Hello = struct {{\n{constants}" in text
    assert "pub const Response = void;\n};" in text


def test_a_constant_gives_way_to_a_field_of_its_name() -> None:
    """A constant is omitted if a field has its name, because Zig does not allow both."""

    class Tell(Request[None]):
        """Tell."""

        response: str | None = None

    assert "pub const Response" not in zig(catalog_of(Tell))


def test_a_message_without_members(catalog: Catalog) -> None:
    """It is a struct without fields."""

    class Nothing(Message):
        """Nothing."""

    class Ask(Request[Nothing]):
        """Ask."""

    assert "\npub const Nothing = struct {};\n" in zig(catalog_of(Ask))


def test_a_version_is_preset(catalog: Catalog) -> None:
    """The option adds it to requests."""
    assert "\nVersion: i32 = 3,\n" in zig(catalog, AddImplicitVersion="3")


def test_modules_are_imported_on_demand(catalog: Catalog) -> None:
    """They are imported under a given name or their own."""
    text = zig(catalog, DefaultImports="a:other.zig,b", WithoutOptions="")
    assert '\nconst a = @import("other.zig");\nconst b = @import("b");\n' in text


@pytest.mark.parametrize(
    "query",
    [
        [("GlobalNamespace", "Acme.Types"), ("AddImplicitVersion", "3")],
        [("IncludeTypes", "Acme.ServiceModel/*"), ("ExcludeTypes", "*/x,Forget")],
        [("compat", "latest"), ("DefaultImports", "a:b")],
    ],
)
def test_the_header_gives_the_same_source_again(catalog: Catalog, query: list[tuple[str, str]]) -> None:
    """Tools read the lines with two slashes; every line of the header is a comment."""
    first = source(catalog, LANGUAGES["zig"], Options.from_query(query), NOW)
    lines = first.partition("\n///\n")[0].splitlines()
    kept = [line[2:].split(":", 1) for line in lines if not line.startswith("///")]
    assert all(line.startswith("//") for line in lines)
    assert first == source(catalog, LANGUAGES["zig"], Options.from_query((name, value) for name, value in kept), NOW)
