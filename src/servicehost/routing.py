"""Path templates, and a table that finds the route of a path without testing each template.

Precedence, strongest first: no wildcard; the first literal further left; fewer wildcard segments; fewer placeholders;
a declared verb over All Verbs, one verb over several; declared earlier.
"""

import operator
import re
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Generic, TypeVar
from urllib.parse import unquote

from servicehost.contract.catalog import Catalog, Operation
from servicehost.contract.errors import MalformedAddress
from servicehost.contract.messages import Route

T = TypeVar("T")

METHODS = ("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE")
"""The methods of All Verbs. The host answers OPTIONS itself; other methods are not supported."""

_SLASHES = re.compile("//+")

IGNORED = "ignore"
"""A placeholder with this name matches a segment and discards it."""


class RouteDeclarationError(ValueError):
    """The routes of a service are declared incorrectly; the service cannot start."""


class MalformedTemplate(RouteDeclarationError):
    """A template does not consist of literals and placeholders."""


class UnknownPlaceholder(RouteDeclarationError):
    """A placeholder does not name a member of the request."""


class DuplicateRoute(RouteDeclarationError):
    """Two routes match the same paths and methods."""


class RouteCollision(RouteDeclarationError):
    """A route hides a page of the host or the predefined path of an operation, or is hidden by one."""


@dataclass(frozen=True)
class Template:
    """A path template, split into segments.

    Attributes:
        segments: literals in lower case; None for a placeholder.
        placeholders: name and segment of each placeholder that matches one segment.
        wildcard: name of the placeholder that matches the rest of the path.
    """

    segments: tuple[str | None, ...]
    placeholders: tuple[tuple[str, int], ...]
    wildcard: str | None

    @property
    def names(self) -> tuple[str, ...]:
        """The names of all placeholders, the wildcard last."""
        return tuple(name for name, _ in self.placeholders) + ((self.wildcard,) if self.wildcard else ())

    @property
    def literals(self) -> tuple[int, ...]:
        """Positions of the literal segments."""
        return tuple(index for index, literal in enumerate(self.segments) if literal is not None)


def parse_template(text: str) -> Template:
    """Parse a path template. Empty segments are ignored.

    Raises:
        MalformedTemplate: the template has no leading slash, mixes a literal and a placeholder in a segment, or
            continues after a wildcard.
    """
    if not text.startswith("/") or "?" in text or "&" in text:
        raise MalformedTemplate(f"'{text}' is not a path template; begin it with '/' and leave the query out")
    parts = [part for part in text.split("/") if part]
    wildcard = None
    if parts and parts[-1].endswith("*}"):
        wildcard = _placeholder(parts.pop().replace("*}", "}"), text)
    segments = [None if "{" in part or "}" in part else part.lower() for part in parts]
    placeholders = [(_placeholder(part, text), index) for index, part in enumerate(parts) if segments[index] is None]
    return Template(tuple(segments), tuple(placeholders), wildcard)


def _placeholder(part: str, template: str) -> str:
    name = part[1:-1]
    if part[:1] != "{" or part[-1:] != "}" or not name.isidentifier():
        raise MalformedTemplate(f"'{part}' in '{template}' is neither a literal nor a '{{Member}}'")
    return name


class Path:
    """The path of a request under the mount, split into segments.

    Attributes:
        segments: decoded, without the format suffix.
        lowered: the segments in lower case, for comparison with literals.
        suffix: the format suffix in lower case, or empty.
        whole: decoded, with the suffix; matched by a wildcard.
    """

    __slots__ = ("lowered", "segments", "suffix", "whole")

    def __init__(self, segments: list[str], suffix: str, whole: list[str]) -> None:
        self.segments = segments
        self.lowered = [segment.lower() for segment in segments]
        self.suffix = suffix
        self.whole = whole


def without_empty_segments(raw: str) -> str:
    """A percent-encoded path with each run of slashes replaced by one slash."""
    return _SLASHES.sub("/", raw) if "//" in raw else raw


def parse_path(raw: str, suffixes: Collection[str]) -> Path:
    """Parse a percent-encoded path. An encoded slash or dot is part of a value.

    Raises:
        MalformedAddress: a decoded segment is not UTF-8.
    """
    whole = [part for part in raw.split("/") if part]
    segments, suffix = whole, ""
    if whole and "." in whole[-1]:
        stem, _, last = whole[-1].rpartition(".")
        if stem and last.lower() in suffixes:
            segments, suffix = [*whole[:-1], stem], last.lower()
    if "%" in raw:
        segments, whole = _decoded(segments), _decoded(whole)
    return Path(segments, suffix, whole)


def _decoded(segments: Iterable[str]) -> list[str]:
    try:
        return [unquote(segment, errors="strict") for segment in segments]
    except UnicodeDecodeError as error:
        raise MalformedAddress("The path is not UTF-8. Percent-encode the bytes of UTF-8 text.") from error


class Routed(Generic[T]):
    """A route and its target."""

    __slots__ = ("_positions", "order", "route", "target", "template")

    def __init__(self, route: Route, target: T, order: int = 0) -> None:
        self.route = route
        self.target = target
        self.order = order
        self.template = parse_template(route.template)
        self._positions = tuple(index for _, index in self.template.placeholders)

    def texts(self, path: Path) -> list[str | None]:
        """The text of each placeholder in the order of `template.names`; None for an empty wildcard."""
        segments = path.segments
        texts: list[str | None] = [segments[index] for index in self._positions]
        if self.template.wildcard is not None:
            texts.append("/".join(path.whole[len(self.template.segments) :]) or None)
        return texts

    def rank(self, method: str) -> tuple[int, int] | None:
        """Rank among routes of the same shape, lower is stronger; None if the route does not support `method`."""
        verbs = self.verbs
        if not verbs:
            return (3, self.order) if method in METHODS else None
        if method not in verbs and (method != "HEAD" or "GET" not in verbs):
            return None
        return (1 if len(verbs) == 1 else 2, self.order)

    @property
    def verbs(self) -> frozenset[str]:
        """The declared verbs in upper case; empty for all."""
        return frozenset(verb.upper() for verb in self.route.verbs)


_Leaf = Mapping[str, tuple[tuple[int, int], Routed[T]]]
"""The strongest route for each method, with its rank."""

_Mask = tuple[Callable[[Sequence[Any]], Any], Mapping[Any, _Leaf[T]]]
"""A function that picks the literal segments of a path, and the leaves by their literals."""

_Groups = Sequence[tuple[int, Sequence[_Mask[T]]]]
"""Masks of equal strength form one group, with the number of segments that they require."""


class Routes(Generic[T]):
    """Finds the route of a method and a path, with one dictionary look-up for each shape of the path's length."""

    def __init__(self, routes: Iterable[tuple[Route, T]]) -> None:
        """Build the tables.

        Raises:
            MalformedTemplate: a template is malformed.
            DuplicateRoute: two routes match the same paths and methods.
        """
        self.routed = tuple(Routed(route, target, order) for order, (route, target) in enumerate(routes))
        plain = [routed for routed in self.routed if routed.template.wildcard is None]
        lengths = {len(routed.template.segments) for routed in plain}
        self._plain: Mapping[int, _Groups[T]] = {
            length: _groups([routed for routed in plain if len(routed.template.segments) == length])
            for length in lengths
        }
        self._wild = _groups([routed for routed in self.routed if routed.template.wildcard is not None])

    def find(self, method: str, path: Path) -> Routed[T] | None:
        """The strongest route for `method` at `path`; None if there is none."""
        lowered = path.lowered
        return _find(self._plain.get(len(lowered), ()), method, lowered) or _find(self._wild, method, lowered)

    def methods(self, path: Path) -> dict[str, Routed[T]]:
        """The supported methods at `path`, with their routes; empty if no route matches."""
        found = {method: self.find(method, path) for method in METHODS}
        return {method: routed for method, routed in found.items() if routed is not None}


def _find(groups: _Groups[T], method: str, lowered: list[str]) -> Routed[T] | None:
    for needed, masks in groups:
        if needed > len(lowered):
            continue
        best = None
        for pick, leaves in masks:
            leaf = leaves.get(pick(lowered))
            ranked = leaf.get(method) if leaf is not None else None
            if ranked is not None and (best is None or ranked[0] < best[0]):
                best = ranked
        if best is not None:
            return best[1]
    return None


def _groups(routes: Sequence[Routed[T]]) -> _Groups[T]:
    strengths = sorted({_strength(routed) for routed in routes})
    return [
        (-strength[1], _masks([routed for routed in routes if _strength(routed) == strength])) for strength in strengths
    ]


def _strength(routed: Routed[Any]) -> tuple[int, int, int]:
    template = routed.template
    first = template.literals[0] if template.literals else len(template.segments)
    return first, -len(template.segments), len(template.names)


def _masks(routes: Sequence[Routed[T]]) -> list[_Mask[T]]:
    masks: list[_Mask[T]] = []
    for literals in dict.fromkeys(routed.template.literals for routed in routes):
        pick: Callable[[Sequence[Any]], Any] = operator.itemgetter(*literals) if literals else _nothing
        shapes: dict[Any, list[Routed[T]]] = {}
        for routed in routes:
            if routed.template.literals == literals:
                shapes.setdefault(pick(routed.template.segments), []).append(routed)
        masks.append((pick, {shape: _leaf(same) for shape, same in shapes.items()}))
    return masks


def _nothing(_segments: Sequence[Any]) -> None:
    return None


def _leaf(routes: Sequence[Routed[T]]) -> _Leaf[T]:
    leaf: dict[str, tuple[tuple[int, int], Routed[T]]] = {}
    claimed: dict[str, Routed[T]] = {}
    for routed in routes:
        for verb in routed.verbs or ("",):
            other = claimed.setdefault(verb, routed)
            if other is not routed:
                first, second = other.route.template, routed.route.template
                same = f"match the same paths{verb and f' for {verb}'}"
                raise DuplicateRoute(f"'{first}' and '{second}' {same}; remove one of them")
    for method in METHODS:
        ranked = [(rank, routed) for routed in routes if (rank := routed.rank(method)) is not None]
        if ranked:
            leaf[method] = min(ranked, key=operator.itemgetter(0))
    return leaf


def check_routes(catalog: Catalog, pages: Collection[str]) -> None:
    """Check that every route of a catalog can be reached and hides nothing.

    Args:
        catalog: the operations.
        pages: first path segments of the host's own pages.

    Raises:
        RouteDeclarationError: a route is wrong; says which one and what to change.
    """
    for operation in catalog:
        for route in operation.contract.routes:
            template = parse_template(route.template)
            _check_placeholders(operation, route, template)
            _check_reachable(catalog, pages, operation, route, template)


def _check_placeholders(operation: Operation, route: Route, template: Template) -> None:
    for name in template.names:
        if name.lower() != IGNORED and operation.request.member(name) is None:
            raise UnknownPlaceholder(f"'{{{name}}}' in '{route.template}' is not a member of {operation.name}")


def _check_reachable(
    catalog: Catalog, pages: Collection[str], operation: Operation, route: Route, template: Template
) -> None:
    if not template.literals:
        raise MalformedTemplate(f"'{route.template}' of {operation.name} has no literal segment; add one")
    first = template.segments[0]
    if first in pages:
        raise RouteCollision(f"'{route.template}' of {operation.name} is hidden by the host's own '/{first}'")
    named = catalog.find(first) if first and len(template.segments) == 1 and not template.wildcard else None
    if named is not None and (named is not operation or first == operation.name.lower()):
        raise RouteCollision(f"'{route.template}' of {operation.name} hides the path of operation {named.name}")


__all__ = [
    "IGNORED",
    "METHODS",
    "DuplicateRoute",
    "MalformedTemplate",
    "Path",
    "RouteCollision",
    "RouteDeclarationError",
    "Routed",
    "Routes",
    "Template",
    "UnknownPlaceholder",
    "check_routes",
    "parse_path",
    "parse_template",
    "without_empty_segments",
]
