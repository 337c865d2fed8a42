"""Kinds of letters: two callables each, given by the package that sends them."""

from collections.abc import Callable, Coroutine, Mapping
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from platform_api.database.transaction import Transaction
from platform_api.mail.mail import LetterContext, Mail
from platform_api.mail.values import Drop, LetterKey, Wait, Withhold

Facts = TypeVar("Facts")


@dataclass(frozen=True)
class LetterKind(Generic[Facts]):
    """One kind of letter.

    Attributes:
        name: its name in the table; never changed once letters of it exist.
        load: reads the facts of a letter, in the transaction that claims it, or answers that it is not to be sent, or
            not now. It drops obsolete letters, and withholds those that the receiver does not want or cannot get.
        render: makes the mail from the facts; pure.
        allowance: name of the counter of the daily limit of an address; None for kinds without a daily limit, which
            their own package must limit.
    """

    name: str
    load: Callable[[Transaction, LetterKey], Coroutine[Any, Any, Facts | Withhold[Facts] | Drop | Wait]]
    render: Callable[[Facts, LetterContext], Mail]
    allowance: str | None = "letters"


LetterKinds = Mapping[str, LetterKind[Any]]
"""Every kind of an installation by its name."""


def by_name(*kinds: LetterKind[Any]) -> LetterKinds:
    """The kinds by their names.

    Raises:
        ValueError: two have the same name.
    """
    named = {kind.name: kind for kind in kinds}
    if len(named) != len(kinds):
        raise ValueError("two kinds of letter have the same name")
    return named


__all__ = ["Facts", "LetterKind", "LetterKinds", "by_name"]
