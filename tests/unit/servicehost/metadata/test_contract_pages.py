"""The two pages of the contract, line by line."""

from pathlib import Path

import pytest
from tests.support.documented import Site
from tests.support.pages import visible_text, without_blank_lines

EXPECTED = Path(__file__).parent / "expected"


@pytest.mark.parametrize(
    ("operation", "format_name", "language", "file"),
    [
        ("ConnectionStatusUpdate", "jsonl", "mjs", "ConnectionStatusUpdate.jsonl.mjs.txt"),
        ("ConnectionRequestResend", "xml", None, "ConnectionRequestResend.xml.txt"),
    ],
)
def test_the_visible_text_is_that_of_the_contract(
    site: Site, operation: str, format_name: str, language: str | None, file: str
) -> None:
    """Every line matches, in order, including trailing blanks in the samples."""
    expected = without_blank_lines((EXPECTED / file).read_text(encoding="utf-8").split("\n"))
    assert expected == visible_text(site.page(operation, format_name, language))
