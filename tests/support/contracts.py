"""Message classes built from data, for tests that need many of them."""

from collections.abc import Iterable
from typing import Any, cast

from servicehost.contract.messages import Access, Authenticated, Message, MessageMeta, Request, Route

Members = dict[str, Any]
"""The members of a message by attribute."""


def message(name: str, members: Members | None = None, *bases: type[Message]) -> type[Message]:
    """Create a message class from members by attribute name."""
    body = {"__annotations__": members or {}, "__module__": __name__}
    return cast("type[Message]", MessageMeta(name, bases or (Message,), body))


def request(
    members: Members | None = None,
    *,
    name: str = "Ask",
    answer: type[Message] | None = None,
    routes: Iterable[Route] = (),
    access: Access = Authenticated,
    changes_state: bool = True,
    base: type[Message] | None = None,
) -> type[Request[Any]]:
    """Create a request class."""
    body = {
        "__annotations__": members or {},
        "__module__": __name__,
        "routes": tuple(routes),
        "access": access,
        "changes_state": changes_state,
    }
    bases = (base, Request[answer]) if base else (Request[answer],)  # type: ignore[valid-type]
    return cast("type[Request[Any]]", MessageMeta(name, _resolved(bases), {**body, "__orig_bases__": bases}))


def _resolved(bases: tuple[Any, ...]) -> tuple[type, ...]:
    return tuple(getattr(base, "__origin__", base) for base in bases)


__all__ = ["Members", "message", "request"]
