"""Contract guard: changes between two contracts, and whether they break clients."""

from pathlib import Path
from typing import Any

import msgspec

from platform_api.foundation.refusals import Refusal, WrongUsage
from servicehost.contract.comparison import compare, describe
from servicehost.contract.metadata_types import MetadataTypes


class BreakingChange(Refusal):
    """The new contract breaks clients of the old one."""

    def __init__(self, described: str) -> None:
        super().__init__(f"Clients of the old contract would break.\n{described}")


class UnreadableContract(WrongUsage):
    """A file is not a contract."""

    def __init__(self, path: Path, reason: str) -> None:
        super().__init__(f"{path} is not a contract: {reason}. Save one from /api/types/metadata.")


def diff(old: Path, new: Path) -> str:
    """Describe the changes from one contract file to another.

    Raises:
        BreakingChange: a change breaks clients; the error describes all changes.
        UnreadableContract: a file is not a contract.
    """
    changes = compare(read(old), read(new))
    if any(change.breaking for change in changes):
        raise BreakingChange(describe(changes))
    return describe(changes)


def read(path: Path) -> dict[str, Any]:
    """Read the contract in a file.

    Raises:
        UnreadableContract: the file is not a contract.
    """
    try:
        contract = msgspec.json.decode(path.read_bytes(), type=dict[str, Any])
        msgspec.convert(contract, MetadataTypes)
    except OSError as error:
        raise UnreadableContract(path, f"it cannot be read ({error.strerror})") from error
    except msgspec.MsgspecError as error:
        raise UnreadableContract(path, str(error)) from error
    return contract


__all__ = ["BreakingChange", "UnreadableContract", "diff", "read"]
