"""The documentation pages: the index of operations, and the page of one operation in each format and language."""

from servicehost.metadata.documentation import Documentation

__all__ = ["Documentation"]
