"""Documentation pages: the index of operations, and a page for each operation in each format and language."""

from servicehost.metadata.documentation import Documentation
from servicehost.metadata.filtering import FILTER_SOURCE

__all__ = ["FILTER_SOURCE", "Documentation"]
