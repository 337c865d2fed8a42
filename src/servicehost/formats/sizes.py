"""Maximum number of values in one body, since other requests wait while a body is read.

A list has at most a thousand items, as does a batch, and people fill in fewer than twenty members of a message. A
larger body is refused as soon as its values are counted, before any is examined.
"""

from typing import Any, Final

from servicehost.contract.errors import PayloadTooLarge

MAX_VALUES: Final = 20_000
"""Members, items and entries of a body, nested ones included."""


def too_many_values() -> PayloadTooLarge:
    """The error for a body with more values."""
    return PayloadTooLarge(f"The body has more than {MAX_VALUES} values. Split them into several requests.")


def check_values(tree: Any) -> None:
    """Count the values of a raw tree, up to the limit.

    Raises:
        PayloadTooLarge: the tree has more values.
    """
    count, level = 0, [tree]
    while level:
        inner = []
        for outer in level:
            count += len(outer)
            if count > MAX_VALUES:
                raise too_many_values()
            values = outer.values() if isinstance(outer, dict) else outer
            inner += [value for value in values if isinstance(value, (dict, list))]
        level = inner


__all__ = ["MAX_VALUES", "check_values", "too_many_values"]
