"""Tests of role names inside sentences."""

import pytest

from platform_api.roles.standard import STANDARD_ROLES
from platform_api.roles.wording import in_sentence, with_article

STANDARD = {
    "Employee": "an employee",
    "Employer": "an employer",
    "Subcontractor": "a subcontractor",
    "Main Contractor": "a main contractor",
    "Supplier": "a supplier",
    "Client": "a client",
    "Customer": "a customer",
    "Provider": "a provider",
    "Staff": "staff",
    "Organisation": "an organisation",
    "Consultant": "a consultant",
    "Principal": "a principal",
    "Representative": "a representative",
    "Represented Organisation": "a represented organisation",
    "Member": "a member",
    "Association": "an association",
    "Subsidiary": "a subsidiary",
    "Parent Company": "a parent company",
    "Business Contact": "a business contact",
    "Business Partner": "a business partner",
}


def test_standard_roles() -> None:
    """Every standard role has the right article."""
    assert {role.name: with_article(role.name) for role in STANDARD_ROLES} == STANDARD


@pytest.mark.parametrize(
    ("role", "expected"),
    [
        ("NDIS Provider", "an NDIS provider"),
        ("HR Manager", "an HR manager"),
        ("CEO", "a CEO"),
        ("Level2 Electrician", "a Level2 electrician"),
        ("eBay Seller", "an eBay seller"),
        ("Site  Manager ", "a site manager"),
        ("X", "a x"),
        ("", ""),
    ],
)
def test_custom_roles(role: str, expected: str) -> None:
    """Abbreviations keep their capitals and get the article of their pronunciation."""
    assert with_article(role) == expected


def test_in_sentence() -> None:
    """Only the case of a name changes inside a sentence without an article."""
    assert in_sentence("Main Contractor") == "main contractor"
