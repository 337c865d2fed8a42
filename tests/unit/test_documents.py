"""Links of the documents, and the numbers of the decisions."""

import re
from pathlib import Path

import pytest
from tests.support.documentation import ROOT

PAGES = [ROOT / name for name in ("README.md", "CONTRIBUTING.md", "SECURITY.md", "CHANGELOG.md")]
PAGES += sorted((ROOT / "docs").rglob("*.md"))
DECISION = re.compile(r"^# (\d{4}) ")


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_links_lead_to_files(page: Path) -> None:
    """Every link to a file of the project leads to an existing file."""
    targets = re.findall(r"\]\(([^)#:]+)(?:#[^)]*)?\)", page.read_text(encoding="utf-8"))

    assert [] == [target for target in targets if not (page.parent / target).exists()]


def test_decisions_have_numbers_of_their_own() -> None:
    """Each decision has a unique number, which is also the start of its file name."""
    files = sorted((ROOT / "docs" / "decisions").glob("*.md"))
    numbers = [file.name[:4] for file in files]
    headings = [DECISION.match(file.read_text(encoding="utf-8")) for file in files]

    assert sorted(set(numbers)) == numbers
    assert numbers == [heading[1] if heading else None for heading in headings]


def test_the_glossary_is_in_alphabetical_order() -> None:
    """Each term stands once, where a reader looks for it, with a meaning and a place."""
    lines = (ROOT / "docs" / "glossary.md").read_text(encoding="utf-8").splitlines()
    rows = [[cell.strip() for cell in line.strip("|").split("|")] for line in lines if line.startswith("|")][2:]
    terms = [row[0] for row in rows]

    assert sorted(set(terms), key=str.casefold) == terms
    assert [] == [row for row in rows if len(row) != 3 or not all(row)]
