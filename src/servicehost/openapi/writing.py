"""The document as texts."""

import msgspec

from servicehost.openapi.schemas import Part


def as_json(document: Part) -> bytes:
    """The document in JSON, on one line."""
    return msgspec.json.encode(document)


def as_yaml(document: Part) -> str:
    """The document in YAML, every part in full: readers of OpenAPI do not all understand YAML's own references.

    It takes a moment for a large service: make it when it is first asked for.
    """
    return msgspec.yaml.encode(document).decode()


__all__ = ["as_json", "as_yaml"]
