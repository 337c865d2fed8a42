"""Rust: structs for serde and the client crate `servicestack`, formatted like rustfmt output.

Fields are in snake_case and state their wire names. Optional members are `Option` fields that are absent while `None`.
Bytes are the base64 text of the JSON, because serde writes a `Vec<u8>` as numbers. Recursive messages are in a `Box`.
"""

from collections.abc import Iterable, Iterator
from typing import Final

from servicehost.contract.types import Scalar
from servicehost.languages.attributes import attribute_text
from servicehost.languages.declarations import Attribute, Enumeration, OperationDeclaration, Property, Shape, Source
from servicehost.languages.language import Header, Language, Order, TypeNames
from servicehost.languages.recursion import leads_back
from servicehost.languages.text import apart, blank_before_each, capitalised, indented, quoted, snake_identifier
from servicehost.languages.typescript import TypeScript

TYPE_NAMES: Final = TypeNames(
    scalars={
        Scalar.STRING: "String",
        Scalar.BOOL: "bool",
        Scalar.INT: "i32",
        Scalar.LONG: "i64",
        Scalar.DOUBLE: "f64",
        Scalar.DECIMAL: "f64",
        Scalar.GUID: "String",
        Scalar.DATETIME: "String",
        Scalar.DURATION: "String",
        Scalar.BYTES: "String",
    },
    list_of=lambda item: f"Vec<{item}>",
    map_of=lambda key, value: f"HashMap<{key}, {value}>",
    nullable=lambda name: f"Option<{name}>",
)

ALLOWED: Final = (
    "#![allow(",
    "    dead_code,",
    "    non_camel_case_types,",
    "    non_snake_case,",
    "    clippy::upper_case_acronyms",
    ")]",
)
"""Compiler warnings that names of the contract would cause."""

KEYWORDS: Final = frozenset(
    """
    abstract as async await become box break const continue do dyn else enum extern false final fn for gen if impl in
    let loop macro match mod move mut override priv pub ref return static struct trait true try type typeof unsafe
    unsized use virtual where while yield
    """.split()  # noqa: SIM905 - otherwise one word per line, fifty lines
)
NEVER_NAMES: Final = frozenset({"crate", "self", "super"})
"""Keywords that cannot be used as raw identifiers (`r#`)."""

DERIVED: Final = "Serialize, Deserialize, Debug, Clone, PartialEq, Default"
DERIVED_BY_ENUMERATIONS: Final = "Serialize, Deserialize, Debug, Clone, Copy, PartialEq, Eq, Hash, Default"


class Rust(Language):
    """Generator of Rust structs."""

    key = "rust"
    title = "Rust"
    index_name = "Rust"
    order = Order.DEPENDENCIES_FIRST
    header = Header(options=TypeScript.header.options, trimmed=True)
    library = frozenset({"ResponseStatus", "ResponseError"})

    def safe(self, text: str) -> str:
        """Escape both ends of block comments, because comments nest in Rust."""
        return apart(text, "*/", "/*")

    def write(self, source: Source) -> Iterable[str]:
        """Write the attributes, the `use` declarations and the types, each after an empty line."""
        yield from source.header
        yield from [*ALLOWED, "", *_uses(source, self.library)]
        for declared in source.types:
            blocks = [_enum(declared)] if isinstance(declared, Enumeration) else _struct_and_traits(declared)
            yield from blank_before_each(blocks)


def _uses(source: Source, library: frozenset[str]) -> Iterator[str]:
    """Yield only the `use` declarations that are needed: the compiler warns about others."""
    paths = ["serde::{Deserialize, Serialize}"]
    if library.intersection(source.undeclared) or any(shape.operation for shape in source.shapes):
        paths.append("servicestack::*")
    if source.has_maps:
        paths.append("std::collections::HashMap")
    return (f"use {path};" for path in sorted({*paths, *source.options.names("DefaultImports")}))


def _enum(declared: Enumeration) -> Iterator[str]:
    yield f"#[derive({DERIVED_BY_ENUMERATIONS})]"
    yield f"pub enum {declared.name} {{"
    for index, value in enumerate(declared.values):
        if index == 0:
            yield "    #[default]"
        yield f"    #[serde(rename = {quoted(value.wire)})]"
        yield f"    {_variant(value.name)},"
    yield "}"


def _variant(name: str) -> str:
    variant = capitalised(name)
    return f"{variant}_" if variant == "Self" else variant


def _struct_and_traits(shape: Shape) -> Iterator[Iterable[str]]:
    yield _struct(shape)
    if shape.operation:
        yield _traits(shape.name, shape.operation)


def _struct(shape: Shape) -> Iterator[str]:
    yield from _comment(shape.description, shape.attributes_with_routes)
    yield f"#[derive({DERIVED})]"
    yield "#[serde(default)]"
    fields = [line for each in shape.own for line in _field(each, shape.name)]
    if shape.base:
        fields = ["#[serde(flatten)]", f"pub {_name(shape.base)}: {shape.base},", *fields]
    if fields:
        yield from [f"pub struct {shape.name} {{", *indented(fields), "}"]
    else:
        yield f"pub struct {shape.name} {{}}"


def _field(each: Property, owner: str) -> Iterator[str]:
    yield from _comment(each.description, each.attributes)
    name, boxed = _name(each.name), leads_back(each.core, owner)
    type_name = f"Box<{TYPE_NAMES(each.core)}>" if boxed else TYPE_NAMES(each.core)
    if name.removeprefix("r#") != each.wire:
        yield f"#[serde(rename = {quoted(each.wire)})]"
    if each.required and not boxed:
        yield f"pub {name}: {type_name},"
    else:
        yield '#[serde(default, skip_serializing_if = "Option::is_none")]'
        yield f"pub {name}: Option<{type_name}>,"


def _comment(description: str | None, attributes: Iterable[Attribute]) -> Iterator[str]:
    """Yield the comment of a declaration, without data contract attributes: serde's attributes replace them."""
    if description is not None:
        yield f"/// {description}".rstrip()
    for attribute in attributes:
        if attribute.name not in ("DataContract", "DataMember"):
            yield f"// {attribute_text(attribute)}"


def _traits(name: str, operation: OperationDeclaration) -> Iterator[str]:
    yield f"impl IRequest for {name} {{"
    yield f"    const NAME: &'static str = {quoted(name)};"
    yield f"    const VERB: &'static str = {quoted(operation.verb)};"
    yield "}"
    if operation.response:
        yield from [f"impl IReturn for {name} {{", f"    type Response = {operation.response};", "}"]
    elif operation.response_declared:
        yield f"impl IReturnVoid for {name} {{}}"


def _name(name: str) -> str:
    """Return a field name that is a valid identifier."""
    field = snake_identifier(name)
    if field in KEYWORDS:
        return f"r#{field}"
    return f"{field}_" if field in NEVER_NAMES else field


__all__ = ["Rust"]
