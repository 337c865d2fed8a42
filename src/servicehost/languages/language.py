"""Base class of all languages: name, type order, header, and how declarations are written."""

import enum
from abc import ABC, abstractmethod
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from typing import ClassVar

from servicehost.contract.metadata_types import SCALAR_NAMES
from servicehost.contract.types import EnumOf, ListOf, MapOf, Nullable, Ref, Scalar, TypeNode
from servicehost.languages.declarations import Source


class Order(enum.Enum):
    """Order in which a source declares its types.

    Attributes:
        BY_NAME: alphabetical, regardless of kind.
        AS_REGISTERED: requests, responses, then the types that they refer to.
        DEPENDENCIES_FIRST: every type after the types that it refers to; base types, responses, requests.
        UNSORTED_DEPENDENCIES_FIRST: the same, but base types are not moved to the front first.
    """

    BY_NAME = "A"
    AS_REGISTERED = "B"
    DEPENDENCIES_FIRST = "C"
    UNSORTED_DEPENDENCIES_FIRST = "D"


@dataclass(frozen=True)
class Header:
    """Format of the header comment that lists the options, from which client tools read them back.

    Attributes:
        options: options that the language prints, in order.
        opening: lines that open the comment.
        closing: lines that close the comment.
        off: prefix of an option that has its default.
        on: prefix of an option that was given.
        each: prefix of the lines that are not options (Date, Version).
        blank: line before the options; None for no line.
        tip: mark that the tip says to remove; `off` by default.
        further: lines after the date.
        joint: separator between the entries of a list.
        trimmed: whether the blank after the colon of an option without a value is left out.
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
    """Type names of a language.

    Attributes:
        scalars: name of each scalar type.
        list_of: name of a list, for the name of its items.
        map_of: name of a dictionary, for the names of its keys and values.
        nullable: name of a nullable type nested in another type.
        named: name of a message or an enumeration.
    """

    scalars: Mapping[Scalar, str]
    list_of: Callable[[str], str]
    map_of: Callable[[str, str], str]
    nullable: Callable[[str], str] = str
    named: Callable[[str], str] = str

    def __call__(self, node: TypeNode) -> str:
        """Return the name of a type."""
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
        """Return type names with `string` for the types of these C# or .NET names (option `TreatTypesAsStrings`)."""
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
    """A language in which the host publishes its types.

    Class attributes:
        key: name in `/types/{key}` and `lang={key}`.
        title: display name.
        index_name: name in the index of `/types`.
        media_type: media type of the source.
        order: order of the types.
        header: format of the header.
        forced: defaults that differ from those of other languages.
        library: types of the host that the client library contains; files refer to them without declaring them.
        tab: whether documentation pages link to it.
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
        """Return a single-line text made safe for every comment that the language writes."""

    @abstractmethod
    def write(self, source: Source) -> Iterable[str]:
        """Yield the lines of a source: `source.header`, imports, wrapper, and the declarations of `source.types` in order."""


__all__ = ["Header", "Language", "Order", "TypeNames"]
