"""The CommonJS source of the whole API, in Node with the published client library."""

from pathlib import Path

import pytest
from tests.support.catalog import the_catalog
from tests.support.compilers import run
from tests.support.every_form import every_form
from tests.support.node import ASK, check_asking, save, workplace

pytestmark = pytest.mark.conformance

PROGRAM = f"""
const {{ JsonServiceClient }} = require('@servicestack/client');
const {{ GetConnectionsToContact, SortOrder }} = require('./dtos.cjs');
import('./recorded.mjs').then(async ({{ seen }}) => {{ {ASK} }});
"""

INHERITING = """
const { CountForms, GetForms, Page, Tone } = require('./dtos.cjs');
const request = new GetForms({ Number: 2, Tone: Tone['Very Warm'] });
console.log(request instanceof Page, request.getMethod(), new CountForms().getTypeName(), JSON.stringify(request));
"""


def test_the_client_asks_and_understands(tmp_path: Path) -> None:
    """`JsonServiceClient` finds path, method and response in the source."""
    workplace(tmp_path)
    save(tmp_path, "dtos.cjs", the_catalog(), "js")
    (tmp_path / "program.cjs").write_text(PROGRAM, encoding="utf-8")
    check_asking(tmp_path, the_catalog(), "program.cjs")


def test_requests_inherit(tmp_path: Path) -> None:
    """A request is an instance of its base type and accepts its members."""
    node = workplace(tmp_path)
    save(tmp_path, "dtos.cjs", every_form(), "js")
    (tmp_path / "program.cjs").write_text(INHERITING, encoding="utf-8")
    printed = run(node, "program.cjs", cwd=tmp_path)
    assert printed == 'true GET CountForms {"Number":2,"Tone":"Very Warm"}\n'
