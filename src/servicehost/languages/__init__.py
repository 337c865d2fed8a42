"""The types of a service as source, in the languages of its clients."""

from servicehost.languages.generator import snippet, source
from servicehost.languages.language import Language
from servicehost.languages.options import InvalidOption, Options
from servicehost.languages.registry import LANGUAGES, addresses, tabs

__all__ = ["LANGUAGES", "InvalidOption", "Language", "Options", "addresses", "snippet", "source", "tabs"]
