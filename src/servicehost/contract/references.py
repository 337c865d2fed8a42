"""The types that a type refers to."""

from servicehost.contract.folds import nodes_in
from servicehost.contract.types import EnumOf, MessageModel, Ref, TypeNode

Declared = MessageModel | EnumOf
"""A type that is declared by name."""


def referenced(model: MessageModel) -> list[Declared]:
    """`model`, its bases and all types that they refer to, each once, depth first in declared order."""
    found: dict[Declared, None] = {}

    def visit(declared: Declared) -> None:
        if declared not in found:
            found[declared] = None
            for part in parts_of(declared):
                visit(part)

    visit(model)
    return list(found)


def parts_of(declared: Declared) -> list[Declared]:
    """The types that a type refers to directly: its base, then the types of its published members."""
    if isinstance(declared, EnumOf):
        return []
    base: list[Declared] = [declared.base] if declared.base else []
    return base + [part for member in declared.own_published for part in named_in(member.type)]


def named_in(node: TypeNode) -> list[Declared]:
    """The messages and enumerations named in a type, without the types that those refer to."""
    return [part.model if isinstance(part, Ref) else part for part in nodes_in(node) if isinstance(part, Ref | EnumOf)]


__all__ = ["Declared", "named_in", "parts_of", "referenced"]
