"""The OpenAPI document of a service, in JSON and YAML."""

from servicehost.openapi.document import document
from servicehost.openapi.serialization import as_json, as_yaml

__all__ = ["as_json", "as_yaml", "document"]
