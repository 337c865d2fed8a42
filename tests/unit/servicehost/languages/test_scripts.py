"""Features of the TypeScript declarations and the CommonJS source that differ from related sources."""

import types
from datetime import UTC, datetime

from tests.support.every_form import every_form
from tests.support.shop import catalog_of

from servicehost.contract.messages import Request
from servicehost.languages import LANGUAGES, Options, snippet, source

NOW = datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC)


def declarations(**query: str) -> str:
    """Return the TypeScript declarations of a service."""
    return source(every_form(), LANGUAGES["typescript.d"], Options.from_query(query.items()), NOW)


def test_declarations_make_everything_optional() -> None:
    """An option limits this to nullable members."""
    assert "\n    Number?: number;\n" in declarations()
    strict = declarations(MakePropertiesOptional="False")
    assert "\n    Number: number;\n" in strict
    assert "\n    MaybeNumber?: number;\n" in strict


def test_declarations_stand_in_a_module_on_demand() -> None:
    """The module is ambient, as it contains no code."""
    text = declarations(GlobalNamespace="Acme")
    assert "\n*/\n\ndeclare module Acme\n{\n\n    interface IReturn<T>\n    {\n    }\n" in text
    assert text.endswith("    }\n}\n\n")


def test_declarations_are_imported_on_demand() -> None:
    """Interfaces of the client library can be imported instead of declared."""
    text = declarations(AddServiceStackTypes="False", DefaultImports="IReturn:@servicestack/client")
    assert '\n*/\n\nimport { IReturn } from "@servicestack/client";\n\n' in text
    assert "interface IReturn" not in text


def test_names_that_are_no_identifiers_are_quoted() -> None:
    """Quoted names mean the same."""
    assert "\n    'first-name'?: string;\n" in declarations()


def test_typescript_files_spare_themselves_a_strict_check() -> None:
    """Snippets of pages do not, as on ServiceStack hosts of this release."""
    operation = every_form().find("GetForms")
    assert operation is not None
    assert "\n// @ts-nocheck\n" in source(every_form(), LANGUAGES["typescript"], Options(), NOW)
    assert "@ts-nocheck" not in snippet(every_form(), operation, LANGUAGES["typescript"])


def test_commonjs_declares_a_hundred_names_in_a_line() -> None:
    """The last name comes first, and an empty line follows each line."""
    requests = [types.new_class(f"Ask{number:03}", (Request[None],)) for number in range(1, 102)]
    lines = source(catalog_of(*requests), LANGUAGES["js"], Options(), NOW).splitlines()
    exported = [index for index, line in enumerate(lines) if line.endswith("void 0;")]
    first, second = (lines[index].split(" = ") for index in exported)
    assert (101, "exports.Ask100", "exports.Ask001") == (len(first), first[0], first[-2])
    assert second == ["exports.Ask101", "void 0;"]
    assert [lines[index + 1] for index in exported] == ["", ""]
