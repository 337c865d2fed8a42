"""Quotas and cooldowns, counted in the transaction of what they limit, so that all nodes share them."""
