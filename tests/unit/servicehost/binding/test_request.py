"""Tests of the merge of path, query, form and body."""

import enum
from datetime import UTC, datetime
from typing import Annotated, Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.support.refusals import facts, facts_of

from servicehost.binding.pairs import NO_PAIRS, Pairs, parse_pairs
from servicehost.binding.request import NO_BODY, Binding, BodyPart, UnreadableRouteValue
from servicehost.binding.texts import TextMembers
from servicehost.contract.errors import ConflictingValues, FieldError, InvalidFields, UnreadableMembers
from servicehost.contract.messages import Member, Message, Request
from servicehost.contract.scalars import EMPTY_GUID, Guid
from servicehost.contract.types import TypeModel
from servicehost.formats.codec import Style
from servicehost.formats.json import compile_reader

ID = Guid("0193a1b2-0000-7000-8000-000000000001")
OTHER_ID = Guid("0193a1b2-0000-7000-8000-000000000002")


class Colour(enum.StrEnum):
    """An enumeration."""

    RED = "Red"
    BLUE = "Blue"


class Wish(Request[None]):
    """A request with a member of each kind that binding treats differently."""

    wish_id: Annotated[Guid, Member(required=True)]
    first_name: Annotated[str | None, Member(required=True, enforced=False)] = None
    friend_id: Annotated[Guid | None, Member()] = None
    count: Annotated[int, Member()] = 0
    loud: Annotated[bool, Member(required=True)] = False
    tags: Annotated[list[str], Member(required=True)]
    colour: Annotated[Colour | None, Member()] = None
    due: Annotated[datetime | None, Member()] = None
    action: Annotated[str | None, Member(published=False)] = None


class Signing(Request[None]):
    """A request whose members are all enforced."""

    user_name: Annotated[str, Member(required=True)]
    password: Annotated[str | None, Member(required=True)] = None
    licensee_id: Annotated[Guid, Member(required=True)]
    roles: Annotated[list[str], Member(enforced=True)]


def binding(
    *placeholders: str, sets: dict[str, str] | None = None, body_wins: bool = False, request: type[Message] = Wish
) -> Binding:
    """The binding of a request on a path with placeholders."""
    model = TypeModel().message(request)
    return Binding(model, TextMembers(model), placeholders=placeholders, sets=sets, body_wins=body_wins)


def json_body(text: str, request: type[Message] = Wish) -> BodyPart:
    """The members read from a JSON body."""
    read = compile_reader(TypeModel().message(request), Style("urn:demo"))
    try:
        return BodyPart(read(text.encode()))
    except UnreadableMembers as error:
        return BodyPart(error.values or {}, error.fields, whole=error.values is not None)


def bind(
    bound: Binding, path: tuple[str | None, ...] = (), query: str = "", form: str = "", body: BodyPart = NO_BODY
) -> dict[str, Any]:
    """The members of the bound request."""
    return msgspec.structs.asdict(bound.bind(path, pairs(query), pairs(form), body))


def pairs(text: str) -> Pairs:
    """The pairs of a query or form."""
    return parse_pairs(text.encode()) if text else NO_PAIRS


def errors(
    bound: Binding, path: tuple[str | None, ...] = (), query: str = "", form: str = "", body: BodyPart = NO_BODY
) -> list[tuple[str, str]]:
    """The fields that are refused, with their codes."""
    with pytest.raises(InvalidFields) as refused:
        bind(bound, path, query, form, body)
    return [(problem.field, problem.code) for problem in refused.value.fields]


def test_absent_members() -> None:
    """Absent members have their default, or the empty value of their type."""
    expected: dict[str, object] = {
        "wish_id": ID,
        "first_name": None,
        "friend_id": None,
        "count": 0,
        "loud": False,
        "tags": [],
        "colour": None,
        "due": None,
        "action": None,
    }

    assert expected == bind(binding("WishId"), (ID,))


def test_lists_are_not_shared() -> None:
    """Every request has its own empty list."""
    bound = binding("WishId")
    first = bind(bound, (ID,))["tags"]
    first.append("x")

    assert bind(bound, (ID,))["tags"] == []


def test_typed_texts() -> None:
    """Texts of a query are converted to the declared types, with names in any casing."""
    query = f"WISHID={ID.replace('-', '')}&count=7&Loud=1&tags=a,b&Colour=blue&due=2026-11-14T22:13:20Z&firstName=a+b"
    bound = bind(binding(), query=query)

    assert bound == {
        "wish_id": ID,
        "first_name": "a b",
        "friend_id": None,
        "count": 7,
        "loud": True,
        "tags": ["a", "b"],
        "colour": Colour.BLUE,
        "due": datetime(2026, 11, 14, 22, 13, 20, tzinfo=UTC),
        "action": None,
    }


def test_repeated_names_are_joined() -> None:
    """The values of a repeated name, in any casing, form one list."""
    assert bind(binding("WishId"), (ID,), query="Tags=a,b&tags=c")["tags"] == ["a", "b", "c"]


@pytest.mark.parametrize("query", ["Count=", "Count", "Nope=1", "format=csv&callback=x&jsconfig=eccn", "debug&_=1"])
def test_ignored_names_in_a_query(query: str) -> None:
    """Names without a value, unknown names and the host's own parameters are ignored."""
    assert bind(binding("WishId"), (ID,)) == bind(binding("WishId"), (ID,), query=query)


def test_unmatched_placeholder() -> None:
    """An empty wildcard and an ignored placeholder set no member."""
    assert bind(binding("ignore", "FirstName", "WishId"), ("x", None, ID))["first_name"] is None


VALUES = st.none() | st.sampled_from(["one", "two"])


@given(query=VALUES, form=VALUES, body=VALUES)
def test_precedence_on_declared_routes(query: str | None, form: str | None, body: str | None) -> None:
    """On declared routes the form overrides the query, and both override the body."""
    given_body = json_body(f'{{"FirstName":"{body}"}}') if body else NO_BODY
    bound = bind(
        binding("WishId"),
        (ID,),
        query=f"FirstName={query}" if query else "",
        form=f"FirstName={form}" if form else "",
        body=given_body,
    )

    assert (form or query or body) == bound["first_name"]


@given(query=VALUES, form=VALUES, body=VALUES | st.just(""))
def test_precedence_on_predefined_routes(query: str | None, form: str | None, body: str | None) -> None:
    """On predefined routes the body counts, and query and form supply absent or empty members."""
    given_body = json_body(f'{{"FirstName":"{body}"}}') if body is not None else NO_BODY
    bound = bind(
        binding(body_wins=True),
        query=f"WishId={ID}" + (f"&FirstName={query}" if query else ""),
        form=f"FirstName={form}" if form else "",
        body=given_body,
    )

    assert (body or form or query or body) == bound["first_name"]


@pytest.mark.parametrize(("text", "expected"), [('{"Count":0}', 0), ('{"Count":null}', 5), ("{}", 5)])
def test_zero_in_a_body_is_a_value(text: str, expected: int) -> None:
    """On predefined routes zero in the body is a value and is not replaced."""
    bound = bind(binding(body_wins=True), query=f"WishId={ID}&Count=5", body=json_body(text))

    assert expected == bound["count"]


PLACES = st.sampled_from(["query", "form", "body"])


@given(place=PLACES, value=st.sampled_from([ID, OTHER_ID, EMPTY_GUID]), predefined=st.booleans())
def test_contradiction_of_the_path(place: str, value: str, predefined: bool) -> None:
    """A value that contradicts the path is refused in every place; an equal one and `Guid.Empty` are accepted."""
    bound = binding("WishId", body_wins=predefined)
    texts = {"query": "", "form": "", place: f"WishId={value.upper()}"}
    body = json_body(f'{{"WishId":"{value.upper()}"}}') if place == "body" else NO_BODY
    if value == OTHER_ID:
        with pytest.raises(ConflictingValues) as refused:
            bind(bound, (ID,), query=texts["query"], form=texts["form"], body=body)
        assert [problem.field for problem in refused.value.fields] == ["WishId"]
    else:
        assert ID == bind(bound, (ID,), query=texts["query"], form=texts["form"], body=body)["wish_id"]


def test_contradiction_below_another_place() -> None:
    """A contradicting value is refused even if another place overrides it."""
    assert facts(ConflictingValues("WishId", ID, OTHER_ID)) == facts_of(
        lambda: bind(binding("WishId"), (ID,), query=f"WishId={ID}", body=json_body(f'{{"WishId":"{OTHER_ID}"}}'))
    )


def test_a_contradiction_is_shown_by_its_beginning() -> None:
    """The error quotes at most 64 characters of either value."""
    assert facts(ConflictingValues("FirstName", "x" * 64, "y" * 64)) == facts_of(
        lambda: bind(binding("WishId", "FirstName"), (ID, "x" * 65), query=f"FirstName={'y' * 65}")
    )


def test_the_body_goes_below_the_query_unless_said_otherwise() -> None:
    """By default query and form override the body."""
    model = TypeModel().message(Wish)
    bound = bind(Binding(model, TextMembers(model)), query=f"WishId={ID}&Count=5", body=json_body('{"Count":7}'))

    assert bound["count"] == 5


def test_placeholders_and_texts_go_together() -> None:
    """A different number of texts and placeholders is a programming error."""
    with pytest.raises(ValueError, match="shorter"):
        bind(binding("WishId", "Count"), (ID,))


@pytest.mark.parametrize("text", ['{"Count":7}', '{"Count":"07"}', "{}", '{"Count":null}'])
def test_typed_values_are_compared(text: str) -> None:
    """Two texts of one value do not contradict each other."""
    assert bind(binding("WishId", "Count"), (ID, "7"), body=json_body(text))["count"] == 7


def test_route_value() -> None:
    """A route sets fixed values of members."""
    assert bind(binding("WishId", sets={"Action": "cancel"}), (ID,))["action"] == "cancel"


@pytest.mark.parametrize(
    ("query", "body"), [("action=cancel", "{}"), ("", '{"Action":"cancel"}'), ("", '{"Action":""}')]
)
def test_route_value_repeated(query: str, body: str) -> None:
    """A value that a route fixes may be sent as well."""
    bound = binding("WishId", sets={"Action": "cancel"})

    assert bind(bound, (ID,), query=query, body=json_body(body))["action"] == "cancel"


@pytest.mark.parametrize(("query", "body"), [("action=remove", "{}"), ("", '{"action":"remove"}')])
def test_route_value_contradicted(query: str, body: str) -> None:
    """A value that contradicts the route's is refused."""
    with pytest.raises(ConflictingValues):
        bind(binding("WishId", sets={"Action": "cancel"}), (ID,), query=query, body=json_body(body))


@pytest.mark.parametrize(
    ("sets", "message"),
    [
        ({"Nope": "1"}, "A route sets 'Nope', which is not a member of its request"),
        ({"Count": "many"}, "A route sets 'Count' to 'many', which is not a valid value"),
    ],
)
def test_route_value_that_does_not_fit(sets: dict[str, str], message: str) -> None:
    """A route that sets an unknown member or an invalid value is refused at start-up."""
    with pytest.raises(UnreadableRouteValue) as refused:
        binding("WishId", sets=sets)

    assert str(refused.value) == message


def test_all_errors_at_once() -> None:
    """Errors of path, query, form and body are reported together, followed by missing members."""
    refused = errors(
        binding("LicenseeId", request=Signing),
        ("no-guid",),
        query="Roles=[",
        body=json_body('{"UserName":{}}', Signing),
    )

    assert refused == [
        ("LicenseeId", "SerializationException"),
        ("Roles", "SerializationException"),
        ("UserName", "SerializationException"),
        ("Password", "NotEmpty"),
    ]


class Nested(Message):
    """A message inside another."""

    count: int = 0


class Container(Request[None]):
    """A request whose enforced members have parts."""

    ids: Annotated[list[Guid], Member(enforced=True)]
    inner: Annotated[Nested | None, Member(required=True, enforced=True)] = None
    place: Annotated[Nested, Member()]
    size: Annotated[int, Member()]
    name: Annotated[str, Member()]


@pytest.mark.parametrize("query", ["ids[]=x&inner.count=y", "ids[0]=x&inner[count]=y"])
def test_a_member_with_a_wrong_part_is_not_missing(query: str) -> None:
    """A member with a wrong part is reported once, not also as missing."""
    assert ["Ids[0]", "Inner.Count"] == [field for field, _ in errors(binding(request=Container), query=query)]


def test_absent_members_without_default() -> None:
    """Absent members without a default have the empty value of their type."""
    bound = bind(binding(request=Container), query=f"ids={ID}&inner.count=1")

    assert bound == {"ids": [ID], "inner": Nested(count=1), "place": Nested(), "size": 0, "name": ""}


def test_errors_in_every_place() -> None:
    """All places are read completely, and errors are in the order path, query, form, body."""
    refused = errors(
        binding("WishId"), ("no-guid",), query="Count=x", form="Due=never", body=json_body('{"Colour":"Green"}')
    )

    assert [field for field, _ in refused] == ["WishId", "Count", "Due", "Colour"]


def test_message_of_an_unreadable_value() -> None:
    """The error message contains the value and the expected value."""
    with pytest.raises(InvalidFields) as refused:
        bind(binding("WishId"), (ID,), query="Count=abc")

    assert refused.value.fields[0].message.startswith("'abc' is an Invalid value for 'Count': expected a whole number")
    assert refused.value.message.startswith("Unable to bind to request 'Wish'.")


@pytest.mark.parametrize(
    "body",
    [
        "{}",
        '{"UserName":"","Password":"","LicenseeId":"00000000-0000-0000-0000-000000000000","Roles":[]}',
        '{"UserName":null,"Password":null,"LicenseeId":null,"Roles":null}',
    ],
)
def test_missing_members(body: str) -> None:
    """If a value is required, null, an empty text, `Guid.Empty` and an empty list count as missing."""
    refused = errors(binding(request=Signing), body=json_body(body, Signing))

    assert refused == [(name, "NotEmpty") for name in ("UserName", "Password", "LicenseeId", "Roles")]


def test_message_of_a_missing_member() -> None:
    """The error message names the member in words."""
    with pytest.raises(InvalidFields) as refused:
        bind(binding(request=Signing), query=f"UserName=a&LicenseeId={ID}&Roles=x")

    assert refused.value.fields == (FieldError("Password", "'Password' must not be empty.", "NotEmpty"),)
    assert refused.value.code == "NotEmpty"


def test_words_of_a_name() -> None:
    """A name is split at its capitals."""
    with pytest.raises(InvalidFields) as refused:
        bind(binding())

    assert refused.value.fields[0].message == "'Wish Id' must not be empty."


def test_lists_and_bools_marked_required_may_be_absent() -> None:
    """Required lists and bools may be absent, because published clients omit empty lists and false."""
    assert bind(binding("WishId"), (ID,))["tags"] == []


def test_missing_members_of_an_unknown_body() -> None:
    """Missing members are not reported if the reader does not return the readable members."""
    body = BodyPart(problems=[FieldError("UserName", "wrong")], whole=False)

    assert [("UserName", "SerializationException")] == errors(binding(request=Signing), body=body)


def test_empty_guid_of_an_optional_member() -> None:
    """`Guid.Empty` for a nullable member means null, in every place."""
    body = json_body(f'{{"FriendId":"{EMPTY_GUID}"}}')

    assert bind(binding("WishId"), (ID,), body=body)["friend_id"] is None
    assert bind(binding("WishId"), (ID,), query=f"FriendId={EMPTY_GUID}")["friend_id"] is None


def test_empty_guid_in_the_path() -> None:
    """`Guid.Empty` in the path is an absent value, so another place may give it."""
    body = json_body(f'{{"WishId":"{ID}"}}')

    assert ID == bind(binding("WishId"), (EMPTY_GUID,), body=body)["wish_id"]
    assert [("WishId", "NotEmpty")] == errors(binding("WishId"), (EMPTY_GUID,))


def test_repeated_errors_are_reported_once() -> None:
    """The same error in two places is reported once."""
    assert len(errors(binding("WishId"), (ID,), query="Count=x", form="Count=x")) == 1


@pytest.mark.parametrize(
    ("path", "members", "expected"),
    [
        ([ID], {"wish_id": ID, "action": "end"}, True),
        ([ID.upper()], {"wish_id": ID, "action": "end", "count": 3}, True),
        ([ID], {"wish_id": OTHER_ID, "action": "end"}, False),
        ([ID], {"wish_id": ID, "action": "begin"}, False),
        ([ID], {"wish_id": ID}, False),
        ([None], {"action": "end"}, True),
        (["no-guid"], {"action": "end"}, True),
        (["no-guid"], {"wish_id": ID, "action": "end"}, False),
    ],
)
def test_a_place_agrees_with_a_message(path: list[str | None], members: dict[str, Any], expected: bool) -> None:
    """If the members that the path and the route give have the values of the message; others do not count."""
    place = binding("WishId", sets={"Action": "end"}, request=Placed)

    assert frozenset({"wish_id", "action"}) == place.given
    assert expected == place.agrees(path, Placed(**members))


def test_a_place_without_placeholders_agrees_with_every_message() -> None:
    """It gives nothing."""
    place = binding(request=Placed)

    assert (frozenset(), True) == (place.given, place.agrees((), Placed(wish_id=ID)))


class Placed(Request[None]):
    """Is bound at a place that gives two of its members."""

    wish_id: Guid | None = None
    action: str | None = None
    count: int = 0
