"""The number of values in one body: reading one costs time while everybody else waits.

A list of the greatest length has a thousand items, and so has the largest batch; no message has twenty members that
people fill in. What is larger is refused as soon as it is counted, before its values are looked at.
"""

from typing import Any, Final

from servicehost.contract.errors import PayloadTooLarge

MAX_VALUES: Final = 20_000
"""Members, items and entries of a body, those inside of others among them."""


def too_many_values() -> PayloadTooLarge:
    """The refusal of a body with more values."""
    return PayloadTooLarge(f"The body has more than {MAX_VALUES} values. Send them in several requests.")


def check_values(tree: Any) -> None:
    """Count the values of a raw tree, no further than the limit.

    Raises:
        PayloadTooLarge: it has more.
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
