"""The script of the documentation pages, which filters the list of operations."""

from importlib.resources import files
from typing import Final

from servicehost.pages import source_of

FILTER: Final = files("servicehost.metadata").joinpath("templates/filter.mjs").read_text(encoding="utf-8")
"""The module, as embedded in the `script` element of the index page."""

FILTER_SOURCE: Final = source_of(FILTER)
"""Source expression that allows only this module in a `script-src` directive."""

__all__ = ["FILTER", "FILTER_SOURCE"]
