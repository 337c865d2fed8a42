"""The one script of the documentation pages: it filters the list of operations."""

from importlib.resources import files
from typing import Final

from servicehost.pages import source_of

FILTER: Final = files("servicehost.metadata").joinpath("templates/filter.mjs").read_text(encoding="utf-8")
"""The module, as it stands between the `script` tags of the list."""

FILTER_SOURCE: Final = source_of(FILTER)
"""The source expression that lets a `script-src` allow this module and no other."""

__all__ = ["FILTER", "FILTER_SOURCE"]
