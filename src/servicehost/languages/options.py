"""Options of generated sources, as given in a query string, and their defaults.

Values are validated here, so that a query cannot inject text into a source.
"""

import enum
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import Final

from servicehost.contract.errors import FieldError, ServiceError


class OptionKind(enum.Enum):
    """OptionKind of an option; the value is the pattern that its values match."""

    FLAG = r"(?i:true|false|1|0)"
    NUMBER = r"\d{1,9}"
    NAME = r"[A-Za-z_]\w*(\.[A-Za-z_]\w*)*"
    TYPES = r"[\w.*/{}, ]*"
    IMPORTS = r"[\w@$./:*\-, ]*"
    ARGUMENTS = r"[\w=., ]*"
    ADDRESS = r"[\w:/.\-]*"


DEFAULTS: Final[Mapping[str, tuple[OptionKind, str]]] = {
    "GlobalNamespace": (OptionKind.NAME, ""),
    "Package": (OptionKind.NAME, ""),
    "BaseClass": (OptionKind.NAME, ""),
    "MakePartial": (OptionKind.FLAG, "True"),
    "MakeVirtual": (OptionKind.FLAG, "True"),
    "MakeInternal": (OptionKind.FLAG, "False"),
    "MakeDataContractsExtensible": (OptionKind.FLAG, "False"),
    "MakePropertiesOptional": (OptionKind.FLAG, "False"),
    "AddNullableAnnotations": (OptionKind.FLAG, "False"),
    "AddReturnMarker": (OptionKind.FLAG, "True"),
    "AddDescriptionAsComments": (OptionKind.FLAG, "True"),
    "AddDocAnnotations": (OptionKind.FLAG, "True"),
    "AddDataContractAttributes": (OptionKind.FLAG, "False"),
    "AddIndexesToDataMembers": (OptionKind.FLAG, "False"),
    "AddGeneratedCodeAttributes": (OptionKind.FLAG, "False"),
    "AddResponseStatus": (OptionKind.FLAG, "False"),
    "AddImplicitVersion": (OptionKind.NUMBER, ""),
    "AddServiceStackTypes": (OptionKind.FLAG, "True"),
    "AddModelExtensions": (OptionKind.FLAG, "True"),
    "AddPropertyAccessors": (OptionKind.FLAG, "True"),
    "SettersReturnThis": (OptionKind.FLAG, "True"),
    "InitializeCollections": (OptionKind.FLAG, "False"),
    "ExcludeGenericBaseTypes": (OptionKind.FLAG, "False"),
    "ExportValueTypes": (OptionKind.FLAG, "False"),
    "IncludeTypes": (OptionKind.TYPES, ""),
    "ExcludeTypes": (OptionKind.TYPES, ""),
    "TreatTypesAsStrings": (OptionKind.TYPES, ""),
    "AddNamespaces": (OptionKind.TYPES, ""),
    "DefaultImports": (OptionKind.IMPORTS, ""),
    "AddDefaultXmlNamespace": (OptionKind.ADDRESS, "http://schemas.servicestack.net/types"),
    "DataClass": (OptionKind.ARGUMENTS, ""),
    "DataClassJson": (OptionKind.ARGUMENTS, ""),
}
"""Every option of any language, with its kind and its default."""

USUAL_OPTIONS: Final = (
    "AddServiceStackTypes",
    "AddResponseStatus",
    "AddImplicitVersion",
    "AddDescriptionAsComments",
    "IncludeTypes",
    "ExcludeTypes",
    "DefaultImports",
)
"""Options that most languages print, in order."""

DOTNET_OPTIONS: Final = (
    "AddReturnMarker",
    "AddDescriptionAsComments",
    "AddDataContractAttributes",
    "AddIndexesToDataMembers",
    "AddGeneratedCodeAttributes",
    "AddResponseStatus",
    "AddImplicitVersion",
    "InitializeCollections",
    "ExportValueTypes",
    "IncludeTypes",
    "ExcludeTypes",
    "AddNamespaces",
    "AddDefaultXmlNamespace",
)
"""Options that C#, Visual Basic and Ruby print after their class options, in order."""

_BY_LOWER_NAME = {name.lower(): name for name in DEFAULTS}


class InvalidOption(ServiceError):
    """An option of a generated source has an invalid value."""

    status = 400
    code = "InvalidOption"

    def __init__(self, name: str, value: str) -> None:
        wanted = " Use true or false, or leave" if DEFAULTS[name][0] is OptionKind.FLAG else " Leave"
        message = f"'{value[:64]}' is not a value of the option {name}.{wanted} it out for its default."
        super().__init__(message, fields=[FieldError(name, message, self.code)])


@dataclass(frozen=True)
class Options:
    """The options of one source.

    Attributes:
        given: options from the query, by name; the header shows them so that they survive an update.
        forced: defaults of the language that differ from those of other languages.
        latest: whether to follow the newest release of the generators instead of the release this host is compatible with.
        header: whether to write the header.
    """

    given: Mapping[str, str] = field(default_factory=dict)
    forced: Mapping[str, str] = field(default_factory=dict)
    latest: bool = False
    header: bool = True

    @classmethod
    def from_query(cls, query: Iterable[tuple[str, str]]) -> "Options":
        """Read the options from a query string, ignoring case and unknown names.

        Raises:
            InvalidOption: an option has an invalid value.
        """
        pairs = {name.lower(): value.strip() for name, value in query}
        given = {
            _BY_LOWER_NAME[name]: _checked(_BY_LOWER_NAME[name], value)
            for name, value in pairs.items()
            if value and name in _BY_LOWER_NAME
        }
        return cls(
            given=given,
            latest=pairs.get("compat", "").lower() == "latest",
            header="withoutoptions" not in pairs,
        )

    def within(self, forced: Mapping[str, str]) -> "Options":
        """Return the same options with the defaults of a language."""
        return replace(self, forced=forced)

    def text(self, name: str) -> str:
        """Return the value of an option; empty if it has none."""
        if name in self.given:
            return self.given[name]
        if name == "AddNullableAnnotations":
            return str(self.latest)
        return self.forced.get(name, DEFAULTS[name][1])

    def flag(self, name: str) -> bool:
        """Return the value of a boolean option."""
        return self.text(name) == "True"

    def number(self, name: str) -> int | None:
        """Return the value of a numeric option; None if it has none."""
        text = self.text(name)
        return int(text) if text else None

    def names(self, name: str) -> tuple[str, ...]:
        """Return the entries of a list option, without white space."""
        entries = ("".join(entry.split()) for entry in self.text(name).split(","))
        return tuple(entry for entry in entries if entry)


DEFAULT_OPTIONS: Final = Options()
"""Nothing asked for."""


def _checked(name: str, value: str) -> str:
    kind = DEFAULTS[name][0]
    if re.fullmatch(kind.value, value, re.ASCII) is None:
        raise InvalidOption(name, value)
    return str(value.lower() in ("true", "1")) if kind is OptionKind.FLAG else value


__all__ = ["DEFAULTS", "DEFAULT_OPTIONS", "DOTNET_OPTIONS", "USUAL_OPTIONS", "InvalidOption", "OptionKind", "Options"]
