"""Tests that the documents list the well-known ids."""

import pytest
from tests.support.documentation import ROOT

from platform_api.foundation.well_known import CONNECTION_STATUS_IDS, CONTACT_METHOD_IDS, CONTACT_TYPE_IDS

PAGE = (ROOT / "docs" / "roles.md").read_text(encoding="utf-8")


@pytest.mark.parametrize(
    ("name", "id_"),
    [
        (kind.value, id_)
        for ids in (CONTACT_TYPE_IDS, CONNECTION_STATUS_IDS, CONTACT_METHOD_IDS)
        for kind, id_ in ids.items()
    ],
)
def test_the_page_of_roles_has_each_id(name: str, id_: str) -> None:
    """docs/roles.md has every well-known id that requests contain."""
    assert f"| {name} | `{id_}` |" in PAGE
