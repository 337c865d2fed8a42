"""Tests of recursion over the type model: compilers, and walks over the types in a type."""

import enum
import typing
from collections.abc import Callable, Iterator
from typing import Any, ClassVar

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.support.tracks import Item, Kind, Nothing, Order, annotations, message_classes, messages, model_of, values

from servicehost.contract.folds import Compiler, OncePerMessage, nodes_in, reachable
from servicehost.contract.messages import Message
from servicehost.contract.scalars import Guid, WireType
from servicehost.contract.types import EnumOf, ListOf, MapOf, MessageModel, Ref, Scalar, TypeModel, TypeNode

PATIENT = settings(suppress_health_check=[HealthCheck.too_slow])
ANNOTATIONS = st.tuples(annotations(), st.booleans()).map(lambda drawn: drawn[0] | None if drawn[1] else drawn[0])


class Speller(Compiler[[], str]):
    """Compiles functions that spell a type; a message is its name and, up to a depth, its members."""

    def __init__(self) -> None:
        super().__init__()
        self.compiled: list[str] = []

    def scalar(self, node: Scalar, /) -> Callable[[], str]:
        """The name in C#."""
        return lambda: node.value

    def enumeration(self, node: EnumOf, /) -> Callable[[], str]:
        """Its name."""
        return lambda: node.name

    def nullable(self, inner: Callable[[], str], /) -> Callable[[], str]:
        """A question mark at the end."""
        return lambda: f"{inner()}?"

    def list_of(self, node: ListOf, item: Callable[[], str], /) -> Callable[[], str]:
        """Brackets, and the bound."""
        return lambda: f"[{item()}]" if node.most is None else f"[{item()} x {node.most}]"

    def map_of(self, node: MapOf, key: Callable[[], str], value: Callable[[], str], /) -> Callable[[], str]:
        """Braces, with an asterisk if keys are not strings."""
        return lambda: f"{{{key()}: {value()}}}{'' if node.key is Scalar.STRING else '*'}"

    def message(self, model: MessageModel, /) -> Callable[[], str]:
        """Its name."""
        self.compiled.append(model.name)
        return lambda: model.name


class Copier(Compiler[[Any], Any]):
    """Compiles functions that rebuild a value from its parts."""

    def scalar(self, _node: Scalar, /) -> Callable[[Any], Any]:
        """The value itself."""
        return lambda value: value

    def enumeration(self, node: EnumOf, /) -> Callable[[Any], Any]:
        """The same member."""
        return node.python

    def nullable(self, inner: Callable[[Any], Any], /) -> Callable[[Any], Any]:
        """None stays None."""
        return lambda value: None if value is None else inner(value)

    def list_of(self, _node: ListOf, item: Callable[[Any], Any], /) -> Callable[[Any], Any]:
        """A new list."""
        return lambda given: [item(value) for value in given]

    def map_of(self, _node: MapOf, key: Callable[[Any], Any], value: Callable[[Any], Any], /) -> Callable[[Any], Any]:
        """A new dictionary."""
        return lambda given: {key(name): value(each) for name, each in given.items()}

    def message(self, model: MessageModel, /) -> Callable[[Any], Any]:
        """A new message."""
        members = {member.attribute: self(member.type) for member in model.members}
        return lambda given: model.python(**{name: copy(getattr(given, name)) for name, copy in members.items()})


def spelled(annotation: Any) -> str:
    """The expected result of `Speller`, derived from the annotation itself."""
    origin, arguments = typing.get_origin(annotation), typing.get_args(annotation)
    if origin is typing.Annotated:
        return next(each.name for each in arguments[1:] if isinstance(each, WireType))
    if type(None) in arguments:
        return f"{spelled(next(each for each in arguments if each is not type(None)))}?"
    if origin is list:
        return f"[{spelled(arguments[0])}]"
    if origin is dict:
        return f"{{{spelled(arguments[0])}: {spelled(arguments[1])}}}{'' if arguments[0] is str else '*'}"
    if isinstance(annotation, type) and issubclass(annotation, Message | enum.Enum):
        return str(annotation.__name__)
    node = TypeModel().node(annotation)
    assert isinstance(node, Scalar)
    return node.value


def within(annotation: Any) -> Iterator[Any]:
    """An annotation and those inside it, outermost first."""
    yield annotation
    origin, arguments = typing.get_origin(annotation), typing.get_args(annotation)
    if origin is not typing.Annotated:
        for inner in arguments:
            yield from [] if inner is type(None) else within(inner)


@PATIENT
@given(ANNOTATIONS)
def test_a_compiler_has_a_case_for_each_kind_of_type(annotation: Any) -> None:
    """The function of a type is compiled from the node and the functions of its parts, at any depth."""
    assert spelled(annotation) == Speller()(TypeModel().node(annotation))()


def test_cases_are_given_the_node() -> None:
    """Cases receive the node: a list with its bound and a dictionary with its key type."""
    node = MapOf(Scalar.INT, ListOf(Scalar.GUID, 3))
    assert "{int: [Guid x 3]}*" == Speller()(node)()


@PATIENT
@given(st.data())
def test_compiled_functions_take_values_apart(data: st.DataObject) -> None:
    """A value of any type that is rebuilt from its parts equals the original."""
    node = TypeModel().node(data.draw(ANNOTATIONS))
    value = data.draw(values(node))
    assert value == Copier()(node)(value)


@given(messages(model_of(Item)))
def test_a_message_may_contain_itself(value: Item) -> None:
    """A message that contains itself is compiled, for values of any depth."""
    assert value == Copier()(Ref(model_of(Item)))(value)


class Left(Message):
    """One of two messages that contain each other."""

    name: str | None = None
    right: "Right | None" = None


class Right(Message):
    """The other one."""

    lefts: list[Left]
    counts: dict[str, int] | None = None


def test_messages_may_contain_each_other() -> None:
    """Messages that contain each other are compiled in either order."""
    value = Left(name="a", right=Right(lefts=[Left(name="b"), Left(right=Right(lefts=[], counts={"c": 1}))]))
    assert value == Copier()(Ref(model_of(Left)))(value)
    assert value.right == Copier()(Ref(model_of(Right)))(value.right)


def test_a_message_is_compiled_once() -> None:
    """A message is compiled once, regardless of the number of types that name it and of calls."""
    model, speller = model_of(Order), Speller()
    for member in model.members:
        speller(member.type)
        speller(member.type)
    assert ["Item"] == speller.compiled


def test_a_finished_function_is_given_itself() -> None:
    """Compiling again returns the finished function, not the stand-in, whose calls cost more."""
    seen: list[Callable[[], str]] = []

    def compile_message(model: MessageModel) -> Callable[[], str]:
        seen.append(functions(model))
        return finished

    def finished() -> str:
        return "finished"

    model = model_of(Nothing)
    functions = OncePerMessage(compile_message)
    assert functions(model) is finished
    assert functions(model) is finished
    (stand_in,) = seen
    assert stand_in is not finished
    assert "finished" == stand_in()


def test_a_stand_in_hands_on_all_arguments() -> None:
    """A stand-in passes on positional and keyword arguments."""
    functions: OncePerMessage[..., Any]

    def compile_message(model: MessageModel) -> Callable[..., Any]:
        again = functions(model)
        return lambda depth, *, mark: (depth, mark) if depth == 0 else again(depth - 1, mark=mark)

    functions = OncePerMessage(compile_message)
    assert (0, "x") == functions(model_of(Nothing))(3, mark="x")


class Sharing(Speller):
    """A speller that records which instance compiled a message."""

    used: ClassVar[list[str]] = []

    def __init__(self, name: str, messages: "OncePerMessage[[], str] | None" = None) -> None:
        super().__init__()
        self.name = name
        self.messages = messages or self.messages

    def message(self, model: MessageModel, /) -> Callable[[], str]:
        """Its name."""
        self.used.append(self.name)
        return super().message(model)


def test_compilers_share_messages() -> None:
    """A compiler that shares the messages of another does not compile them again."""
    Sharing.used.clear()
    first = Sharing("first")
    second = Sharing("second", first.messages)
    node = Ref(model_of(Item))
    assert second(node) is first(node)
    assert ["first"] == Sharing.used


@PATIENT
@given(ANNOTATIONS)
def test_nodes_in_a_type(annotation: Any) -> None:
    """`nodes_in` yields the type and every type named in its annotation, outermost first."""
    types = TypeModel()
    assert [types.node(each) for each in within(annotation)] == list(nodes_in(types.node(annotation)))


@pytest.mark.parametrize("message", [Item, Order, Nothing])
def test_messages_are_not_entered(message: type[Message]) -> None:
    """`nodes_in` does not visit the members of messages."""
    node = Ref(model_of(message))
    assert [node] == list(nodes_in(node))


def test_reachable_types() -> None:
    """`reachable` yields the nearest types first, and the members of each message once."""
    types = TypeModel()
    order, item = Ref(types.message(Order)), Ref(types.message(Item))
    grades = types.node(dict[str, Kind])
    expected: list[TypeNode] = [
        ListOf(order),
        order,
        grades,
        Scalar.STRING,
        EnumOf(Kind),
        *(node for member in order.model.members for node in nodes_in(member.type)),
        *(node for member in item.model.members for node in nodes_in(member.type)),
    ]
    assert expected == list(reachable([ListOf(order), grades]))


@PATIENT
@given(message_classes(annotations()))
def test_all_reachable_types_are_found(message: type[Message]) -> None:
    """`reachable` yields the types of all members of all messages, including inherited ones."""
    start = Ref(TypeModel().message(message))
    found = set(reachable([start]))
    inside = {
        node
        for reached in found
        if isinstance(reached, Ref)
        for member in reached.model.members
        for node in nodes_in(member.type)
    }
    assert {start} | inside == found


def test_nothing_is_reachable_from_nothing() -> None:
    """No types are reachable from no types."""
    assert [] == list(reachable([]))


def test_guids_are_spelled_as_guids() -> None:
    """The tests above distinguish a Guid from a string."""
    assert "{Guid: [string?]}*" == spelled(dict[Guid, list[str | None]])
