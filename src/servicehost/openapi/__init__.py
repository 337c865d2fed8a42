"""The OpenAPI document of a service, as JSON and as YAML."""

from servicehost.openapi.document import document
from servicehost.openapi.writing import as_json, as_yaml

__all__ = ["as_json", "as_yaml", "document"]
