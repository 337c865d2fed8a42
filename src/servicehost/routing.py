"""Path templates, and the table that finds the route of a path without trying them one by one.

Precedence, from the strongest: no wildcard; the first literal further left; fewer wildcard segments; fewer
placeholders; a declared verb over All Verbs, one verb over several; declared earlier.
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
"""What All Verbs stands for. OPTIONS is answered by the host; nothing else has a meaning here."""

_SLASHES = re.compile("//+")

IGNORED = "ignore"
"""A placeholder of this name takes a segment that no member wants."""


class RouteDeclarationError(ValueError):
    """A service cannot be started because of how its routes are declared."""


class MalformedTemplate(RouteDeclarationError):
    """A template is not made of literals and placeholders."""


class UnknownPlaceholder(RouteDeclarationError):
    """A placeholder names no member of the request."""


class DuplicateRoute(RouteDeclarationError):
    """Two routes answer the same paths and methods."""


class RouteCollision(RouteDeclarationError):
    """A route hides a page of the host or the path of an operation's name, or is hidden by it."""


@dataclass(frozen=True)
class Template:
    """A path template, cut into segments.

    Attributes:
        segments: lower-cased literals; None where a placeholder stands.
        placeholders: name and segment of each placeholder that takes one segment.
        wildcard: the name of the placeholder that takes the rest of the path.
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
        """Which segments are literal."""
        return tuple(index for index, literal in enumerate(self.segments) if literal is not None)


def parse_template(text: str) -> Template:
    """The template that `text` writes; empty segments do not count.

    Raises:
        MalformedTemplate: it does not begin with a slash, mixes text and placeholder, or goes on after a wildcard.
    """
    if not text.startswith("/") or "?" in text or "&" in text:
        raise MalformedTemplate(f"'{text}' is no path template; begin it with '/' and leave the query out")
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
    """The path of a request under the mount, cut into segments.

    Attributes:
        segments: decoded, without the format suffix.
        lowered: the same in lower case, which is what literals are compared with.
        suffix: the format suffix in lower case, or empty.
        whole: decoded, with the suffix; what a wildcard takes.
    """

    __slots__ = ("lowered", "segments", "suffix", "whole")

    def __init__(self, segments: list[str], suffix: str, whole: list[str]) -> None:
        self.segments = segments
        self.lowered = [segment.lower() for segment in segments]
        self.suffix = suffix
        self.whole = whole


def without_empty_segments(raw: str) -> str:
    """A percent-encoded path without its empty segments: each run of slashes is one slash."""
    return _SLASHES.sub("/", raw) if "//" in raw else raw


def parse_path(raw: str, suffixes: Collection[str]) -> Path:
    """The path that `raw`, still percent-encoded, stands for. An encoded slash or dot is part of a value.

    Raises:
        MalformedAddress: an encoded segment is not UTF-8.
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
    """A route and what it leads to."""

    __slots__ = ("_positions", "order", "route", "target", "template")

    def __init__(self, route: Route, target: T, order: int = 0) -> None:
        self.route = route
        self.target = target
        self.order = order
        self.template = parse_template(route.template)
        self._positions = tuple(index for _, index in self.template.placeholders)

    def texts(self, path: Path) -> list[str | None]:
        """The text of each placeholder in the order of `template.names`; None for a wildcard that takes nothing."""
        segments = path.segments
        texts: list[str | None] = [segments[index] for index in self._positions]
        if self.template.wildcard is not None:
            texts.append("/".join(path.whole[len(self.template.segments) :]) or None)
        return texts

    def rank(self, method: str) -> tuple[int, int] | None:
        """How it stands among routes of the same shape, less is stronger; None when it does not answer `method`."""
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
"""Picks the literal segments of a path; the leaves by what it picks."""

_Groups = Sequence[tuple[int, Sequence[_Mask[T]]]]
"""Masks that are equally strong stand in one group, with the number of segments that they need."""


class Routes(Generic[T]):
    """Finds the route of a method and a path. Built once; finding costs a dictionary look-up for each shape of its length."""

    def __init__(self, routes: Iterable[tuple[Route, T]]) -> None:
        """Build the tables.

        Raises:
            MalformedTemplate: a template cannot be read.
            DuplicateRoute: two routes answer the same paths and methods.
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
        """The strongest route that answers `method` at `path`."""
        lowered = path.lowered
        return _find(self._plain.get(len(lowered), ()), method, lowered) or _find(self._wild, method, lowered)

    def methods(self, path: Path) -> dict[str, Routed[T]]:
        """The methods that are answered at `path`, with their routes; empty when there is nothing."""
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
                raise DuplicateRoute(f"'{first}' and '{second}' answer the same paths{verb and f' to {verb}'}")
    for method in METHODS:
        ranked = [(rank, routed) for routed in routes if (rank := routed.rank(method)) is not None]
        if ranked:
            leaf[method] = min(ranked, key=operator.itemgetter(0))
    return leaf


def check_routes(catalog: Catalog, pages: Collection[str]) -> None:
    """Make sure that every route of a catalog can be reached and hides nothing; `pages` are first segments of the host's own.

    Raises:
        RouteDeclarationError: it cannot; says which, and what to change.
    """
    for operation in catalog:
        for route in operation.contract.routes:
            template = parse_template(route.template)
            _check_placeholders(operation, route, template)
            _check_reachable(catalog, pages, operation, route, template)


def _check_placeholders(operation: Operation, route: Route, template: Template) -> None:
    for name in template.names:
        if name.lower() != IGNORED and operation.request.member(name) is None:
            raise UnknownPlaceholder(f"'{{{name}}}' in '{route.template}' is no member of {operation.name}")


def _check_reachable(
    catalog: Catalog, pages: Collection[str], operation: Operation, route: Route, template: Template
) -> None:
    if not template.literals:
        raise MalformedTemplate(f"'{route.template}' of {operation.name} has no literal segment")
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
