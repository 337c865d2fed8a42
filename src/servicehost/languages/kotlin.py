"""Kotlin: open classes for `net.servicestack.client` and Gson, the client library that is also used from Java."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from typing import ClassVar, Final

from servicehost.contract.types import Scalar
from servicehost.languages.declarations import Enumeration, Property, Shape, Source
from servicehost.languages.java import (
    CLIENT_IMPORTS,
    LIBRARY,
    TYPE_NAMES,
    annotations,
    constant_name,
    field_name,
    imports,
)
from servicehost.languages.language import Header, Language, Order, TypeNames
from servicehost.languages.text import apart, blank_after, blank_before_each, indented, quoted, starred_comment

KOTLIN_NAMES: Final = replace(TYPE_NAMES, scalars={**TYPE_NAMES.scalars, Scalar.INT: "Int", Scalar.BYTES: "ByteArray"})
"""Kotlin type names: those of Java, except for numbers and arrays."""

_KEYWORDS = """
    abstract annotation as break by catch class companion const constructor continue crossinline data do dynamic else
    enum external false final finally for fun get if import in infix init inline inner interface internal is lateinit
    noinline null object open operator out override package private protected public reified return sealed set super
    suspend tailrec this throw true try type typealias typeof val var vararg when where while
    """
KEYWORDS: Final = frozenset(_KEYWORDS.split())
"""Hard and soft keywords, which are not used as names."""


def quote(text: str) -> str:
    """Return a string literal, with dollar signs escaped because they start an expression."""
    return quoted(text).replace("$", "\\$")


class Kotlin(Language):
    """Generator of Kotlin classes with nullable properties."""

    key = "kotlin"
    title = "Kotlin"
    index_name = "Kotlin"
    order = Order.AS_REGISTERED
    library = LIBRARY
    forced: ClassVar[Mapping[str, str]] = {"DefaultImports": ",".join(CLIENT_IMPORTS)}
    header = Header(
        options=(
            "Package",
            "AddServiceStackTypes",
            "AddResponseStatus",
            "AddImplicitVersion",
            "AddDescriptionAsComments",
            "IncludeTypes",
            "ExcludeTypes",
            "InitializeCollections",
            "TreatTypesAsStrings",
            "DefaultImports",
        ),
    )

    def safe(self, text: str) -> str:
        """Escape both ends of block comments, because comments nest in Kotlin."""
        return apart(text, "*/", "/*")

    def write(self, source: Source) -> Iterable[str]:
        """Write the package, the imports and the classes, with two empty lines before the first class."""
        yield from source.header
        if package := source.options.text("Package"):
            yield from [f"package {package}", ""]
        yield from (f"import {name}" for name in imports(source, KEYWORDS))
        yield ""
        yield from blank_before_each(_declarations(source))


def _declarations(source: Source) -> Iterator[Iterable[str]]:
    names = KOTLIN_NAMES.as_strings(source.options.names("TreatTypesAsStrings"))
    for declared in source.types:
        yield _enumeration(declared) if isinstance(declared, Enumeration) else _class(declared, source, names)


def _enumeration(declared: Enumeration) -> Iterator[str]:
    yield from [f"enum class {declared.name}", "{"]
    for name, stated in (constant_name(value, KEYWORDS, quote) for value in declared.values):
        yield f"    {stated}{name},"
    yield "}"


def _class(shape: Shape, source: Source, names: TypeNames) -> Iterator[str]:
    yield from starred_comment(shape.description)
    yield from annotations(shape.attributes, shape.operation, quote)
    yield f"open class {shape.name}{_heritage(shape)}"
    yield "{"
    properties = ((_property(each, source, names), bool(each.attributes)) for each in shape.own)
    yield from indented(blank_after(properties))
    if shape.operation and shape.operation.response:
        yield from indented(_response_type(shape.name, shape.operation.response))
    yield "}"


def _heritage(shape: Shape) -> str:
    listed = [*([f"{shape.base}()"] if shape.base else []), *shape.interfaces("IReturn<{}>".format)]
    return f" : {', '.join(listed)}" if listed else ""


def _property(each: Property, source: Source, names: TypeNames) -> Iterator[str]:
    yield from starred_comment(each.description)
    yield from annotations(each.attributes, None, quote)
    name, stated = field_name(each, KEYWORDS, quote)
    kind, declared = names(each.core), "override var" if each.interface else "open var"
    if each.collection and (each.stated or source.options.flag("InitializeCollections")):
        yield f"{stated}{declared} {name}:{kind} = {kind}()"
    else:
        yield f"{stated}{declared} {name}:{kind}? = {'null' if each.preset is None else each.preset}"


def _response_type(name: str, response: str) -> Iterator[str]:
    yield f"companion object {{ private val responseType = {response}::class.java }}"
    yield f"override fun getResponseType(): Any? = {name}.responseType"


__all__ = ["KEYWORDS", "KOTLIN_NAMES", "Kotlin", "quote"]
