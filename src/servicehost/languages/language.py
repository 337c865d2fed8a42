"""What a language is: a name, an order of types, a header, and how declarations look."""

import enum
from abc import ABC, abstractmethod
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from typing import ClassVar

from servicehost.contract.metadata_types import SCALAR_NAMES
from servicehost.contract.types import EnumOf, ListOf, MapOf, Nullable, Ref, Scalar, TypeNode
from servicehost.languages.declarations import Source


class Order(enum.Enum):
    """In which order a source declares its types.

    Attributes:
        BY_NAME: alphabetically, whatever they are.
        AS_REGISTERED: requests, responses, then the types that they refer to.
        DEPENDENCIES_FIRST: every type after those that it refers to; base types, responses, requests.
        UNSORTED_DEPENDENCIES_FIRST: the same from a list in which base types have no precedence.
    """

    BY_NAME = "A"
    AS_REGISTERED = "B"
    DEPENDENCIES_FIRST = "C"
    UNSORTED_DEPENDENCIES_FIRST = "D"


@dataclass(frozen=True)
class Header:
    """How the comment looks that tells the options and lets a client tool keep them.

    Attributes:
        options: the options that the language prints, in order.
        opening: the lines that open it.
        closing: the lines that close it.
        off: stands before an option that has its default.
        on: stands before an option that was asked for.
        each: stands before the lines that are no options (Date, Version).
        blank: the line before the options; None for no such line.
        tip: the mark that the tip tells to remove; `off` unless said.
        further: lines after the date.
        joint: stands between the entries of a list.
        trimmed: no blank after the colon of an option without a value.
    """

    options: tuple[str, ...]
    opening: tuple[str, ...] = ("/* Options:",)
    closing: tuple[str, ...] = ("*/", "")
    off: str = "//"
    on: str = ""
    each: str = ""
    blank: str | None = ""
    tip: str | None = None
    further: tuple[str, ...] = ()
    joint: str = ","
    trimmed: bool = False


@dataclass(frozen=True)
class TypeNames:
    """How a language spells types.

    Attributes:
        scalars: the name of each scalar type.
        list_of: the list of an item's name.
        map_of: the dictionary of the names of key and value.
        nullable: what becomes of the name of a type that may be null, inside another type.
        named: what becomes of the name of a message or enumeration.
    """

    scalars: Mapping[Scalar, str]
    list_of: Callable[[str], str]
    map_of: Callable[[str, str], str]
    nullable: Callable[[str], str] = str
    named: Callable[[str], str] = str

    def __call__(self, node: TypeNode) -> str:
        """The name of a type."""
        match node:
            case Scalar():
                return self.scalars[node]
            case Nullable(inner):
                return self.nullable(self(inner))
            case ListOf(item):
                return self.list_of(self(item))
            case MapOf(key, value):
                return self.map_of(self(key), self(value))
            case EnumOf():
                return self.named(node.name)
            case Ref(model):
                return self.named(model.name)

    def as_strings(self, names: Iterable[str]) -> "TypeNames":
        """The same with strings for the types of these names, in C#'s or .NET's spelling (`TreatTypesAsStrings`)."""
        wanted, string = {name.lower() for name in names}, self.scalars[Scalar.STRING]
        return replace(
            self,
            scalars={
                scalar: string if wanted & {scalar.value.lower(), SCALAR_NAMES[scalar].lower()} else name
                for scalar, name in self.scalars.items()
            },
            named=lambda name: string if name.lower() in wanted else self.named(name),
        )


class Language(ABC):
    """One language in which the host hands out its types.

    Class attributes:
        key: names it in `/types/{key}` and `lang={key}`.
        title: names it to people.
        index_name: names it in the index of `/types`.
        media_type: of the source.
        order: in which order types stand.
        header: how the options look.
        forced: options whose default differs from everybody's.
        library: the host's own types that the client library of the language has; files refer to them only.
        tab: documentation pages link to it.
    """

    key: ClassVar[str]
    title: ClassVar[str]
    index_name: ClassVar[str]
    media_type: ClassVar[str] = "text/plain"
    order: ClassVar[Order]
    header: ClassVar[Header]
    forced: ClassVar[Mapping[str, str]] = {}
    library: ClassVar[frozenset[str]] = frozenset()
    tab: ClassVar[bool] = True

    @abstractmethod
    def safe(self, text: str) -> str:
        """The text, one line already, as it may stand in every comment that the language writes."""

    @abstractmethod
    def write(self, source: Source) -> Iterable[str]:
        """The lines of a source: `source.header`, imports, wrapper, and `source.types` declared in their order."""


__all__ = ["Header", "Language", "Order", "TypeNames"]
