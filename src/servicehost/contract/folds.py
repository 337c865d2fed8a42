"""Recursion over the type model.

| use | for |
|---|---|
| `Compiler` | one function for each type, made from the functions of its parts; messages may contain themselves |
| `OncePerMessage` | the same for messages only, if types need a match of their own |
| `nodes_in` | every type named in a type, such as `int` in `dict[str, list[int]]` |
| `reachable` | every type that values of some types can contain, including members of messages |

A plain `match` is shorter if a result does not depend on the results for the parts, or if the recursion passes
something down (the namespaces in scope in XML, the enclosing messages of a sample).
"""

from abc import ABC, abstractmethod
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from typing import Generic, ParamSpec, TypeVar

from servicehost.contract.types import EnumOf, ListOf, MapOf, MessageModel, Nullable, Ref, Scalar, TypeNode

Arguments = ParamSpec("Arguments")
Result = TypeVar("Result")


class OncePerMessage(Generic[Arguments, Result]):
    """Compiles the function of each message once.

    A message can contain itself, directly or through others. While its function is being compiled, it is represented by
    a stand-in that calls the finished function.

    Args:
        compile_message: makes the function of a message; it may ask this object for any message, including the same
            one.
    """

    def __init__(self, compile_message: Callable[[MessageModel], Callable[Arguments, Result]]) -> None:
        self._compile = compile_message
        self._functions: dict[MessageModel, Callable[Arguments, Result]] = {}

    def __call__(self, model: MessageModel) -> Callable[Arguments, Result]:
        """The function of a message."""
        functions = self._functions
        if model not in functions:

            def stand_in(*arguments: Arguments.args, **named: Arguments.kwargs) -> Result:
                return functions[model](*arguments, **named)

            functions[model] = stand_in
            functions[model] = self._compile(model)
        return functions[model]


class Compiler(ABC, Generic[Arguments, Result]):
    """Compiles a function for a type from the functions of its parts.

    Attributes:
        messages: the functions of messages, each compiled once. Compilers that handle messages in the same way can
            share it.
    """

    def __init__(self, messages: OncePerMessage[Arguments, Result] | None = None) -> None:
        self.messages = OncePerMessage(self.message) if messages is None else messages

    def __call__(self, node: TypeNode) -> Callable[Arguments, Result]:
        """The function of a type."""
        match node:
            case Scalar():
                return self.scalar(node)
            case EnumOf():
                return self.enumeration(node)
            case Nullable(inner):
                return self.nullable(self(inner))
            case ListOf(item):
                return self.list_of(node, self(item))
            case MapOf(key, value):
                return self.map_of(node, self(key), self(value))
            case Ref(model):
                return self.messages(model)

    @abstractmethod
    def scalar(self, node: Scalar, /) -> Callable[Arguments, Result]:
        """The function of a type without parts."""

    @abstractmethod
    def enumeration(self, node: EnumOf, /) -> Callable[Arguments, Result]:
        """The function of an enumeration."""

    @abstractmethod
    def nullable(self, inner: Callable[Arguments, Result], /) -> Callable[Arguments, Result]:
        """The function of a type that allows null, from the function of the type without null."""

    @abstractmethod
    def list_of(self, node: ListOf, item: Callable[Arguments, Result], /) -> Callable[Arguments, Result]:
        """The function of a list, from the function of its items."""

    @abstractmethod
    def map_of(
        self, node: MapOf, key: Callable[Arguments, Result], value: Callable[Arguments, Result], /
    ) -> Callable[Arguments, Result]:
        """The function of a dictionary, from the functions of its keys and values."""

    @abstractmethod
    def message(self, model: MessageModel, /) -> Callable[Arguments, Result]:
        """The function of a message. Call the compiler for the types of its members."""


def nodes_in(node: TypeNode) -> Iterator[TypeNode]:
    """The type and every type named in it, outermost first. Members of messages are not included."""
    yield node
    match node:
        case Nullable(inner) | ListOf(inner):
            yield from nodes_in(inner)
        case MapOf(key, value):
            yield from nodes_in(key)
            yield from nodes_in(value)
        case Scalar() | EnumOf() | Ref():
            return


def reachable(nodes: Iterable[TypeNode]) -> Iterator[TypeNode]:
    """The types and every type that their values can contain, nearest first. Each message is visited once."""
    entered: set[MessageModel] = set()
    waiting = deque(nodes)
    while waiting:
        for node in nodes_in(waiting.popleft()):
            yield node
            if isinstance(node, Ref) and node.model not in entered:
                entered.add(node.model)
                waiting += [member.type for member in node.model.members]


__all__ = ["Compiler", "OncePerMessage", "nodes_in", "reachable"]
