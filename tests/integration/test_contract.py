"""The contract with clients: what is served is what docs/contract.json says, so that a change of it is seen.

Run with REWRITE_EXPECTED=1 to write the file anew, after reading what `platform-api contract diff` says of it.
"""

import os
from pathlib import Path

import msgspec
import pytest
from tests.support.catalog import the_catalog

from platform_api.program import contract_guard
from servicehost.contract.comparison import describe
from servicehost.contract.metadata_types import contract_file

pytestmark = pytest.mark.no_database

COMMITTED = Path(__file__).parents[2] / "docs" / "contract.json"


def served() -> bytes:
    """The contract of the platform, laid out for reading and comparing."""
    return msgspec.json.format(msgspec.json.encode(contract_file(the_catalog())), indent=1) + b"\n"


def test_the_committed_contract_is_the_one_that_is_served(tmp_path: Path) -> None:
    """Nothing breaks clients of the committed contract, and the file is up to date."""
    current = tmp_path / "current.json"
    current.write_bytes(served())
    if os.environ.get("REWRITE_EXPECTED"):
        COMMITTED.write_bytes(served())

    assert describe([]) == contract_guard.diff(COMMITTED, current)
    assert COMMITTED.read_bytes() == served()


def test_a_removed_operation_breaks_clients(tmp_path: Path) -> None:
    """The guard refuses it, and names it."""
    changed = contract_guard.read(COMMITTED)
    removed = changed["operations"].pop()["request"]["name"]
    smaller = tmp_path / "smaller.json"
    smaller.write_bytes(msgspec.json.encode(changed))

    with pytest.raises(contract_guard.BreakingChange, match=removed):
        contract_guard.diff(COMMITTED, smaller)


@pytest.mark.parametrize("written", ["[]", "{}", '{"operations": 5}', "no JSON"])
def test_what_is_no_contract_is_refused(written: str, tmp_path: Path) -> None:
    """The message names the file that is not a contract, old or new, and says how to get one."""
    other = tmp_path / "other.json"
    other.write_text(written)

    for old, new in ((COMMITTED, other), (other, COMMITTED)):
        with pytest.raises(contract_guard.UnreadableContract, match=r"other\.json is not .*types/metadata"):
            contract_guard.diff(old, new)
