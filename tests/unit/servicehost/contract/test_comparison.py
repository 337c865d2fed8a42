"""Tests of the contract guard."""

import enum
from typing import Annotated, Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.support.contracts import Members, message, request
from tests.support.shop import SERVICE, nothing, shop

from servicehost.contract.catalog import Catalog
from servicehost.contract.comparison import Change, ChangeKind, NotAContract, compare, describe
from servicehost.contract.messages import (
    Access,
    Authenticated,
    Member,
    Message,
    Public,
    Request,
    RoleHolder,
    Route,
)
from servicehost.contract.metadata_types import contract_file
from servicehost.contract.scalars import Guid

REQUIRED = Member(required=True)


def contract(*requests: type[Request[Any]]) -> dict[str, object]:
    """The contract file of these requests."""
    return contract_file(Catalog(SERVICE, dict.fromkeys(requests, nothing)))


def changes(old: type[Request[Any]], new: type[Request[Any]]) -> list[tuple[ChangeKind, str, bool]]:
    """The changes between two contracts of one operation: kind, subject, whether it is breaking."""
    return [(each.kind, each.subject, each.breaking) for each in compare(contract(old), contract(new))]


def sent(old: Members, new: Members) -> list[tuple[ChangeKind, str, bool]]:
    """The changes of a request."""
    return changes(request(old), request(new))


def received(old: Members, new: Members) -> list[tuple[ChangeKind, str, bool]]:
    """The changes of a response."""
    return changes(request(answer=message("Told", old)), request(answer=message("Told", new)))


def test_a_contract_is_the_same_as_itself() -> None:
    """A contract has no changes from itself."""
    assert [] == compare(contract_file(shop()), contract_file(shop()))


def test_an_operation_that_is_gone_breaks() -> None:
    """Removing an operation is breaking."""
    old, new = contract(request(), request(name="Other")), contract(request())
    assert [Change(ChangeKind.OPERATION_REMOVED, "Other", "", breaking=True)] == compare(old, new)


def test_an_operation_that_is_added_breaks_nothing() -> None:
    """Adding an operation is compatible."""
    old, new = contract(request()), contract(request(), request(name="Other"))
    assert [Change(ChangeKind.OPERATION_ADDED, "Other", "", breaking=False)] == compare(old, new)


def test_a_route_that_is_gone_breaks_and_one_that_is_added_does_not() -> None:
    """Removing a route is breaking and adding one is compatible, so a moved route causes both changes."""
    found = compare(contract(request(routes=[Route("/old")])), contract(request(routes=[Route("/new")])))
    expected = [
        Change(ChangeKind.ROUTE_REMOVED, "Ask", "/old", breaking=True),
        Change(ChangeKind.ROUTE_ADDED, "Ask", "/new", breaking=False),
    ]
    assert expected == found


def test_a_route_is_the_same_when_only_its_placeholder_or_casing_differs() -> None:
    """Placeholder names and casing are not part of a route's shape."""
    old = request({"first": str}, routes=[Route("/things/{First}")])
    new = request({"first": str, "second": str | None}, routes=[Route("/Things/{Second}")])
    assert [(ChangeKind.MEMBER_ADDED, "Ask.Second", False)] == changes(old, new)


def test_a_method_that_a_route_answers_no_longer_breaks() -> None:
    """Removing a method of a route is breaking, adding one is compatible."""
    old, new = (request(routes=[Route("/things", verbs=verbs)]) for verbs in (("PUT", "POST"), ("POST", "PATCH")))
    expected = [
        Change(ChangeKind.METHOD_REMOVED, "Ask", "PUT at /things", breaking=True),
        Change(ChangeKind.METHOD_ADDED, "Ask", "PATCH at /things", breaking=False),
    ]
    assert expected == compare(contract(old), contract(new))


def test_a_route_that_named_its_methods_and_answers_all_breaks_nothing() -> None:
    """A route that supported some methods and now supports all is a compatible change."""
    old, new = request(routes=[Route("/things", verbs=("PUT",))]), request(routes=[Route("/things")])
    assert {(ChangeKind.METHOD_ADDED, "Ask", False)} == set(changes(old, new))


def test_an_operation_that_changes_state_now_no_longer_answers_get() -> None:
    """An operation that starts to change state loses GET, even if its routes allow it."""
    expected = [
        Change(ChangeKind.METHOD_REMOVED, "Ask", "GET", breaking=True),
        Change(ChangeKind.METHOD_REMOVED, "Ask", "HEAD", breaking=True),
    ]
    assert expected == compare(contract(request(changes_state=False)), contract(request()))


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        (None, "Told", [(ChangeKind.RESPONSE_ADDED, "Ask", False)]),
        ("Told", None, [(ChangeKind.RESPONSE_REMOVED, "Ask", True)]),
        ("Told", "Said", [(ChangeKind.RESPONSE_CHANGED, "Ask", True)]),
    ],
)
def test_another_response_breaks_and_a_first_one_does_not(old: str | None, new: str | None, expected: object) -> None:
    """Changing a response is breaking; adding one is compatible, because clients ignore it."""
    before, after = (request(answer=message(name) if name else None) for name in (old, new))
    assert expected == changes(before, after)


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        (Public, Authenticated, [(ChangeKind.ACCESS_STRICTER, "sign-in", True)]),
        (Authenticated, RoleHolder("clerk"), [(ChangeKind.ACCESS_STRICTER, "role clerk", True)]),
        (Authenticated, Public, [(ChangeKind.ACCESS_LOOSER, "sign-in", False)]),
        (
            RoleHolder("clerk"),
            RoleHolder("boss"),
            [(ChangeKind.ACCESS_STRICTER, "role boss", True), (ChangeKind.ACCESS_LOOSER, "role clerk", False)],
        ),
    ],
)
def test_stricter_access_breaks_and_looser_does_not(old: Access, new: Access, expected: object) -> None:
    """Stricter access is breaking and looser access is not; replacing a role causes both changes."""
    found = compare(contract(request(access=old)), contract(request(access=new)))
    assert expected == [(each.kind, each.detail, each.breaking) for each in found]


@pytest.mark.parametrize("way", [sent, received])
def test_a_member_that_is_gone_breaks(way: Any) -> None:
    """Removing a member is breaking in requests and responses."""
    ((kind, _, breaking),) = way({"name": str | None}, {})
    assert (ChangeKind.MEMBER_REMOVED, True) == (kind, breaking)


@pytest.mark.parametrize("way", [sent, received])
def test_a_member_that_is_added_breaks_nothing(way: Any) -> None:
    """Adding a member is compatible in requests and responses."""
    ((kind, _, breaking),) = way({}, {"name": str | None})
    assert (ChangeKind.MEMBER_ADDED, False) == (kind, breaking)


@pytest.mark.parametrize("way", [sent, received])
def test_another_type_breaks(way: Any) -> None:
    """Changing the type of a member is breaking in requests and responses."""
    ((kind, _, breaking),) = way({"size": int}, {"size": Guid})
    assert (ChangeKind.TYPE_CHANGED, True) == (kind, breaking)


def test_a_changed_type_says_both() -> None:
    """The detail of a type change has both types in .NET's notation."""
    (change,) = compare(contract(request({"ids": list[str]})), contract(request({"ids": list[Guid]})))
    assert ("Ask.Ids", "from List<String> to List<Guid>") == (change.subject, change.detail)


def test_a_required_member_that_is_added_breaks() -> None:
    """Adding a required member to a request is breaking, because no client sends it."""
    assert [(ChangeKind.REQUIRED_MEMBER_ADDED, "Ask.Name", True)] == sent({}, {"name": Annotated[str, REQUIRED]})


def test_a_member_that_must_be_given_now_breaks() -> None:
    """Making a request member required is breaking, making it optional is compatible."""
    free, must = {"id": Guid}, {"id": Annotated[Guid, REQUIRED]}
    assert [(ChangeKind.MADE_REQUIRED, "Ask.Id", True)] == sent(free, must)
    assert [(ChangeKind.MADE_OPTIONAL, "Ask.Id", False)] == sent(must, free)


@pytest.mark.parametrize("annotation", [bool, list[str], bool | None])
def test_a_list_or_bool_marked_required_may_be_absent(annotation: Any) -> None:
    """Marking a list or bool as required is compatible, because clients may still omit it."""
    assert [(ChangeKind.MEMBER_ADDED, "Ask.Some", False)] == sent({}, {"some": Annotated[annotation, REQUIRED]})


def test_enforced_takes_precedence_over_the_mark() -> None:
    """`enforced` takes precedence over the required mark."""
    free = Annotated[str | None, Member(required=True, enforced=False)]
    must = Annotated[list[str], Member(enforced=True)]
    assert [(ChangeKind.MEMBER_ADDED, "Ask.Some", False)] == sent({}, {"some": free})
    assert [(ChangeKind.REQUIRED_MEMBER_ADDED, "Ask.Some", True)] == sent({}, {"some": must})


def test_the_required_mark_in_a_response_is_ignored() -> None:
    """The required mark in a response has no effect on clients."""
    assert [] == received({"id": Guid}, {"id": Annotated[Guid, REQUIRED]})


@pytest.mark.parametrize("annotation", [int, str, list[int]])
def test_a_response_member_that_becomes_nullable_breaks(annotation: Any) -> None:
    """A member that becomes nullable is breaking in a response and compatible in a request."""
    plain, nullable = {"some": annotation}, {"some": annotation | None}
    assert [(ChangeKind.MADE_NULLABLE, "Told.Some", True)] == received(plain, nullable)
    assert [(ChangeKind.MADE_NULLABLE, "Ask.Some", False)] == sent(plain, nullable)


@pytest.mark.parametrize("annotation", [int, str, list[int]])
def test_a_request_member_that_stops_being_nullable_breaks(annotation: Any) -> None:
    """A member that stops being nullable is breaking in a request and compatible in a response."""
    plain, nullable = {"some": annotation}, {"some": annotation | None}
    assert [(ChangeKind.MADE_NOT_NULL, "Ask.Some", True)] == sent(nullable, plain)
    assert [(ChangeKind.MADE_NOT_NULL, "Told.Some", False)] == received(nullable, plain)


def test_a_name_of_an_enumeration_that_is_gone_breaks() -> None:
    """Removing a wire name of an enumeration is breaking, adding one is compatible."""
    old, new = enum.Enum("Tone", {"A": "a b", "B": "b"}), enum.Enum("Tone", {"A": "a c", "B": "b"})
    found = compare(contract(request({"tone": old})), contract(request({"tone": new})))
    expected = [
        Change(ChangeKind.NAME_REMOVED, "Tone", "a b", breaking=True),
        Change(ChangeKind.NAME_ADDED, "Tone", "a c", breaking=False),
    ]
    assert expected == found


def test_messages_inside_messages_are_compared() -> None:
    """Nested messages are compared at any depth and reported by their own names."""
    old, new = (message("Part", {"name": annotation}) for annotation in (str | None, int))
    before, after = ({"wrapped": list[message("Wrap", {"parts": dict[str, part]})]} for part in (old, new))  # type: ignore[misc,valid-type]
    assert ("Part.Name", True) in [(subject, breaking) for _, subject, breaking in sent(before, after)]


def test_a_message_that_holds_itself_is_compared() -> None:
    """A message that contains itself is compared once."""

    class Tree(Message):
        branches: "list[Tree]" = []  # noqa: RUF012 - read as a member

    Tree.__annotations__["branches"] = list[Tree]
    assert [] == sent({"tree": Tree}, {"tree": Tree})


def test_a_member_that_moves_to_a_base_type_changes_nothing() -> None:
    """Moving a member to a base type is not a change."""
    base = message("Base", {"size": int})
    assert [] == changes(request({"size": int}), request(base=base))


def test_a_change_in_a_base_type_is_reported_for_each_derived_type() -> None:
    """A change in a base type is reported for each derived type."""
    old, new = (request(base=message("Base", members)) for members in ({"size": int}, {}))
    assert [(ChangeKind.MEMBER_REMOVED, "Ask.Size", True)] == changes(old, new)


def test_a_type_that_no_longer_is_used_is_not_compared() -> None:
    """A type that is no longer used is not compared; the member that used it is reported instead."""
    part = message("Part", {"size": int})
    assert [(ChangeKind.TYPE_CHANGED, "Ask.Part", True)] == sent({"part": part | None}, {"part": str | None})


def test_a_type_is_compared_only_for_the_way_that_it_travelled() -> None:
    """A type is compared as a request or response type only if it was used in that direction before."""
    old, new = (message("Part", {"id": annotation}) for annotation in (Guid, Annotated[Guid, REQUIRED]))
    before = request(answer=message("Told", {"part": old}))
    after = request({"part": new | None}, answer=message("Told", {"part": new}))
    assert [(ChangeKind.MEMBER_ADDED, "Ask.Part", False)] == changes(before, after)


def test_another_namespace_breaks() -> None:
    """Changing a namespace is breaking for XML and for generated .NET sources."""
    old, new = contract_file(shop()), contract_file(shop())
    new["operations"] = [_moved(each) for each in new["operations"]]  # type: ignore[attr-defined]
    found = compare(old, new)
    assert ("AddOrder", "from Acme.Shop to Acme.Store") in [(each.subject, each.detail) for each in found]
    assert {(ChangeKind.NAMESPACE_CHANGED, True)} == {(each.kind, each.breaking) for each in found}


def _moved(operation: Any) -> Any:
    return {**operation, "request": {**operation["request"], "namespace": "Acme.Store"}}


def test_descriptions_are_ignored() -> None:
    """Changed descriptions are not a change of the contract."""
    assert [] == sent({"name": Annotated[str, Member("Old.")]}, {"name": Annotated[str, Member("New.")]})


def test_a_file_that_is_not_a_contract_is_refused() -> None:
    """A file that is not a contract is refused with the reason."""
    with pytest.raises(NotAContract, match="operations"):
        compare({"types": []}, contract(request()))


def test_a_file_of_another_host_is_read() -> None:
    """A file of another host is read: additional properties are ignored and missing ones take defaults."""
    theirs = {"name": "Ask", "properties": [{"name": "Id", "type": "Guid", "isValueType": True, "icon": {}}]}
    other = {"operations": [{"request": theirs, "routes": [{"path": "/ask", "verbs": "GET POST"}], "ui": {}}]}
    assert [] == compare(other, other)


def test_breaking_changes_come_first() -> None:
    """Breaking changes are listed first, then changes are sorted by subject."""
    found = changes(request({"b": int, "c": int}), request({"a": int, "c": Guid}))
    assert ["Ask.B", "Ask.C", "Ask.A"] == [subject for _, subject, _ in found]


def test_the_description_says_each_change_under_its_heading() -> None:
    """The description has one line for each change under its heading."""
    found = compare(contract(request({"size": int})), contract(request({"size": Guid, "name": str})))
    expected = (
        "Breaking (1):\n  Ask.Size: type changed, from Int32 to Guid\n\nCompatible (1):\n  Ask.Name: member added\n"
    )
    assert expected == describe(found)


def test_description_of_equal_contracts() -> None:
    """Equal contracts are described in words."""
    assert "The contracts are the same.\n" == describe([])


TYPES: st.SearchStrategy[Any] = st.deferred(
    lambda: (
        st.sampled_from([str, bool, int, float, Guid, enum.Enum("Tone", {"A": "a", "B": "b"})])
        | TYPES.map(lambda inner: list[inner])  # type: ignore[valid-type]
        | TYPES.map(lambda inner: inner | None)
        | MEMBERS.map(lambda members: message(f"Part{len(members)}{'_'.join(sorted(members))}", members))
    )
)
MEMBERS: st.SearchStrategy[Members] = st.dictionaries(
    st.sampled_from(["alpha", "beta", "gamma"]),
    st.tuples(TYPES, st.booleans()).map(lambda drawn: Annotated[drawn[0], Member(required=drawn[1])]),
    max_size=3,
)
REQUESTS = st.builds(
    request,
    MEMBERS,
    answer=st.none() | MEMBERS.map(lambda members: message("Told", members)),
    routes=st.lists(st.sampled_from([Route("/a"), Route("/b", verbs=("PUT",)), Route("/c")]), unique_by=id),
    access=st.sampled_from([Public, Authenticated, RoleHolder("clerk")]),
    changes_state=st.booleans(),
)
OPPOSITES = {
    ChangeKind.OPERATION_REMOVED: ChangeKind.OPERATION_ADDED,
    ChangeKind.ROUTE_REMOVED: ChangeKind.ROUTE_ADDED,
    ChangeKind.METHOD_REMOVED: ChangeKind.METHOD_ADDED,
    ChangeKind.RESPONSE_REMOVED: ChangeKind.RESPONSE_ADDED,
    ChangeKind.ACCESS_STRICTER: ChangeKind.ACCESS_LOOSER,
    ChangeKind.MEMBER_REMOVED: ChangeKind.MEMBER_ADDED,
    ChangeKind.MADE_REQUIRED: ChangeKind.MADE_OPTIONAL,
    ChangeKind.MADE_NULLABLE: ChangeKind.MADE_NOT_NULL,
    ChangeKind.NAME_REMOVED: ChangeKind.NAME_ADDED,
}


@given(REQUESTS)
def test_every_contract_is_the_same_as_itself(made: type[Request[Any]]) -> None:
    """No generated contract has changes from itself."""
    assert [] == compare(contract(made), contract(made))


@given(REQUESTS, REQUESTS)
def test_removals_and_additions_are_symmetric(old: type[Request[Any]], new: type[Request[Any]]) -> None:
    """Each removal in one direction is an addition in the other direction."""
    there = {(each.subject, _plain(each.kind)) for each in compare(contract(old), contract(new))}
    back = {(each.subject, _opposite(each.kind)) for each in compare(contract(new), contract(old))}
    assert there == back


def _plain(kind: ChangeKind) -> ChangeKind:
    return ChangeKind.MEMBER_ADDED if kind is ChangeKind.REQUIRED_MEMBER_ADDED else kind


def _opposite(kind: ChangeKind) -> ChangeKind:
    both = OPPOSITES | {added: removed for removed, added in OPPOSITES.items()}
    return both.get(_plain(kind), kind)
