"""Values of metrics, for comparison."""

from collections.abc import Iterable

from platform_api.foundation.metrics import Family


def values(families: Iterable[Family]) -> dict[tuple[str, ...], float]:
    """Return each sample by its name and the values of its labels."""
    return {
        (family.name + sample.suffix, *(value for _, value in sample.labels)): sample.value
        for family in families
        for sample in family.samples
    }


__all__ = ["values"]
