"""Selection of the types of a source: all of a service, or those given by IncludeTypes and ExcludeTypes."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import cached_property

from servicehost.contract.catalog import Catalog, Operation
from servicehost.contract.references import Declared, parts_of, referenced
from servicehost.contract.types import MessageModel
from servicehost.languages.options import Options


class Universe:
    """The published types of a service in order of registration: requests, responses, the types they refer to."""

    def __init__(self, catalog: Catalog) -> None:
        """Collect the types of a catalog."""
        self.catalog = catalog
        self.operations = [operation for operation in catalog if operation.contract.published]
        self.by_request = {operation.request: operation for operation in self.operations}
        self.requests: list[Declared] = list(self.by_request)
        responses = [operation.response for operation in self.operations if operation.response]
        self.responses: list[Declared] = list(dict.fromkeys(responses))
        self.types = list(_breadth_first([*self.requests, *self.responses]))

    @property
    def others(self) -> list[Declared]:
        """Return the types that are neither request nor response."""
        known = {*self.requests, *self.responses}
        return [declared for declared in self.types if declared not in known]

    def selected(self, options: Options) -> list[Declared]:
        """Return the types selected by the options, in order of registration."""
        included = self._matching(options.names("IncludeTypes")) if options.names("IncludeTypes") else set(self.types)
        excluded = self._matching(options.names("ExcludeTypes"))
        return [declared for declared in self.types if declared in included and declared not in excluded]

    def _matching(self, patterns: Iterable[str]) -> set[Declared]:
        distinct = dict.fromkeys(pattern.lower() for pattern in patterns)
        return {declared for pattern in distinct for declared in self._matching_one(pattern)}

    def _matching_one(self, pattern: str) -> Iterator[Declared]:
        if pattern == "services":
            yield from [*self.requests, *self.responses]
        elif pattern == "types":
            yield from self.others
        elif pattern.endswith("/*"):
            yield from self._by_namespace.get(pattern[:-2], ())
        elif pattern.endswith(".*"):
            yield from self._with_all_it_needs(pattern[:-2])
        elif pattern.startswith("*."):
            yield from self._by_need.get(pattern[2:], ())
        else:
            yield from self._by_name.get(pattern, ())

    def _namespace(self, declared: Declared) -> str:
        return declared.clr_namespace or self.catalog.service.clr_namespace

    @cached_property
    def _by_name(self) -> Mapping[str, Sequence[Declared]]:
        return _grouped((declared.name, declared) for declared in self.types)

    @cached_property
    def _by_namespace(self) -> Mapping[str, Sequence[Declared]]:
        return _grouped((self._namespace(declared), declared) for declared in self.types)

    @cached_property
    def _by_need(self) -> Mapping[str, Sequence[Declared]]:
        """Return, for each type, the types of all operations that need it, by name."""
        return _grouped(
            (needed.name, declared)
            for types in map(types_of, self.operations)
            for needed in types
            for declared in types
        )

    def _with_all_it_needs(self, name: str) -> Iterator[Declared]:
        for declared in self._by_name.get(name, ()):
            operation = self.by_request.get(declared) if isinstance(declared, MessageModel) else None
            if operation:
                yield from types_of(operation)
            elif isinstance(declared, MessageModel):
                yield from referenced(declared)
            else:
                yield declared


def _grouped(named: Iterable[tuple[str, Declared]]) -> Mapping[str, Sequence[Declared]]:
    """Group types by lower-case name, because a query may name thousands of types."""
    groups: dict[str, dict[Declared, None]] = {}
    for name, declared in named:
        groups.setdefault(name.lower(), {})[declared] = None
    return {name: tuple(group) for name, group in groups.items()}


def types_of(operation: Operation) -> list[Declared]:
    """Return the types of one operation: its request with the types that it refers to, then those of its response."""
    response = referenced(operation.response) if operation.response else []
    return list(dict.fromkeys([*referenced(operation.request), *response]))


def _breadth_first(start: list[Declared]) -> Iterator[Declared]:
    found = dict.fromkeys(start)
    queue = list(found)
    for declared in queue:
        yield declared
        new = [part for part in dict.fromkeys(parts_of(declared)) if part not in found]
        found.update(dict.fromkeys(new))
        queue += new


__all__ = ["Universe", "types_of"]
