"""Quotas and cooldowns, counted in the transaction of what they limit, so that all nodes share them."""

from platform_api.limits.quotas import erase, spend, spend_each, spend_soft, spent
from platform_api.limits.rules import Quota, QuotaExceeded, Spent, in_words

__all__ = [
    "Quota",
    "QuotaExceeded",
    "Spent",
    "erase",
    "in_words",
    "spend",
    "spend_each",
    "spend_soft",
    "spent",
]
