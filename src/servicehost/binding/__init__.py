"""Typed requests from the parts of an HTTP request: path, query, form and body. All field errors are collected.

Internal to the host: this package has no public names.
"""

__all__: list[str] = []
