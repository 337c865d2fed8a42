"""The languages of the host, in the order of the tabs on documentation pages.

A new language is one file and one line here.
"""

from collections.abc import Mapping
from typing import Final

from servicehost.contract.catalog import Service
from servicehost.languages.commonjs import CommonJs
from servicehost.languages.csharp import CSharp
from servicehost.languages.dart import Dart
from servicehost.languages.fsharp import FSharp
from servicehost.languages.go import Go
from servicehost.languages.java import Java
from servicehost.languages.kotlin import Kotlin
from servicehost.languages.language import Language
from servicehost.languages.mjs import JavaScript
from servicehost.languages.php import Php
from servicehost.languages.python import Python
from servicehost.languages.ruby import Ruby
from servicehost.languages.rust import Rust
from servicehost.languages.swift import Swift
from servicehost.languages.typescript import TypeScript
from servicehost.languages.typescript_d import TypeScriptDeclarations
from servicehost.languages.vbnet import VisualBasic
from servicehost.languages.zig import Zig

LANGUAGES: Final[Mapping[str, Language]] = {
    language.key: language
    for language in (
        CSharp(),
        JavaScript(),
        TypeScript(),
        TypeScriptDeclarations(),
        CommonJs(),
        Dart(),
        Java(),
        Kotlin(),
        Python(),
        Php(),
        Swift(),
        VisualBasic(),
        FSharp(),
        Go(),
        Rust(),
        Ruby(),
        Zig(),
    )
}
"""All languages by key."""


def tabs() -> list[Language]:
    """Return the languages that documentation pages link to, in order."""
    return [language for language in LANGUAGES.values() if language.tab]


def addresses(service: Service) -> dict[str, str]:
    """Return the address of each language's source, by its name in the index of `/types`."""
    return {language.index_name: f"{service.base_url}/types/{key}" for key, language in LANGUAGES.items()}


__all__ = ["LANGUAGES", "addresses", "tabs"]
