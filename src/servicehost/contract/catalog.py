"""The catalog: the operations of a service, and the service itself."""

import re
import typing
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from servicehost.contract.call import Handler
from servicehost.contract.errors import DocumentedCode
from servicehost.contract.messages import DATACONTRACT_NAMESPACE, Message, Request
from servicehost.contract.types import MessageModel, TypeModel


@dataclass(frozen=True)
class Service:
    """Name, addresses and namespaces of a service, as shown on pages and in generated sources.

    Attributes:
        name: the title of every page.
        public_url: base address for clients, without a trailing slash; from the settings, never from the Host header.
        mount: path under which the host serves, with a leading slash.
        namespace: XML namespace of the messages; if empty, derived from `clr_namespace` as DataContract does.
        clr_namespace: namespace of the generated .NET sources; if empty, derived from `name`: `Greeter.ServiceModel`.
        version: the host version that generated sources state.
        front: path of the front page, the link target of the service's name on every page; if empty, the list of
            operations.
    """

    name: str
    public_url: str
    namespace: str = ""
    clr_namespace: str = ""
    mount: str = "/api"
    version: str = "8.6"
    front: str = ""

    def __post_init__(self) -> None:
        """Derive the namespaces that were not given."""
        clr_namespace = self.clr_namespace or _clr_namespace(self.name)
        object.__setattr__(self, "clr_namespace", clr_namespace)
        object.__setattr__(self, "namespace", self.namespace or DATACONTRACT_NAMESPACE + clr_namespace)

    @property
    def home(self) -> str:
        """The path that the service's name links to."""
        return self.root + (self.front or f"{self.mount}/metadata")

    @property
    def root(self) -> str:
        """The path of the public URL, which stands before every path of the host; empty for none."""
        return urlsplit(self.public_url).path.rstrip("/")

    @property
    def base_path(self) -> str:
        """The path of the mount, as clients send it."""
        return self.root + self.mount

    @property
    def base_url(self) -> str:
        """The public URL of the mount."""
        return self.public_url + self.mount


def _clr_namespace(name: str) -> str:
    """The .NET namespace for a service name: its words in PascalCase, then `ServiceModel`."""
    words = re.findall(r"[A-Za-z0-9]+", name)
    pascal = "".join(word[0].upper() + word[1:] for word in words).lstrip("0123456789")
    return f"{pascal}.ServiceModel" if pascal else "ServiceModel"


@dataclass(frozen=True, eq=False)
class Operation:
    """One request, its response and its handler."""

    request: MessageModel
    response: MessageModel | None
    handler: Handler

    @property
    def name(self) -> str:
        """The operation's name, which is the name of its request."""
        return self.request.name

    @property
    def contract(self) -> type[Request[Any]]:
        """The request class, which declares access, routes and documentation."""
        return typing.cast("type[Request[Any]]", self.request.python)


class DuplicateOperation(ValueError):
    """Two operations share a name or an alias, ignoring case."""


class Catalog:
    """All operations of a service, found by name in any casing."""

    def __init__(
        self,
        service: Service,
        handlers: Mapping[type[Request[Any]], Handler],
        *,
        error_codes: Iterable[DocumentedCode] = (),
    ) -> None:
        """Build the type model of all requests and responses.

        Args:
            service: describes the service.
            handlers: handlers by request.
            error_codes: the codes that errors can have, for the OpenAPI document.

        Raises:
            DuplicateOperation: a name or alias is already taken.
        """
        self.service = service
        self.error_codes = tuple(error_codes)
        self.types = TypeModel()
        self.operations: tuple[Operation, ...] = tuple(self._operations(handlers))
        self._by_name: dict[str, Operation] = {}
        for operation in self.operations:
            for name in (operation.name, *operation.contract.aliases):
                if self._by_name.setdefault(name.lower(), operation) is not operation:
                    raise DuplicateOperation(f"'{name}' names two operations; rename one of them")

    def find(self, name: str) -> Operation | None:
        """The published operation with this name or alias, in any casing."""
        found = self._by_name.get(name.lower())
        return found if found is not None and found.contract.published else None

    def sorted(self) -> list[Operation]:
        """The published operations in ordinal order of their names, as on the index page."""
        return sorted((o for o in self.operations if o.contract.published), key=lambda operation: operation.name)

    def __iter__(self) -> Iterator[Operation]:
        return iter(self.operations)

    def _operations(self, handlers: Mapping[type[Request[Any]], Handler]) -> Iterable[Operation]:
        for request, handler in handlers.items():
            response = response_class(request)
            yield Operation(
                request=self.types.message(request),
                response=self.types.message(response) if response else None,
                handler=handler,
            )


def response_class(request: type[Request[Any]]) -> type[Message] | None:
    """The response class that a request class declares; None for `Request[None]`."""
    for cls in request.__mro__:
        for base in getattr(cls, "__orig_bases__", ()):
            if typing.get_origin(base) is Request:
                argument = typing.get_args(base)[0]
                return argument if isinstance(argument, type) and issubclass(argument, Message) else None
    return None


__all__ = ["Catalog", "DuplicateOperation", "Operation", "Service", "response_class"]
