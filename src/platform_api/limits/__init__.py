"""Quotas and cooldowns, counted in the transaction of what they limit, so that all nodes share them."""

from platform_api.limits.quotas import PURGE_BATCH, erase, purge, spend, spend_each, spend_soft, spent
from platform_api.limits.rules import Quota, QuotaExceeded, Spent, in_words

__all__ = [
    "PURGE_BATCH",
    "Quota",
    "QuotaExceeded",
    "Spent",
    "erase",
    "in_words",
    "purge",
    "spend",
    "spend_each",
    "spend_soft",
    "spent",
]
