"""The one style sheet of the host's pages, and how a content security policy names what stands inside a page."""

import base64
import hashlib
from importlib.resources import files
from typing import Final

STYLE: Final = files("servicehost.pages").joinpath("style.css").read_text(encoding="utf-8")
"""The style sheet, as it stands between the `style` tags of every page."""


def source_of(text: str) -> str:
    """The source expression that allows exactly this text between the tags of a style or a script."""
    return f"'sha256-{base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()}'"


STYLE_SOURCE: Final = source_of(STYLE)
"""The source expression that lets a `style-src` allow this style sheet and no other."""

__all__ = ["STYLE", "STYLE_SOURCE", "source_of"]
