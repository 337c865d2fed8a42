"""Layout and style of every page of the host.

A page extends `pages/layout.html`, which brings the one style sheet with it: a page asks the network for nothing, and
needs no script, though one may make it handier.
"""

from servicehost.pages.answers import answer_page, refusal_page
from servicehost.pages.notices import notice_page
from servicehost.pages.style import STYLE, STYLE_SOURCE, source_of
from servicehost.pages.templates import Templates

__all__ = ["STYLE", "STYLE_SOURCE", "Templates", "answer_page", "notice_page", "refusal_page", "source_of"]
