"""Errors of databases, the same for every kind."""

from collections.abc import Sequence

from servicehost.contract.errors import ServiceUnavailable


class ConstraintViolation(Exception):
    """The database rejected a row: a foreign key, a check or NOT NULL. Rules should have rejected it before."""


class UniqueViolation(ConstraintViolation):
    """A row with the same unique key exists. A unit may go on after `attempt`, not after `execute`.

    Attributes:
        constraint: name of the primary key, unique constraint or unique index, as the table declares it.
        columns: the columns of that key, where the database says them.
    """

    def __init__(self, constraint: str, columns: Sequence[str] = ()) -> None:
        super().__init__(f"a row with the same key exists: {constraint}")
        self.constraint = constraint
        self.columns = tuple(columns)


class DatabaseBusy(ServiceUnavailable):
    """Another process held the database for too long. Nothing was done; the unit may be tried again."""

    def __init__(self) -> None:
        super().__init__("The server is busy. Try again in a moment.")


class CommitFailed(ServiceUnavailable):
    """The database could not make the transaction durable. Nothing was stored; the unit may be tried again."""

    def __init__(self) -> None:
        super().__init__("The change could not be stored; nothing was changed. Try again in a moment.")


class CommitUncertain(ServiceUnavailable):
    """The connection was lost during the commit; it is unknown whether the transaction was stored."""

    def __init__(self) -> None:
        super().__init__(
            "The connection to the database was lost. The change may or may not have been stored: look before you"
            " try again."
        )


class DatabaseAway(ServiceUnavailable):
    """The database cannot be reached. Nothing was done; the unit may be tried again."""

    def __init__(self) -> None:
        super().__init__("The database cannot be reached. Try again in a moment.")


class DatabaseClosed(ServiceUnavailable):
    """The database has been closed, or has not been opened."""

    def __init__(self) -> None:
        super().__init__("The server is shutting down. Try again in a moment.")


class UnitMisused(RuntimeError):
    """A unit broke its rules: it awaited something other than its transaction, or wrote while reading."""


class WrongParameters(TypeError):
    """A statement received parameters other than those that it names."""

    def __init__(self, text: str, expected: Sequence[str], given: Sequence[str]) -> None:
        missing = sorted(set(expected) - set(given))
        unknown = sorted(set(given) - set(expected))
        super().__init__(f"parameters missing: {missing}, unknown: {unknown}; in {' '.join(text.split())}")
        self.missing = missing
        self.unknown = unknown


__all__ = [
    "CommitFailed",
    "CommitUncertain",
    "ConstraintViolation",
    "DatabaseAway",
    "DatabaseBusy",
    "DatabaseClosed",
    "UniqueViolation",
    "UnitMisused",
    "WrongParameters",
]
