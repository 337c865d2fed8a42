"""Refusals compared as whole values: class, status, code, message, fields, headers and what else they carry."""

from collections.abc import Callable
from typing import Any

import pytest

from servicehost.contract.errors import ServiceError

Facts = tuple[type[ServiceError], int, str, dict[str, Any]]
"""Class, status, code and every attribute of a refusal."""


def facts(refusal: ServiceError) -> Facts:
    """Everything that a refusal tells."""
    return type(refusal), refusal.status, refusal.code, vars(refusal)


def facts_of(act: Callable[[], object]) -> Facts:
    """Everything that the refusal of an act tells; the test fails if nothing is refused."""
    with pytest.raises(ServiceError) as caught:
        act()
    return facts(caught.value)


__all__ = ["Facts", "facts", "facts_of"]
