"""Layout and style of every page of the host.

Pages extend `pages/layout.html`, which embeds the style sheet. A page loads no other resources and works without scripts;
a script may only add convenience.
"""

from servicehost.pages.answers import answer_page, error_page
from servicehost.pages.style import STYLE, STYLE_SOURCE, source_of
from servicehost.pages.templates import Templates
from servicehost.pages.texts import text_page

__all__ = ["STYLE", "STYLE_SOURCE", "Templates", "answer_page", "error_page", "source_of", "text_page"]
