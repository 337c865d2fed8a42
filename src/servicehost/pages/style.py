"""Style sheet of the host's pages, and source expressions of a content security policy."""

import base64
import hashlib
from importlib.resources import files
from typing import Final

STYLE: Final = files("servicehost.pages").joinpath("style.css").read_text(encoding="utf-8")
"""The style sheet, as embedded in the `style` element of every page."""


def source_of(text: str) -> str:
    """Return the source expression that allows exactly this text in a `style` or `script` element."""
    return f"'sha256-{base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()}'"


STYLE_SOURCE: Final = source_of(STYLE)
"""Source expression that allows only this style sheet in a `style-src` directive."""

__all__ = ["STYLE", "STYLE_SOURCE", "source_of"]
