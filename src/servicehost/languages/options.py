"""The options of generated sources: what a query string may say, and the defaults.

Values are checked here, so that nothing in a query can put words of its own into a source.
"""

import enum
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import Final

from servicehost.contract.errors import FieldError, ServiceError


class Kind(enum.Enum):
    """What values an option takes; the value is the pattern that they match."""

    FLAG = r"(?i:true|false|1|0)"
    NUMBER = r"\d{1,9}"
    NAME = r"[A-Za-z_]\w*(\.[A-Za-z_]\w*)*"
    TYPES = r"[\w.*/{}, ]*"
    IMPORTS = r"[\w@$./:*\-, ]*"
    ARGUMENTS = r"[\w=., ]*"
    ADDRESS = r"[\w:/.\-]*"


DEFAULTS: Final[Mapping[str, tuple[Kind, str]]] = {
    "GlobalNamespace": (Kind.NAME, ""),
    "Package": (Kind.NAME, ""),
    "BaseClass": (Kind.NAME, ""),
    "MakePartial": (Kind.FLAG, "True"),
    "MakeVirtual": (Kind.FLAG, "True"),
    "MakeInternal": (Kind.FLAG, "False"),
    "MakeDataContractsExtensible": (Kind.FLAG, "False"),
    "MakePropertiesOptional": (Kind.FLAG, "False"),
    "AddNullableAnnotations": (Kind.FLAG, "False"),
    "AddReturnMarker": (Kind.FLAG, "True"),
    "AddDescriptionAsComments": (Kind.FLAG, "True"),
    "AddDocAnnotations": (Kind.FLAG, "True"),
    "AddDataContractAttributes": (Kind.FLAG, "False"),
    "AddIndexesToDataMembers": (Kind.FLAG, "False"),
    "AddGeneratedCodeAttributes": (Kind.FLAG, "False"),
    "AddResponseStatus": (Kind.FLAG, "False"),
    "AddImplicitVersion": (Kind.NUMBER, ""),
    "AddServiceStackTypes": (Kind.FLAG, "True"),
    "AddModelExtensions": (Kind.FLAG, "True"),
    "AddPropertyAccessors": (Kind.FLAG, "True"),
    "SettersReturnThis": (Kind.FLAG, "True"),
    "InitializeCollections": (Kind.FLAG, "False"),
    "ExcludeGenericBaseTypes": (Kind.FLAG, "False"),
    "ExportValueTypes": (Kind.FLAG, "False"),
    "IncludeTypes": (Kind.TYPES, ""),
    "ExcludeTypes": (Kind.TYPES, ""),
    "TreatTypesAsStrings": (Kind.TYPES, ""),
    "AddNamespaces": (Kind.TYPES, ""),
    "DefaultImports": (Kind.IMPORTS, ""),
    "AddDefaultXmlNamespace": (Kind.ADDRESS, "http://schemas.servicestack.net/types"),
    "DataClass": (Kind.ARGUMENTS, ""),
    "DataClassJson": (Kind.ARGUMENTS, ""),
}
"""Every option that some language prints, with its kind and its default."""

USUAL_OPTIONS: Final = (
    "AddServiceStackTypes",
    "AddResponseStatus",
    "AddImplicitVersion",
    "AddDescriptionAsComments",
    "IncludeTypes",
    "ExcludeTypes",
    "DefaultImports",
)
"""The options that most languages print, in their order."""

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
"""The options that C#, Visual Basic and Ruby print after those for their classes, in their order."""

_BY_LOWER_NAME = {name.lower(): name for name in DEFAULTS}


class InvalidOption(ServiceError):
    """An option of a generated source has a value that it cannot take."""

    status = 400
    code = "InvalidOption"

    def __init__(self, name: str, value: str) -> None:
        wanted = " Use true or false, or leave" if DEFAULTS[name][0] is Kind.FLAG else " Leave"
        message = f"'{value[:64]}' is not a value of the option {name}.{wanted} it out for its default."
        super().__init__(message, fields=[FieldError(name, message, self.code)])


@dataclass(frozen=True)
class Options:
    """How a source is wanted.

    Attributes:
        given: the options that the asker gave, by name; the header shows them so that they survive an update.
        forced: defaults of the language where they differ from everybody's.
        latest: the newest release of the generators, not the one that this host is compatible with.
        header: whether the header is written.
    """

    given: Mapping[str, str] = field(default_factory=dict)
    forced: Mapping[str, str] = field(default_factory=dict)
    latest: bool = False
    header: bool = True

    @classmethod
    def from_query(cls, query: Iterable[tuple[str, str]]) -> "Options":
        """The options that a query string gives, in any casing; what is no option is left alone.

        Raises:
            InvalidOption: an option has a value that it cannot take.
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
        """The same with the defaults of a language."""
        return replace(self, forced=forced)

    def text(self, name: str) -> str:
        """The value of an option; empty where it has none."""
        if name in self.given:
            return self.given[name]
        if name == "AddNullableAnnotations":
            return str(self.latest)
        return self.forced.get(name, DEFAULTS[name][1])

    def flag(self, name: str) -> bool:
        """The value of an option that is on or off."""
        return self.text(name) == "True"

    def number(self, name: str) -> int | None:
        """The value of an option that is a number; None where it has none."""
        text = self.text(name)
        return int(text) if text else None

    def names(self, name: str) -> tuple[str, ...]:
        """The entries of an option that is a list; white space in an entry means nothing."""
        entries = ("".join(entry.split()) for entry in self.text(name).split(","))
        return tuple(entry for entry in entries if entry)


DEFAULT_OPTIONS: Final = Options()
"""Nothing asked for."""


def _checked(name: str, value: str) -> str:
    kind = DEFAULTS[name][0]
    if re.fullmatch(kind.value, value, re.ASCII) is None:
        raise InvalidOption(name, value)
    return str(value.lower() in ("true", "1")) if kind is Kind.FLAG else value


__all__ = ["DEFAULTS", "DEFAULT_OPTIONS", "DOTNET_OPTIONS", "USUAL_OPTIONS", "InvalidOption", "Kind", "Options"]
