"""Recursive messages, which languages with value types must store behind a pointer."""

from servicehost.contract.types import MessageModel, Ref, TypeNode, without_null


def leads_back(node: TypeNode, name: str) -> bool:
    """Whether a value of the type directly contains the message of this name, itself or nested.

    Elements of lists and dictionaries do not count, because they are stored separately.
    """
    waiting, met = _held(node), set[str]()
    while waiting:
        model = waiting.pop()
        if model.name in met:
            continue
        met.add(model.name)
        waiting += [held for member in model.own_published for held in _held(member.type)]
        waiting += [model.base] if model.base else []
    return name in met


def _held(node: TypeNode) -> list[MessageModel]:
    core = without_null(node)
    return [core.model] if isinstance(core, Ref) else []


__all__ = ["leads_back"]
