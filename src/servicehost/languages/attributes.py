"""Text of attributes; quoting and assignment, which differ between languages, are arguments."""

from collections.abc import Callable

from servicehost.languages.declarations import Attribute
from servicehost.languages.text import quoted


def attribute_text(attribute: Attribute, quote: Callable[[str], str] = quoted, assign: str = "=") -> str:
    """Return an attribute without brackets: `ApiMember(Name="Id", IsRequired=true)`, `DataContract`."""
    named = [f"{name}{assign}{_value_text(value, quote)}" for name, value in attribute.named]
    arguments = [*(quote(value) for value in attribute.values), *named]
    return f"{attribute.name}({', '.join(arguments)})" if arguments else attribute.name


def _value_text(value: str | bool | int, quote: Callable[[str], str]) -> str:
    match value:
        case bool():
            return str(value).lower()
        case int():
            return str(value)
        case str():
            return quote(value)


__all__ = ["attribute_text"]
