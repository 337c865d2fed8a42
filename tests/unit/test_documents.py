"""Tests of the documents themselves: their links and the numbers of the decisions."""

import re
from pathlib import Path

import pytest
from tests.support.documentation import ROOT

PAGES = [ROOT / name for name in ("README.md", "CONTRIBUTING.md", "SECURITY.md", "CHANGELOG.md")]
PAGES += sorted((ROOT / "docs").rglob("*.md"))
DECISION = re.compile(r"^# (\d{4}) ")


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_links_lead_to_files(page: Path) -> None:
    """Every link to a file of the project leads to one."""
    targets = re.findall(r"\]\(([^)#:]+)(?:#[^)]*)?\)", page.read_text(encoding="utf-8"))

    assert [] == [target for target in targets if not (page.parent / target).exists()]


def test_decisions_have_numbers_of_their_own() -> None:
    """No two decisions share a number, and each begins with that of its file."""
    files = sorted((ROOT / "docs" / "decisions").glob("*.md"))
    numbers = [file.name[:4] for file in files]
    headings = [DECISION.match(file.read_text(encoding="utf-8")) for file in files]

    assert sorted(set(numbers)) == numbers
    assert numbers == [heading[1] if heading else None for heading in headings]
