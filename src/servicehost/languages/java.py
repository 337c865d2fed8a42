"""Java: classes inside one outer class, for `net.servicestack.client` and Gson.

Gson maps fields by name, so fields have their wire names; `@SerializedName` states names that are not valid in Java.
Attributes of the contract become annotations of the client library.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import ClassVar, Final

from servicehost.contract.types import Scalar
from servicehost.languages.attributes import attribute_text
from servicehost.languages.declarations import (
    Attribute,
    Enumeration,
    EnumValue,
    OperationDeclaration,
    Property,
    Shape,
    Source,
)
from servicehost.languages.language import Header, Language, Order, TypeNames
from servicehost.languages.text import (
    apart,
    as_identifier,
    blank_after,
    blank_before_each,
    capitalised,
    indented,
    quoted,
    starred_comment,
)

TYPE_NAMES: Final = TypeNames(
    scalars={
        Scalar.STRING: "String",
        Scalar.BOOL: "Boolean",
        Scalar.INT: "Integer",
        Scalar.LONG: "Long",
        Scalar.DOUBLE: "Double",
        Scalar.DECIMAL: "BigDecimal",
        Scalar.GUID: "UUID",
        Scalar.DATETIME: "Date",
        Scalar.DURATION: "TimeSpan",
        Scalar.BYTES: "byte[]",
    },
    list_of=lambda item: f"ArrayList<{item}>",
    map_of=lambda key, value: f"HashMap<{key},{value}>",
)
"""Java type names; wrapper classes instead of primitives, so that a member can be absent."""

CLIENT_IMPORTS: Final = ("java.math.*", "java.util.*", "java.io.InputStream", "net.servicestack.client.*")
"""Default imports of every source."""

GSON_IMPORTS: Final = ("com.google.gson.annotations.*", "com.google.gson.reflect.*")
"""Imports of a source that contains `@SerializedName`."""

LIBRARY: Final = frozenset({"ResponseStatus", "ResponseError", "ErrorResponse"})
"""Types that the client library contains."""

TAKEN: Final = frozenset({"Class", "ResponseType"})
"""Names whose getters (`getClass`, `getResponseType`) already exist on every object or request."""

_KEYWORDS = """
    abstract assert boolean break byte case catch char class const continue default do double else enum extends false
    final finally float for goto if implements import instanceof int interface long native new null package private
    protected public return short static strictfp super switch synchronized this throw throws transient true try void
    volatile while
    """
KEYWORDS: Final = frozenset(_KEYWORDS.split())
"""Reserved words, which cannot be names."""


class Java(Language):
    """Generator of Java classes with accessors."""

    key = "java"
    title = "Java"
    index_name = "Java"
    order = Order.AS_REGISTERED
    library = LIBRARY
    forced: ClassVar[Mapping[str, str]] = {"GlobalNamespace": "dtos", "DefaultImports": ",".join(CLIENT_IMPORTS)}
    header = Header(
        options=(
            "Package",
            "GlobalNamespace",
            "AddPropertyAccessors",
            "SettersReturnThis",
            "AddServiceStackTypes",
            "AddResponseStatus",
            "AddDescriptionAsComments",
            "AddImplicitVersion",
            "IncludeTypes",
            "ExcludeTypes",
            "TreatTypesAsStrings",
            "DefaultImports",
        ),
    )

    def safe(self, text: str) -> str:
        r"""Escape the end of a block comment, also written as `\u` escapes, which Java decodes first."""
        return apart(text, "*/", "\\u")

    def write(self, source: Source) -> Iterable[str]:
        """Write the package, the imports and the outer class that contains all others."""
        yield from source.header
        if package := source.options.text("Package"):
            yield from [f"package {package};", ""]
        yield from (f"import {name};" for name in imports(source, KEYWORDS))
        yield from ["", f"public class {as_identifier(source.options.text('GlobalNamespace') or 'dtos')}", "{"]
        yield from indented(blank_before_each(_declarations(source)))
        yield from ["", "}"]


def imports(source: Source, keywords: frozenset[str]) -> Iterator[str]:
    """Yield the imports of a source, with those of Gson only if a wire name is stated."""
    yield from (wanted := source.options.names("DefaultImports") or CLIENT_IMPORTS)
    if any(stated for _, stated in _names(source, keywords)):
        yield from (name for name in GSON_IMPORTS if name not in wanted)


def _names(source: Source, keywords: frozenset[str]) -> Iterator[tuple[str, str]]:
    for shape in source.shapes:
        yield from (field_name(each, keywords) for each in shape.own)
    for declared in source.enumerations:
        yield from (constant_name(value, keywords) for value in declared.values)


def field_name(each: Property, keywords: frozenset[str], quote: Callable[[str], str] = quoted) -> tuple[str, str]:
    """Return the name of a field, and the annotation with its wire name if that differs.

    A keyword gets a capital letter.
    """
    name = as_identifier(each.wire)
    name = capitalised(name) if name in keywords else name
    name = f"{name}_" if capitalised(name) in TAKEN else name
    return name, _serialized_name(each.wire, quote) if name != each.wire else ""


def constant_name(value: EnumValue, keywords: frozenset[str], quote: Callable[[str], str] = quoted) -> tuple[str, str]:
    """Return the name of an enumeration value, and the annotation with its wire name if that differs."""
    name = capitalised(value.name) if value.name in keywords else value.name
    return name, _serialized_name(value.wire, quote) if name != value.wire else ""


def _serialized_name(wire: str, quote: Callable[[str], str]) -> str:
    return f"@SerializedName({quote(wire)}) "


def annotations(
    attributes: Iterable[Attribute], operation: OperationDeclaration | None, quote: Callable[[str], str]
) -> Iterator[str]:
    """Yield the annotations above a declaration.

    Repeated annotations, and attributes with positional values, have no equivalent in Java and are commented out.
    """
    met: set[str] = set()
    routes = [_route(route.template, route.verbs) for route in operation.routes] if operation else []
    for attribute in [*routes, *attributes]:
        mark = "// " if attribute.name in met or attribute.values else ""
        met.add(attribute.name)
        yield f"{mark}@{attribute_text(attribute, quote)}"


def _route(path: str, verbs: tuple[str, ...]) -> Attribute:
    return Attribute("Route", named=(("Path", path), *((("Verbs", ",".join(verbs)),) if verbs else ())))


def _declarations(source: Source) -> Iterator[Iterable[str]]:
    names = TYPE_NAMES.as_strings(source.options.names("TreatTypesAsStrings"))
    for declared in source.types:
        yield _enumeration(declared) if isinstance(declared, Enumeration) else _class(declared, source, names)


def _enumeration(declared: Enumeration) -> Iterator[str]:
    yield from [f"public static enum {declared.name}", "{"]
    constants = [stated + name for name, stated in (constant_name(value, KEYWORDS) for value in declared.values)]
    yield from indented(f"{constant}," for constant in constants[:-1])
    yield from [f"    {constants[-1]};", "}"]


def _class(shape: Shape, source: Source, names: TypeNames) -> Iterator[str]:
    yield from starred_comment(shape.description)
    yield from annotations(shape.attributes, shape.operation, quoted)
    yield f"public static class {shape.name}{_heritage(shape)}"
    yield "{"
    fields = ((_field(each, source, names), bool(each.attributes)) for each in shape.own)
    yield from indented(blank_after(fields))
    if shape.own and source.options.flag("AddPropertyAccessors"):
        yield "    "
        for each in shape.own:
            yield from indented(_accessors(each, shape, source, names))
    if shape.operation and shape.operation.response:
        yield f"    private static Object responseType = {shape.operation.response}.class;"
        yield "    public Object getResponseType() { return responseType; }"
    yield "}"


def _heritage(shape: Shape) -> str:
    base = f" extends {shape.base}" if shape.base else ""
    listed = shape.interfaces("IReturn<{}>".format)
    return f"{base} implements {', '.join(listed)}" if listed else base


def _field(each: Property, source: Source, names: TypeNames) -> Iterator[str]:
    yield from starred_comment(each.description)
    yield from annotations(each.attributes, None, quoted)
    name, stated = field_name(each, KEYWORDS)
    kind = names(each.core)
    yield f"{stated}public {kind} {name} = {_initial(each, kind, source)};"


def _initial(each: Property, kind: str, source: Source) -> str:
    if each.preset is not None:
        return str(each.preset)
    starts_empty = each.collection and (each.stated or source.options.flag("InitializeCollections"))
    return f"new {kind}()" if starts_empty else "null"


def _accessors(each: Property, shape: Shape, source: Source, names: TypeNames) -> Iterator[str]:
    name, _ = field_name(each, KEYWORDS)
    kind, ending = names(each.core), capitalised(name)
    prefix = "is" if kind == "Boolean" and not ending.startswith("Is") else "get"
    result, answer = (shape.name, " return this;") if source.options.flag("SettersReturnThis") else ("void", "")
    yield f"public {kind} {prefix}{ending}() {{ return {name}; }}"
    yield f"public {result} set{ending}({kind} value) {{ this.{name} = value;{answer} }}"


__all__ = [
    "CLIENT_IMPORTS",
    "LIBRARY",
    "TYPE_NAMES",
    "Java",
    "annotations",
    "constant_name",
    "field_name",
    "imports",
]
