"""The one style sheet of the host's pages, and how a content security policy names it."""

import base64
import hashlib
from importlib.resources import files
from typing import Final

STYLE: Final = files("servicehost.pages").joinpath("style.css").read_text(encoding="utf-8")
"""The style sheet, as it stands between the `style` tags of every page."""

STYLE_SOURCE: Final = f"'sha256-{base64.b64encode(hashlib.sha256(STYLE.encode()).digest()).decode()}'"
"""The source expression that lets a `style-src` allow this style sheet and no other."""

__all__ = ["STYLE", "STYLE_SOURCE"]
