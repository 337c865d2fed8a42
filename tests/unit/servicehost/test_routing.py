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
    Template,
    UnknownPlaceholder,
    check_routes,
    parse_path,
    parse_template,
    without_empty_segments,
)

FORMATS = ("json", "xml", "csv")


def table(*routes: str | tuple[str, str]) -> Routes[str]:
    """Routes whose target is their own template; a pair is a template and its verbs."""
    declared = [(route, "") if isinstance(route, str) else route for route in routes]
    return Routes(
        (Route(template, tuple(verbs.split())), f"{verbs} {template}".strip()) for template, verbs in declared
    )


def found(routes: Routes[str], method: str, raw: str) -> str | None:
    """The target of `method` at the path `raw`."""
    routed = routes.find(method, parse_path(raw, FORMATS))
    return routed.target if routed else None


def texts(template: str, raw: str) -> list[str | None]:
    """The values of a template's placeholders in a path."""
    return Routed(Route(template), "").texts(parse_path(raw, FORMATS))


def test_literal_over_placeholder() -> None:
    """A route with fewer placeholders takes precedence."""
    routes = table("/users/{Id}", "/users/me")

    assert found(routes, "GET", "/users/me") == "/users/me"
    assert found(routes, "GET", "/users/7") == "/users/{Id}"


def test_literal_further_left_wins() -> None:
    """The route whose first literal is further left takes precedence."""
    routes = table("/{Name}/me", "/users/{Id}", "/users/{Path*}")

    assert found(routes, "GET", "/users/me") == "/users/{Id}"
    assert found(routes, "GET", "/others/me") == "/{Name}/me"


def test_a_wildcard_has_the_lowest_precedence() -> None:
    """A route without a wildcard takes precedence over one with a wildcard."""
    routes = table("/files/{Path*}", "/{Any}/readme")

    assert found(routes, "GET", "/files/readme") == "/{Any}/readme"
    assert found(routes, "GET", "/files/a/b") == "/files/{Path*}"


def test_wildcard_with_more_segments_before_it() -> None:
    """The wildcard route that matches fewer segments with the wildcard takes precedence."""
    routes = table("/files/{Path*}", "/files/images/{Path*}")

    assert found(routes, "GET", "/files/images/a") == "/files/images/{Path*}"


def test_declared_verb_over_all_verbs() -> None:
    """A declared verb takes precedence over All Verbs on the same path, in any order of declaration."""
    routes = table("/public/{Id}/accept", ("/public/{Id}/accept", "GET"))

    assert found(routes, "GET", "/public/7/accept") == "GET /public/{Id}/accept"
    assert found(routes, "POST", "/public/7/accept") == "/public/{Id}/accept"


def test_single_verb_over_several() -> None:
    """A route for one verb takes precedence over one for several, across shapes of equal strength."""
    routes = table(("/a/{X}/c", "GET POST"), ("/a/b/{Y}", "GET"))

    assert found(routes, "GET", "/a/b/c") == "GET /a/b/{Y}"
    assert found(routes, "POST", "/a/b/c") == "GET POST /a/{X}/c"


def test_the_first_of_equally_strong_routes_wins() -> None:
    """Of equally strong routes of different shapes, the one declared first takes precedence."""
    routes = table("/z/b/{Y}", "/a/{X}/c", "/a/b/{Y}")

    assert found(routes, "GET", "/a/b/c") == "/a/{X}/c"
    assert found(table("/a/b/{Y}", "/a/{X}/c"), "GET", "/a/b/c") == "/a/b/{Y}"


def test_a_longer_wildcard_route_does_not_hide_a_shorter_one() -> None:
    """A longer wildcard route does not match a shorter path, nor hide its route."""
    routes = table("/a/b/c/{Path*}", "/a/{Path*}")

    assert found(routes, "GET", "/a/b") == "/a/{Path*}"


def test_routes_without_literals() -> None:
    """Routes without literals match every path of their length, after all others."""
    routes = table("/{Any}", "/{One}/{Two}", "/a")

    assert [found(routes, "GET", raw) for raw in ("/a", "/b", "/a/b")] == ["/a", "/{Any}", "/{One}/{Two}"]


@pytest.mark.parametrize(
    ("verbs", "expected"),
    [
        ((), {"GET": (3, 5), "HEAD": (3, 5), "POST": (3, 5), "TRACE": None}),
        (("get",), {"GET": (1, 5), "HEAD": (1, 5), "POST": None, "TRACE": None}),
        (("POST",), {"GET": None, "HEAD": None, "POST": (1, 5), "TRACE": None}),
        (("GET", "POST"), {"GET": (2, 5), "HEAD": (2, 5), "POST": (2, 5), "TRACE": None}),
        (("TRACE",), {"GET": None, "HEAD": None, "POST": None, "TRACE": (1, 5)}),
    ],
)
def test_rank(verbs: tuple[str, ...], expected: dict[str, tuple[int, int] | None]) -> None:
    """Routes rank by one verb, several verbs, all verbs, then by order of declaration."""
    routed = Routed(Route("/a", verbs), "", 5)

    assert {method: routed.rank(method) for method in expected} == expected


def test_a_route_alone_is_the_first() -> None:
    """The order of a single route is 0."""
    assert (Routed(Route("/a"), "").rank("GET"), Routed(Route("/a"), "target").target) == ((3, 0), "target")


@pytest.mark.parametrize("verbs", [("GET", "HEAD"), ("HEAD", "GET")])
def test_head_goes_to_the_first_that_answers_it(verbs: tuple[str, str]) -> None:
    """Routes for HEAD and for GET are equally strong for HEAD, so the first one counts."""
    assert found(table(*(("/a", verb) for verb in verbs)), "HEAD", "/a") == f"{verbs[0]} /a"


def test_several_verbs_over_all_verbs() -> None:
    """Several verbs take precedence over All Verbs, in any order of declaration."""
    routes = table("/a", ("/a", "GET POST"))

    assert [found(routes, method, "/a") for method in ("GET", "POST", "PUT")] == ["GET POST /a"] * 2 + ["/a"]


@pytest.mark.parametrize(
    ("raw", "expected"),
    [("", ""), ("/", "/"), ("//", "/"), ("/a/b", "/a/b"), ("//a///b//", "/a/b/"), ("/%2F/a", "/%2F/a")],
)
def test_empty_segments(raw: str, expected: str) -> None:
    """Each run of slashes counts as one slash; encoded slashes do not."""
    assert without_empty_segments(raw) == expected


@pytest.mark.parametrize(
    ("raw", "segments", "suffix", "whole"),
    [
        ("", [], "", []),
        ("/", [], "", []),
        ("/a.json", ["a"], "json", ["a.json"]),
        ("/a.b.XML", ["a.b"], "xml", ["a.b.XML"]),
        ("/A/b.c/d.csv", ["A", "b.c", "d"], "csv", ["A", "b.c", "d.csv"]),
        ("/a/b/c.txt", ["a", "b", "c.txt"], "", ["a", "b", "c.txt"]),
        ("/a%20b.json", ["a b"], "json", ["a b.json"]),
        ("/a.%6Ason", ["a.json"], "", ["a.json"]),
    ],
)
def test_paths(raw: str, segments: list[str], suffix: str, whole: list[str]) -> None:
    """A path is split into segments, and its suffix is removed if it names a format."""
    path = parse_path(raw, FORMATS)

    assert (path.segments, path.suffix, path.whole) == (segments, suffix, whole)
    assert path.lowered == [segment.lower() for segment in segments]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("/", Template((), (), None)),
        ("/Users//{Id}/", Template(("users", None), (("Id", 1),), None)),
        ("/{A}/b/{C}/{Rest*}", Template((None, "b", None), (("A", 0), ("C", 2)), "Rest")),
        ("/{Rest*}", Template((), (), "Rest")),
    ],
)
def test_templates(text: str, expected: Template) -> None:
    """A template has literals in lower case, placeholders with their positions, and the wildcard."""
    assert parse_template(text) == expected


def test_names_and_literals_of_a_template() -> None:
    """The wildcard's name is the last one."""
    template = parse_template("/{A}/b/{C}/{Rest*}")

    assert (template.names, template.literals) == (("A", "C", "Rest"), (1,))
    assert (parse_template("/a").names, parse_template("/a/b").literals) == ((), (0, 1))


def test_head_is_get() -> None:
    """HEAD is routed like GET."""
    assert found(table(("/a", "GET")), "HEAD", "/a") == "GET /a"


def test_head_not_for_post() -> None:
    """A route for POST only does not support HEAD."""
    assert found(table(("/a", "POST")), "HEAD", "/a") is None


@pytest.mark.parametrize("method", ["TRACE", "OPTIONS", "FOO"])
def test_all_verbs_are_the_known_ones(method: str) -> None:
    """All Verbs does not include other methods."""
    assert found(table("/a"), method, "/a") is None


def test_methods_of_a_path() -> None:
    """The methods of a path are those of all its routes."""
    routes = table(("/a", "GET"), ("/a", "PUT"))

    assert set(routes.methods(parse_path("/a", FORMATS))) == {"GET", "HEAD", "PUT"}


def test_methods_of_an_unknown_path() -> None:
    """A path without routes has no methods."""
    assert table("/a").methods(parse_path("/b", FORMATS)) == {}


@pytest.mark.parametrize("raw", ["/Users/ME", "/users/me/", "//users//me", "users/me"])
def test_slashes_and_casing(raw: str) -> None:
    """Literals match in any casing, and empty segments are ignored."""
    assert found(table("/users/me"), "GET", raw) == "/users/me"


def test_values_keep_their_casing() -> None:
    """Values of placeholders keep their casing."""
    assert texts("/users/{Name}", "/USERS/Sun") == ["Sun"]


def test_values_are_decoded() -> None:
    """Values are percent-decoded, and an encoded slash is part of the value."""
    assert texts("/users/{Name}", "/users/a%2Fb%20%C3%A9") == ["a/b \N{LATIN SMALL LETTER E WITH ACUTE}"]


def test_plus_is_a_plus_in_a_path() -> None:
    """A plus sign in a path is not a blank."""
    assert texts("/users/{Name}", "/users/a+b@example.com") == ["a+b@example.com"]


def test_path_that_is_not_utf8() -> None:
    """A path with bytes that are not UTF-8 is refused."""
    with pytest.raises(MalformedAddress) as refused:
        parse_path("/users/%FF", FORMATS)

    assert refused.value.message == "The path is not UTF-8. Percent-encode the bytes of UTF-8 text."


def test_suffix() -> None:
    """A format name after the last dot is the suffix, in any casing."""
    path = parse_path("/users/7.JSON", FORMATS)

    assert path.segments == ["users", "7"]
    assert path.suffix == "json"


@pytest.mark.parametrize(
    "raw", ["/users/a.txt", "/users/first@example.com", "/users/.json", "/users/a%2Ejson", "/a.json/b"]
)
def test_no_suffix(raw: str) -> None:
    """Text after the last dot that is not a format name is part of the value."""
    assert parse_path(raw, FORMATS).suffix == ""


def test_wildcard_keeps_the_suffix() -> None:
    """A wildcard includes the suffix of the path."""
    assert texts("/files/{Path*}", "/files/a/b.json") == ["a/b.json"]


def test_empty_wildcard() -> None:
    """An empty wildcard has no value."""
    assert found(table("/files/{Path*}"), "GET", "/files") == "/files/{Path*}"
    assert texts("/files/{Path*}", "/files") == [None]


NO_TEMPLATE = "'{}' is not a path template; begin it with '/' and leave the query out"
NO_SEGMENT = "'{}' in '{}' is neither a literal nor a '{{Member}}'"


@pytest.mark.parametrize(
    ("template", "message"),
    [
        ("users", NO_TEMPLATE.format("users")),
        ("/a?b", NO_TEMPLATE.format("/a?b")),
        ("/a&b", NO_TEMPLATE.format("/a&b")),
        ("/{a}{b}", NO_SEGMENT.format("{a}{b}", "/{a}{b}")),
        ("/x{a}", NO_SEGMENT.format("x{a}", "/x{a}")),
        ("/{a}x", NO_SEGMENT.format("{a}x", "/{a}x")),
        ("/{}", NO_SEGMENT.format("{}", "/{}")),
        ("/{a b}", NO_SEGMENT.format("{a b}", "/{a b}")),
        ("/{a*}/b", NO_SEGMENT.format("{a*}", "/{a*}/b")),
        ("/{a", NO_SEGMENT.format("{a", "/{a")),
        ("/xa}", NO_SEGMENT.format("xa}", "/xa}")),
        ("/xa*}", NO_SEGMENT.format("xa}", "/xa*}")),
        ("/{ab", NO_SEGMENT.format("{ab", "/{ab")),
    ],
)
def test_malformed_template(template: str, message: str) -> None:
    """A template consists of literals and whole placeholders, with a wildcard only at its end."""
    with pytest.raises(MalformedTemplate) as refused:
        parse_template(template)

    assert str(refused.value) == message


@pytest.mark.parametrize(
    ("routes", "message"),
    [
        (("/a/{X}", "/A/{Y}"), "'/a/{X}' and '/A/{Y}' match the same paths; remove one of them"),
        ((("/a", "GET POST"), ("/a", "POST")), "'/a' and '/a' match the same paths for POST; remove one of them"),
        (("/a/{X*}", "/a/{Y*}"), "'/a/{X*}' and '/a/{Y*}' match the same paths; remove one of them"),
    ],
)
def test_duplicate_routes(routes: tuple[str | tuple[str, str], ...], message: str) -> None:
    """Two routes for the same paths and verbs are refused at start-up."""
    with pytest.raises(DuplicateRoute) as refused:
        table(*routes)

    assert str(refused.value) == message


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
    """The strongest route, found by comparing all routes."""
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
    """The table finds the same route as a comparison of all routes."""
    try:
        routes = table(*declared)
    except DuplicateRoute:
        return

    assert found(routes, method, "/".join(segments)) == plainly_found(declared, method, segments)


class Answered(Message):
    """A response."""


async def handle(_message: Message, _call: object) -> None:
    """Return nothing."""


def catalog(template: str, alias: str = "") -> Catalog:
    """A catalog of two operations, Lookup at the template and Other."""

    class Lookup(Request[Answered]):
        """Look up."""

        routes = (Route(template),)
        aliases = (alias,) if alias else ()
        name: str | None = None

    class Other(Request[Answered]):
        """Another operation."""

    service = Service(name="Demo", public_url="http://127.0.0.1", namespace="urn:demo", clr_namespace="Demo")
    return Catalog(service, {Lookup: handle, Other: handle})


@pytest.mark.parametrize("template", ["/lookups", "/lookups/{Name}", "/lookups/{ignore}", "/other/{name}", "/register"])
def test_routes_that_can_be_reached(template: str) -> None:
    """A route may share a first segment with an operation, and equal an alias of its own operation except for casing."""
    check_routes(catalog(template, alias="Register"), {"metadata"})


HIDDEN = "'{}' of Lookup is hidden by the host's own '/metadata'"
HIDES = "'{}' of Lookup hides the path of operation {}"


@pytest.mark.parametrize(
    ("template", "message"),
    [
        ("/other", HIDES.format("/other", "Other")),
        ("/Lookup", HIDES.format("/Lookup", "Lookup")),
        ("/metadata", HIDDEN.format("/metadata")),
        ("/metadata/{Name}", HIDDEN.format("/metadata/{Name}")),
    ],
)
def test_routes_that_collide(template: str, message: str) -> None:
    """A route must not hide the path of an operation's name or a page of the host."""
    with pytest.raises(RouteCollision) as refused:
        check_routes(catalog(template), {"metadata"})

    assert str(refused.value) == message


def test_unknown_placeholder() -> None:
    """A placeholder must name a member."""
    with pytest.raises(UnknownPlaceholder) as refused:
        check_routes(catalog("/lookups/{Nope}"), ())

    assert str(refused.value) == "'{Nope}' in '/lookups/{Nope}' is not a member of Lookup"


def test_route_without_literal() -> None:
    """A route without a literal is refused, because it would match everything."""
    with pytest.raises(MalformedTemplate) as refused:
        check_routes(catalog("/{Name}"), ())

    assert str(refused.value) == "'/{Name}' of Lookup has no literal segment; add one"
