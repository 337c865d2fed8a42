"""Metrics of work queues."""

from platform_api.foundation.metrics import Combination, Family, gauge
from platform_api.work.values import QueueLoad


def families(queue: str, load: QueueLoad) -> tuple[Family, ...]:
    """The metrics of a queue, by its load."""
    return (
        gauge(
            "platform_api_queue_items",
            "Items of a work queue that are not finished.",
            ("queue", "state"),
            {(queue, "waiting"): load.waiting, (queue, "leased"): load.leased, (queue, "expired"): load.expired},
            Combination.LARGEST,
        ),
        gauge(
            "platform_api_queue_overdue_seconds",
            "Time for which the item that has been due longest has waited.",
            ("queue",),
            {(queue,): load.overdue},
            Combination.LARGEST,
        ),
    )


__all__ = ["families"]
