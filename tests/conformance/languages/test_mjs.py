"""The JavaScript module of the whole API, in Node with the published client library."""

from pathlib import Path

import pytest
from tests.support.catalog import the_catalog
from tests.support.node import ASK, check_asking, check_names, compile_strictly, save, workplace

pytestmark = pytest.mark.conformance

IMPORTS = """
import { JsonServiceClient } from '@servicestack/client';
import { seen } from './recorded.mjs';
import { GetConnectionsToContact, SortOrder } from './dtos.mjs';
"""


@pytest.mark.parametrize("compat", ["", "latest"])
def test_every_message_has_the_names_of_the_wire(tmp_path: Path, compat: str) -> None:
    """The classes declare exactly the members that the server writes."""
    save(tmp_path, "dtos.mjs", the_catalog(), "mjs", compat)
    check_names(tmp_path, the_catalog())


def test_the_client_asks_and_understands(tmp_path: Path) -> None:
    """`JsonServiceClient` finds path, method and response in the source."""
    workplace(tmp_path)
    save(tmp_path, "dtos.mjs", the_catalog(), "mjs")
    (tmp_path / "program.mjs").write_text(IMPORTS + ASK, encoding="utf-8")
    check_asking(tmp_path, the_catalog(), "program.mjs")


def test_its_annotations_are_types(tmp_path: Path) -> None:
    """A strict TypeScript program that imports the module knows the types of its members."""
    workplace(tmp_path)
    save(tmp_path, "dtos.mjs", the_catalog(), "mjs")
    misuse = "// @ts-expect-error - a text is no number\nconst wrong: number = first.Contact.ContactFullName;\n"
    (tmp_path / "program.mts").write_text(IMPORTS + ASK + misuse, encoding="utf-8")
    compile_strictly(tmp_path, "--allowJs", "--noEmit", "program.mts")
