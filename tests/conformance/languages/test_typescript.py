"""The TypeScript classes of the whole API, compiled strictly and run with the published client library."""

from pathlib import Path

import pytest
from tests.support.catalog import the_catalog
from tests.support.every_form import every_form
from tests.support.hostile import NASTY, catalog_described
from tests.support.node import ASK, check_asking, check_names, compile_strictly, save, workplace

pytestmark = pytest.mark.conformance

PROGRAM = f"""
import {{ JsonServiceClient }} from '@servicestack/client';
import {{ seen }} from './recorded.mjs';
import {{ GetConnectionsToContact, SortOrder }} from './dtos.mjs';
{ASK}
// @ts-expect-error - a text is no number
const wrong: number = first.Contact.ContactFullName;
"""


def test_a_strict_program_asks_and_understands(tmp_path: Path) -> None:
    """The source and a program that uses it compile strictly; `JsonServiceClient` finds the facts it needs in the source.

    At run time, the classes declare exactly the members that the server writes.
    """
    workplace(tmp_path)
    save(tmp_path, "dtos.mts", the_catalog(), "typescript")
    (tmp_path / "program.mts").write_text(PROGRAM, encoding="utf-8")
    compile_strictly(tmp_path, "program.mts")
    check_asking(tmp_path, the_catalog(), "program.mjs")
    check_names(tmp_path, the_catalog())


def test_the_source_itself_is_checked(tmp_path: Path) -> None:
    """Without the directive that disables checks, a strict compiler reports only members that the constructor assigns."""
    for name, catalog in (("api", the_catalog()), ("forms", every_form()), ("hostile", catalog_described(NASTY))):
        for compat in ("", "latest"):
            text = save(tmp_path, f"{name}{compat}.mts", catalog, "typescript", compat)
            (tmp_path / f"{name}{compat}.mts").write_text(text.replace("// @ts-nocheck", ""), encoding="utf-8")
    files = [path.name for path in tmp_path.glob("*.mts")]
    compile_strictly(tmp_path, "--noEmit", "--strictPropertyInitialization", "false", *files)
