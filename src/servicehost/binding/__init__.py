"""Typed requests from what HTTP carries: path, query, form and body, with all field errors collected.

Internal to the host: the room has no public names.
"""

__all__: list[str] = []
