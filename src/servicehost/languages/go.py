"""Go: structs for the client library `servicestack-go`, formatted like gofmt output.

Field tags state the wire names. Optional fields are pointers that are absent while nil; slices and maps are nil by
themselves. Members that the contract does not require are omitted from JSON while empty. Durations are strings: a
`time.Duration` is a number in JSON and cannot parse `P1DT2H`.
"""

from collections.abc import Iterable, Iterator, Sequence
from typing import Final

from servicehost.contract.types import ListOf, MapOf, Scalar
from servicehost.languages.declarations import Enumeration, OperationDeclaration, Property, Shape, Source
from servicehost.languages.language import Header, Language, Order, TypeNames
from servicehost.languages.recursion import leads_back
from servicehost.languages.text import apart, as_identifier, blank_before_each, capitalised, indented, pascal, quoted
from servicehost.languages.typescript import TypeScript, comment

CLIENT: Final = "github.com/ServiceStack/servicestack-go"
LONGEST_LINE: Final = 100
"""Maximum length of a method written in one line."""


class Go(Language):
    """Generator of Go structs."""

    key = "go"
    title = "Go"
    index_name = "Go"
    order = Order.DEPENDENCIES_FIRST
    header = Header(options=TypeScript.header.options, trimmed=True)
    library = frozenset({"ResponseStatus", "ResponseError"})

    def safe(self, text: str) -> str:
        """Escape the end of a block comment."""
        return apart(text, "*/")

    def write(self, source: Source) -> Iterable[str]:
        """Write the package clause, the imports and the types, each after an empty line."""
        from_library = self.library.intersection(source.undeclared)
        names = _type_names(from_library)
        yield from source.header
        yield f"package {source.options.text('GlobalNamespace').rpartition('.')[2] or 'dtos'}"
        if imports := sorted(_imports(source, uses_client=bool(from_library))):
            yield from ["", "import (", *(f"\t{alias}{quoted(path)}" for path, alias in imports), ")"]
        for declared in source.types:
            if isinstance(declared, Enumeration):
                yield from blank_before_each([[f"type {declared.name} string"], _constants(declared)])
            else:
                yield from blank_before_each([_struct(declared, names)])
            if isinstance(declared, Shape) and declared.operation:
                yield from blank_before_each([_methods(declared, declared.operation)])


def _type_names(from_library: frozenset[str]) -> TypeNames:
    return TypeNames(
        scalars={
            Scalar.STRING: "string",
            Scalar.BOOL: "bool",
            Scalar.INT: "int",
            Scalar.LONG: "int64",
            Scalar.DOUBLE: "float64",
            Scalar.DECIMAL: "float64",
            Scalar.GUID: "string",
            Scalar.DATETIME: "time.Time",
            Scalar.DURATION: "string",
            Scalar.BYTES: "[]byte",
        },
        list_of=lambda item: f"[]{item}",
        map_of=lambda key, value: f"map[{key}]{value}",
        nullable=lambda name: name if name.startswith(("[]", "map[")) else f"*{name}",
        named=lambda name: f"ss.{name}" if name in from_library else name,
    )


def _imports(source: Source, *, uses_client: bool) -> Iterator[tuple[str, str]]:
    """Yield path and alias of each import; `alias:path` in `DefaultImports` gives both."""
    if uses_client:
        yield CLIENT, "ss "
    if Scalar.DATETIME in source.scalars:
        yield "time", ""
    for entry in source.options.names("DefaultImports"):
        alias, colon, path = entry.rpartition(":")
        yield path, f"{alias} " if colon else ""


def _constants(declared: Enumeration) -> Iterator[str]:
    yield "const ("
    rows = [
        (declared.name + capitalised(each.name), declared.name, f"= {quoted(each.wire)}") for each in declared.values
    ]
    yield from indented(_aligned(rows), "\t")
    yield ")"


def _struct(shape: Shape, names: TypeNames) -> Iterator[str]:
    yield from comment(shape.description, shape.attributes_with_routes)
    if not (shape.base or shape.own):
        yield f"type {shape.name} struct{{}}"
        return
    yield f"type {shape.name} struct {{"
    if shape.base:
        yield f"\t{names.named(shape.base)}"
    rows: list[tuple[str, ...]] = []
    for each in shape.own:
        if above := list(comment(each.description, each.attributes)):
            yield from indented([*_aligned(rows), *above], "\t")
            rows = []
        rows.append((_field_name(each), _field_type(each, shape, names), _tag(each)))
    yield from indented(_aligned(rows), "\t")
    yield "}"


def _field_name(each: Property) -> str:
    return pascal(as_identifier(each.name))


def _field_type(each: Property, shape: Shape, names: TypeNames) -> str:
    is_nil_by_itself = isinstance(each.core, ListOf | MapOf) or each.core is Scalar.BYTES
    points = not is_nil_by_itself and (not each.required or leads_back(each.core, shape.name))
    return f"{'*' if points else ''}{names(each.core)}"


def _tag(each: Property) -> str:
    return f'`json:"{each.wire}{"" if each.stated else ",omitempty"}"`'


def _methods(shape: Shape, operation: OperationDeclaration) -> Iterator[str]:
    """Yield the methods that the client calls on a request, unless a field has the same name."""
    fields = {_field_name(each) for each in shape.properties}
    methods = [
        (f"func ({shape.name}) {name}{result}", body)
        for name, result, body in _answers(operation)
        if name not in fields
    ]
    in_one_line = [(head, f"{{ {body} }}" if body else "{}") for head, body in methods]
    if all(len(" ".join(row)) <= LONGEST_LINE for row in in_one_line):
        yield from _aligned(in_one_line)
    else:
        for head, body in methods:
            yield from [f"{head} {{", f"\t{body}", "}"]


def _answers(operation: OperationDeclaration) -> Iterator[tuple[str, str, str]]:
    """Yield the name, signature and body of each method."""
    if operation.response:
        yield "CreateResponse", f"() (r {operation.response})", "return"
    else:
        yield "CreateResponseVoid", "()", ""
    yield "HttpMethod", "() string", f"return {quoted(operation.verb)}"


def _aligned(rows: Sequence[tuple[str, ...]]) -> Iterator[str]:
    """Align the rows in columns, except for the last column."""
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)][:-1]
    for row in rows:
        padded = (cell.ljust(width) for cell, width in zip(row, widths, strict=False))
        yield " ".join([*padded, row[-1]])


__all__ = ["Go"]
