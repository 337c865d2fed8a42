"""Generators of DTO sources: the types of a service in each client language."""

from servicehost.languages.generator import snippet, source
from servicehost.languages.language import Language
from servicehost.languages.options import InvalidOption, Options
from servicehost.languages.registry import LANGUAGES, addresses, tabs

__all__ = ["LANGUAGES", "InvalidOption", "Language", "Options", "addresses", "snippet", "source", "tabs"]
