"""Python: dataclasses for the package `servicestack`.

That package finds a member of a response by the name of its field or the camelCase of that name: `user_name` finds
`userName` but never `UserName`, whatever the decorators say. Files therefore use snake_case only where the wire name is
camelCase, and otherwise the wire name. The snippets of documentation pages, which are not executed, always show
snake_case, as those of ServiceStack hosts do.
"""

import keyword
import re
from collections.abc import Collection, Iterable, Iterator, Mapping
from functools import partial
from typing import ClassVar, Final

from servicehost.contract.types import Scalar
from servicehost.languages.attributes import attribute_text
from servicehost.languages.declarations import Attribute, Enumeration, Property, Shape, Source
from servicehost.languages.language import Header, Language, Order, TypeNames
from servicehost.languages.options import USUAL_OPTIONS
from servicehost.languages.text import apart, as_identifier, indented, quoted, snake

IMPORTS: Final = (
    "datetime,decimal,marshmallow.fields:*,servicestack:*,typing:*,dataclasses:dataclass/field,"
    "dataclasses_json:dataclass_json/LetterCase/Undefined/config,enum:Enum/IntEnum"
)
"""Default imports. The order matters: later names hide earlier ones."""

_KEYS = ("str", "int", "bool")

TYPE_NAMES: Final = TypeNames(
    scalars={
        Scalar.STRING: "str",
        Scalar.BOOL: "bool",
        Scalar.INT: "int",
        Scalar.LONG: "int",
        Scalar.DOUBLE: "float",
        Scalar.DECIMAL: "Decimal",
        Scalar.GUID: "str",
        Scalar.DATETIME: "datetime.datetime",
        Scalar.DURATION: "datetime.timedelta",
        Scalar.BYTES: "bytes",
    },
    list_of=lambda item: f"List[{item}]",
    map_of=lambda key, value: f"Dict[{key if key in _KEYS else 'str'}, {value}]",
    nullable=lambda inner: f"Optional[{inner}]",
)
"""Python type names."""

EMPTY: Final[Mapping[object, str]] = {
    Scalar.BOOL: "False",
    Scalar.INT: "0",
    Scalar.LONG: "0",
    Scalar.DOUBLE: "0.0",
    Scalar.DECIMAL: "decimal.Decimal(0)",
    Scalar.DATETIME: "datetime.datetime(1, 1, 1)",
    Scalar.DURATION: "datetime.timedelta()",
}
"""Initial values of required members; members of other types are None even if required."""

FACTORIES: Final[Mapping[str | None, str]] = {"list": "list", "map": "dict"}
"""Default factories of required collections."""

RESERVED: Final = frozenset(keyword.kwlist) | {
    "int", "float", "str", "bool", "bytes", "datetime", "decimal", "field", "config",
}  # fmt: skip
"""Names that a field cannot have: keywords, and names used in annotations and defaults."""

quote: Final = partial(quoted, mark="'")
"""Return a string literal."""


class Python(Language):
    """Generator of Python dataclasses."""

    key = "python"
    title = "Python"
    index_name = "Python"
    order = Order.DEPENDENCIES_FIRST
    forced: ClassVar[Mapping[str, str]] = {"DefaultImports": IMPORTS}
    library = frozenset(
        {
            "Authenticate",
            "AuthenticateResponse",
            "GetAccessToken",
            "GetAccessTokenResponse",
            "ResponseError",
            "ResponseStatus",
        }
    )
    header = Header(
        opening=('""" Options:',),
        closing=('"""', ""),
        off="#",
        options=(
            "GlobalNamespace",
            *USUAL_OPTIONS,
            "DataClass",
            "DataClassJson",
        ),
    )

    def safe(self, text: str) -> str:
        """Escape triple quotes, which end a docstring, and backslashes, which start an escape sequence."""
        return apart(text.replace("\\", "\\\\"), '"""')

    def write(self, source: Source) -> Iterable[str]:
        """Write the imports and the classes, each class after two empty lines."""
        yield from source.header
        yield from _imports(source)
        unknown = {declared.name for declared in source.types}
        for declared in source.types:
            yield from ["", ""]
            yield from (
                _enumeration(declared) if isinstance(declared, Enumeration) else _class(declared, source, unknown)
            )
            unknown.discard(declared.name)
        yield ""


def _imports(source: Source) -> Iterator[str]:
    """Yield the import statements: `a` imports a module, `a:b/c` imports names from one."""
    for entry in source.options.names("DefaultImports") or IMPORTS.split(","):
        module, colon, names = entry.partition(":")
        yield f"from {module} import {', '.join(names.split('/'))}" if colon else f"import {module}"
    if source.options.latest:
        yield "Object = TypeVar('Object')"


def _enumeration(declared: Enumeration) -> Iterator[str]:
    yield f"class {declared.name}(str, Enum):"
    for value in declared.values:
        yield f"    {_constant(value.name)} = {quote(value.wire)}"


def _constant(name: str) -> str:
    return name.upper() if "_" in name or name.isupper() else snake(name).upper()


def _class(shape: Shape, source: Source, unknown: Collection[str]) -> Iterator[str]:
    """Yield the lines of a class; annotations that use names not defined yet are quoted."""
    yield from _attribute_comments(shape.attributes_with_routes)
    names = _Names(shape, as_shown=not source.whole)
    yield f"@dataclass_json({source.options.text('DataClassJson') or names.json_arguments})"
    arguments = source.options.text("DataClass")
    yield f"@dataclass({arguments})" if arguments else "@dataclass"
    bases = ", ".join(_bases(shape))
    yield f"class {shape.name}({bases}):" if bases else f"class {shape.name}:"
    yield from indented(_body(shape, source, names, unknown))


def _bases(shape: Shape) -> Iterator[str]:
    if shape.base:
        yield shape.base
    yield from shape.interfaces(lambda response: f"IReturn[{quote(response) if response == shape.name else response}]")


def _body(shape: Shape, source: Source, names: "_Names", unknown: Collection[str]) -> Iterator[str]:
    if shape.description is not None:
        yield from ['"""', shape.description, '"""', ""]
    if not shape.own:
        yield "pass"
    last, hidden = len(shape.own) - 1, set(unknown)
    for index, each in enumerate(shape.own):
        comments = list(_attribute_comments(each.attributes))
        yield from comments
        hidden.add(names.of(each))
        yield f"{names.of(each)}: {_annotation(each, source, hidden)} = {_default(each, source, names.stated(each))}"
        if each.description is not None:
            yield from ['"""', each.description, '"""']
        if index < last:
            yield from [""] * ((each.description is not None) + bool(comments))


def _attribute_comments(attributes: Iterable[Attribute]) -> Iterator[str]:
    for attribute in attributes:
        if attribute.name not in ("DataContract", "DataMember"):
            yield f"# @{attribute_text(attribute)}"


def _annotation(each: Property, source: Source, hidden: Collection[str]) -> str:
    """Return the annotation, quoted if it uses a name that is not defined yet or is hidden by a field."""
    name = TYPE_NAMES(each.core)
    annotation = name if _is_set(each, source) else f"Optional[{name}]"
    return quote(annotation) if any(word in hidden for word in re.findall(r"\w+", annotation)) else annotation


def _is_set(each: Property, source: Source) -> bool:
    """Whether the field has an initial value other than None."""
    if source.options.flag("MakePropertiesOptional") or not each.required:
        return False
    return each.core in EMPTY or each.collection is not None


def _default(each: Property, source: Source, stated: str | None) -> str:
    """Return the initial value, with the wire name if the client library would not derive it."""
    given = [f"metadata=config(field_name={quote(stated)})"] if stated is not None else []
    if _is_set(each, source) and each.collection:
        return f"field({', '.join([*given, f'default_factory={FACTORIES[each.collection]}'])})"
    empty = EMPTY[each.core] if _is_set(each, source) else "None"
    value = empty if each.preset is None else str(each.preset)
    return f"field({', '.join([*given, f'default={value}'])})" if given else value


class _Names:
    """Field names of one class."""

    def __init__(self, shape: Shape, *, as_shown: bool) -> None:
        self._as_shown = as_shown
        self._snake_case = as_shown or all(_guess(snake(each.wire)) == each.wire for each in shape.properties)

    @property
    def json_arguments(self) -> str:
        """Arguments of the JSON decorator, which say how wire names follow from field names."""
        return f"{'letter_case=LetterCase.CAMEL, ' if self._snake_case else ''}undefined=Undefined.EXCLUDE"

    def of(self, each: Property) -> str:
        """Return the name of a field."""
        name = as_identifier(snake(each.wire) if self._snake_case else each.wire)
        return f"{name}_" if name in RESERVED else name

    def stated(self, each: Property) -> str | None:
        """Return the wire name if it does not follow from the name of the field."""
        name = self.of(each)
        if self._as_shown and not name.endswith("_"):
            return None
        return each.wire if (_guess(name) if self._snake_case else name) != each.wire else None


def _guess(name: str) -> str:
    """Return the wire name that the client library derives from a field name."""
    return re.sub(r"_([a-z0-9])", lambda found: found[1].upper(), name)


__all__ = ["Python"]
