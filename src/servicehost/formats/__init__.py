"""Wire formats, one file for each. Every format compiles a writer and a reader once for each type."""

from servicehost.formats.codec import Format
from servicehost.formats.registry import HOST_FORMATS, WIRE_FORMATS

__all__ = ["HOST_FORMATS", "WIRE_FORMATS", "Format"]
