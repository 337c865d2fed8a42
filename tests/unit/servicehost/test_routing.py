"""Tests of path templates and of the table that finds routes."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from servicehost.contract.catalog import Catalog, Service
from servicehost.contract.errors import MalformedAddress
from servicehost.contract.messages import Message, Request, Route
from servicehost.routing import (
    METHODS,
    DuplicateRoute,
    MalformedTemplate,
    RouteCollision,
    Routed,
    Routes,
    UnknownPlaceholder,
    check_routes,
    parse_path,
    parse_template,
)

FORMATS = ("json", "xml", "csv")


def table(*routes: str | tuple[str, str]) -> Routes[str]:
    """Routes that lead to their own template; a pair is a template and its verbs."""
    declared = [(route, "") if isinstance(route, str) else route for route in routes]
    return Routes(
        (Route(template, tuple(verbs.split())), f"{verbs} {template}".strip()) for template, verbs in declared
    )


def found(routes: Routes[str], method: str, raw: str) -> str | None:
    """Where `method` at `raw` leads."""
    routed = routes.find(method, parse_path(raw, FORMATS))
    return routed.target if routed else None


def texts(template: str, raw: str) -> list[str | None]:
    """What the placeholders of a template take from a path."""
    return Routed(Route(template), "").texts(parse_path(raw, FORMATS))


def test_literal_over_placeholder() -> None:
    """Fewer placeholders win."""
    routes = table("/users/{Id}", "/users/me")

    assert found(routes, "GET", "/users/me") == "/users/me"
    assert found(routes, "GET", "/users/7") == "/users/{Id}"


def test_literal_further_left_wins() -> None:
    """A route whose first literal is further left wins, whatever else it has."""
    routes = table("/{Name}/me", "/users/{Id}", "/users/{Path*}")

    assert found(routes, "GET", "/users/me") == "/users/{Id}"
    assert found(routes, "GET", "/others/me") == "/{Name}/me"


def test_wildcard_only_where_nothing_else_answers() -> None:
    """Every route without wildcard beats one with."""
    routes = table("/files/{Path*}", "/{Any}/readme")

    assert found(routes, "GET", "/files/readme") == "/{Any}/readme"
    assert found(routes, "GET", "/files/a/b") == "/files/{Path*}"


def test_wildcard_with_more_segments_before_it() -> None:
    """Of two wildcards the one that takes less wins."""
    routes = table("/files/{Path*}", "/files/images/{Path*}")

    assert found(routes, "GET", "/files/images/a") == "/files/images/{Path*}"


def test_declared_verb_over_all_verbs() -> None:
    """A declared verb outranks All Verbs on the same path, wherever it was declared."""
    routes = table("/public/{Id}/accept", ("/public/{Id}/accept", "GET"))

    assert found(routes, "GET", "/public/7/accept") == "GET /public/{Id}/accept"
    assert found(routes, "POST", "/public/7/accept") == "/public/{Id}/accept"


def test_single_verb_over_several() -> None:
    """A route for one verb outranks one for several, across shapes of equal strength."""
    routes = table(("/a/{X}/c", "GET POST"), ("/a/b/{Y}", "GET"))

    assert found(routes, "GET", "/a/b/c") == "GET /a/b/{Y}"
    assert found(routes, "POST", "/a/b/c") == "GET POST /a/{X}/c"


def test_head_is_get() -> None:
    """HEAD goes where GET goes."""
    assert found(table(("/a", "GET")), "HEAD", "/a") == "GET /a"


def test_head_not_for_post() -> None:
    """HEAD is not answered by a route for POST only."""
    assert found(table(("/a", "POST")), "HEAD", "/a") is None


@pytest.mark.parametrize("method", ["TRACE", "OPTIONS", "FOO"])
def test_all_verbs_are_the_known_ones(method: str) -> None:
    """All Verbs does not stand for what has no meaning here."""
    assert found(table("/a"), method, "/a") is None


def test_methods_of_a_path() -> None:
    """The methods that a path answers are those of all its routes."""
    routes = table(("/a", "GET"), ("/a", "PUT"))

    assert set(routes.methods(parse_path("/a", FORMATS))) == {"GET", "HEAD", "PUT"}


def test_methods_of_an_unknown_path() -> None:
    """A path without routes answers no method."""
    assert table("/a").methods(parse_path("/b", FORMATS)) == {}


@pytest.mark.parametrize("raw", ["/Users/ME", "/users/me/", "//users//me", "users/me"])
def test_slashes_and_casing(raw: str) -> None:
    """Literals match in any casing, and empty segments do not count."""
    assert found(table("/users/me"), "GET", raw) == "/users/me"


def test_values_keep_their_casing() -> None:
    """What a placeholder takes keeps its casing."""
    assert texts("/users/{Name}", "/USERS/Sun") == ["Sun"]


def test_values_are_decoded() -> None:
    """Values are percent-decoded, and an encoded slash stays inside the value."""
    assert texts("/users/{Name}", "/users/a%2Fb%20%C3%A9") == ["a/b \N{LATIN SMALL LETTER E WITH ACUTE}"]


def test_plus_is_a_plus_in_a_path() -> None:
    """Only queries write blanks as plus signs."""
    assert texts("/users/{Name}", "/users/a+b@example.com") == ["a+b@example.com"]


def test_path_that_is_not_utf8() -> None:
    """A path with bytes that are no UTF-8 is refused."""
    with pytest.raises(MalformedAddress):
        parse_path("/users/%FF", FORMATS)


def test_suffix() -> None:
    """A format behind the last dot is cut off and kept apart, in any casing."""
    path = parse_path("/users/7.JSON", FORMATS)

    assert path.segments == ["users", "7"]
    assert path.suffix == "json"


@pytest.mark.parametrize(
    "raw", ["/users/a.txt", "/users/first@example.com", "/users/.json", "/users/a%2Ejson", "/a.json/b"]
)
def test_no_suffix(raw: str) -> None:
    """What is no format behind a plain dot at the very end stays part of the value."""
    assert parse_path(raw, FORMATS).suffix == ""


def test_wildcard_keeps_the_suffix() -> None:
    """A wildcard takes the rest of the path as it was sent."""
    assert texts("/files/{Path*}", "/files/a/b.json") == ["a/b.json"]


def test_wildcard_that_takes_nothing() -> None:
    """A wildcard may be empty, and then gives no value."""
    assert found(table("/files/{Path*}"), "GET", "/files") == "/files/{Path*}"
    assert texts("/files/{Path*}", "/files") == [None]


@pytest.mark.parametrize("template", ["users", "/a?b", "/a&b", "/{a}{b}", "/x{a}", "/{}", "/{a b}", "/{a*}/b", "/{a"])
def test_malformed_template(template: str) -> None:
    """A template is literals and whole placeholders, with a wildcard only at its end."""
    with pytest.raises(MalformedTemplate):
        parse_template(template)


@pytest.mark.parametrize(
    "routes",
    [
        ("/a/{X}", "/A/{Y}"),
        (("/a", "GET POST"), ("/a", "POST")),
        ("/a/{X*}", "/a/{Y*}"),
    ],
)
def test_duplicate_routes(routes: tuple[str | tuple[str, str], ...]) -> None:
    """Two routes for the same paths and verbs are refused at start-up."""
    with pytest.raises(DuplicateRoute):
        table(*routes)


# The rules of the reference, written down as slowly and plainly as possible.

SEGMENTS = st.sampled_from(["a", "b", "c", "{X}", "{Y}"])
TEMPLATES = st.lists(SEGMENTS, min_size=1, max_size=4).filter(lambda parts: any("{" not in part for part in parts))
VERBS = st.sampled_from(["", "GET", "POST", "GET POST"])
DECLARED = st.lists(
    st.tuples(
        st.builds(lambda parts, wild: "/" + "/".join(parts + wild), TEMPLATES, st.sampled_from([[], ["{W*}"]])), VERBS
    ),
    max_size=8,
)


def plainly_found(declared: list[tuple[str, str]], method: str, segments: list[str]) -> str | None:
    """The strongest route, by comparing all of them."""
    candidates = []
    for order, (template, verbs) in enumerate(declared):
        parts = template.strip("/").split("/")
        wild = parts[-1].endswith("*}")
        fixed = parts[:-1] if wild else parts
        fits = len(segments) >= len(fixed) if wild else len(segments) == len(fixed)
        named = verbs.split() or METHODS
        if (
            not fits
            or method not in named
            or any("{" not in p and p != s for p, s in zip(fixed, segments, strict=False))
        ):
            continue
        first = next(index for index, part in enumerate(fixed) if "{" not in part)
        verb_rank = 3 if not verbs else len(verbs.split())
        consumed = len(segments) - len(fixed)
        placeholders = sum("{" in part for part in parts)
        candidates.append(((wild, first, consumed, placeholders, verb_rank, order), f"{verbs} {template}".strip()))
    return min(candidates)[1] if candidates else None


@given(
    declared=DECLARED,
    method=st.sampled_from(["GET", "POST", "PUT"]),
    segments=st.lists(st.sampled_from(["a", "b", "c", "d"]), min_size=1, max_size=5),
)
def test_tables_agree_with_plain_comparison(declared: list[tuple[str, str]], method: str, segments: list[str]) -> None:
    """Looking up finds what comparing all routes one by one finds."""
    try:
        routes = table(*declared)
    except DuplicateRoute:
        return

    assert found(routes, method, "/".join(segments)) == plainly_found(declared, method, segments)


class Answered(Message):
    """An answer."""


async def handle(_message: Message, _call: object) -> None:
    """Answers nothing."""


def catalog(template: str, alias: str = "") -> Catalog:
    """A catalog of two operations, Lookup at the template and Other."""

    class Lookup(Request[Answered]):
        """Looks up."""

        routes = (Route(template),)
        aliases = (alias,) if alias else ()
        name: str | None = None

    class Other(Request[Answered]):
        """Another one."""

    service = Service(name="Demo", public_url="http://127.0.0.1", namespace="urn:demo", clr_namespace="Demo")
    return Catalog(service, {Lookup: handle, Other: handle})


@pytest.mark.parametrize("template", ["/lookups", "/lookups/{Name}", "/lookups/{ignore}", "/other/{name}", "/register"])
def test_routes_that_can_be_reached(template: str) -> None:
    """A route may share a first segment with an operation, and be an alias of its own operation."""
    check_routes(catalog(template, alias="Register"), {"metadata"})


@pytest.mark.parametrize("template", ["/other", "/Lookup", "/metadata", "/metadata/{Name}"])
def test_routes_that_collide(template: str) -> None:
    """A route must not stand where an operation's name or a page of the host is."""
    with pytest.raises(RouteCollision):
        check_routes(catalog(template), {"metadata"})


def test_unknown_placeholder() -> None:
    """A placeholder must name a member."""
    with pytest.raises(UnknownPlaceholder):
        check_routes(catalog("/lookups/{Nope}"), ())


def test_route_without_literal() -> None:
    """A route of placeholders alone would take everything."""
    with pytest.raises(MalformedTemplate):
        check_routes(catalog("/{Name}"), ())
