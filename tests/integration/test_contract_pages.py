"""The pages of the platform itself: the two that the contract gives, line by line, and every other by its rules."""

from pathlib import Path

import pytest
from tests.support.catalog import the_catalog
from tests.support.contract_facts import FACTS
from tests.support.documented import format_named
from tests.support.pages import visible_text, without_blank_lines

from servicehost.contract.catalog import Catalog
from servicehost.contract.messages import Access
from servicehost.formats.codec import Format
from servicehost.formats.registry import WIRE_FORMATS
from servicehost.metadata import Documentation

pytestmark = pytest.mark.no_database

GIVEN = Path(__file__).parents[1] / "unit" / "servicehost" / "metadata" / "expected"
CONTRACT_HOST = "https://pfapi.pstpf.com.au"
"""The host that the two given pages show."""

DOCUMENTED = [format_ for format_ in WIRE_FORMATS if format_.documented]

WAVE_1 = (
    "ConnectContactsInRoles",
    "ConnectionRequestResend",
    "ConnectionRequestStatusUpdate",
    "ConnectionStatusUpdate",
    "GetConnectionRequests",
    "GetConnectionsToContact",
    "GetDataLists",
    "GetLists",
    "GetResetPasswordToken",
    "GetRolesForConnection",
    "InviteContact",
    "PasswordReset",
    "PublicConnectionRequestStatusUpdate",
    "RegisterNewUser",
)


@pytest.fixture(scope="module")
def catalog() -> Catalog:
    """Every operation of the platform."""
    return the_catalog(CONTRACT_HOST)


def page(catalog: Catalog, name: str, format_: Format, language: str | None = None) -> str:
    """The HTML of an operation's page."""
    operation = catalog.find(name)
    assert operation is not None
    return Documentation(catalog, WIRE_FORMATS).operation(operation, format_, language)


@pytest.mark.parametrize(
    ("name", "format_name", "language"),
    [("ConnectionStatusUpdate", "jsonl", "mjs"), ("ConnectionRequestResend", "xml", None)],
)
def test_the_given_pages_are_reproduced_line_by_line(
    catalog: Catalog, name: str, format_name: str, language: str | None
) -> None:
    """The visible text of the page is the text that the contract gives."""
    expected = GIVEN / ".".join(part for part in (name, format_name, language, "txt") if part)

    shown = visible_text(page(catalog, name, format_named(format_name), language))

    assert without_blank_lines(expected.read_text(encoding="utf-8").splitlines()) == shown


@pytest.mark.parametrize(
    ("name", "format_name", "language"), [("GetLists", "xml", None), ("PasswordReset", "jsv", "typescript")]
)
def test_pages_written_by_hand_are_reproduced_line_by_line(
    catalog: Catalog, name: str, format_name: str, language: str | None
) -> None:
    """Models of another namespace, members that state nothing, an interface, and a request before its response."""
    expected = FACTS / ".".join(part for part in (name, format_name, language, "txt") if part)

    shown = visible_text(page(catalog, name, format_named(format_name), language))

    assert without_blank_lines(expected.read_text(encoding="utf-8").splitlines()) == shown


def test_every_operation_of_the_first_wave_is_published(catalog: Catalog) -> None:
    """None is missing from the list of operations."""
    published = {operation.name for operation in catalog.sorted()}

    assert set() == set(WAVE_1) - published


@pytest.mark.parametrize("format_", DOCUMENTED, ids=lambda format_: format_.name)
def test_every_page_of_every_operation_says_what_it_must(catalog: Catalog, format_: Format) -> None:
    """Name, heading, sample request and the mark of a sign-in, in the format of the page."""
    for operation in catalog.sorted():
        shown = visible_text(page(catalog, operation.name, format_))
        access: Access = operation.contract.access

        assert operation.name in shown
        assert f"HTTP + {format_.page_name.upper()}" in shown
        assert access.authenticated == ("Requires Authentication" in shown)
        assert any(line.startswith(("POST ", "GET ")) and line.endswith(" HTTP/1.1 ") for line in shown)
