"""The types that a type refers to."""

from servicehost.contract.types import EnumOf, ListOf, MapOf, MessageModel, Nullable, Ref, Scalar, TypeNode


def referenced(model: MessageModel) -> list[MessageModel | EnumOf]:
    """`model`, its bases and all types that they refer to, each once, depth first in declared order."""
    found: list[MessageModel | EnumOf] = []

    def visit(part: MessageModel | EnumOf) -> None:
        if part in found:
            return
        found.append(part)
        if isinstance(part, MessageModel):
            for inner in ([part.base] if part.base else []) + [t for m in part.own_published for t in named_in(m.type)]:
                visit(inner)

    visit(model)
    return found


def named_in(node: TypeNode) -> list[MessageModel | EnumOf]:
    """The messages and enumerations that a type names itself, without what those refer to."""
    match node:
        case Nullable(inner) | ListOf(inner):
            return named_in(inner)
        case MapOf(key, value):
            return named_in(key) + named_in(value)
        case Ref(model):
            return [model]
        case EnumOf():
            return [node]
        case Scalar():
            return []


__all__ = ["named_in", "referenced"]
