"""Refusals compared as whole values: class, status, code, message, fields, headers and other attributes."""

from collections.abc import Callable
from typing import Any

import pytest

from servicehost.contract.errors import ServiceError

Facts = tuple[type[ServiceError], int, str, dict[str, Any]]
"""Class, status, code and every attribute of a refusal."""


def facts(refusal: ServiceError) -> Facts:
    """Return everything that a refusal contains."""
    return type(refusal), refusal.status, refusal.code, vars(refusal)


def facts_of(act: Callable[[], object]) -> Facts:
    """Return everything that the refusal of a call contains; fail the test if nothing is refused."""
    with pytest.raises(ServiceError) as caught:
        act()
    return facts(caught.value)


__all__ = ["Facts", "facts", "facts_of"]
