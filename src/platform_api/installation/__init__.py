"""One installation: its settings, keys and logs, its first start and its operators."""
