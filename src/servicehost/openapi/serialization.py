"""Serialization of the document as JSON and YAML."""

import msgspec

from servicehost.openapi.schemas import Part


def as_json(document: Part) -> bytes:
    """Return the document as JSON on one line."""
    return msgspec.json.encode(document)


def as_yaml(document: Part) -> str:
    """Return the document as YAML, without anchors, which some OpenAPI tools do not support.

    This takes noticeable time for a large service: do it on first use.
    """
    return msgspec.yaml.encode(document).decode()


__all__ = ["as_json", "as_yaml"]
