"""The dialect of PostgreSQL, and the conversion of its values."""

from typing import Any

from asyncpg import Connection
from sqlalchemy.dialects.postgresql.asyncpg import PGCompiler_asyncpg, PGDialect_asyncpg

from platform_api.database.compiled import PlainConstants


class _Compiler(PlainConstants, PGCompiler_asyncpg):
    """PostgreSQL's compiler, with plain constants in the text."""


class _Dialect(PGDialect_asyncpg):
    """PostgreSQL with the driver asyncpg."""

    supports_statement_cache = True
    statement_compiler = _Compiler


DIALECT = _Dialect(paramstyle="numeric_dollar")  # type: ignore[no-untyped-call]
"""Dialect for which statements are compiled."""


async def prepare(connection: "Connection[Any]") -> None:
    """Configure a new connection to read a uuid as its canonical text, which is the form of a Guid."""
    await connection.set_type_codec("uuid", schema="pg_catalog", encoder=str, decoder=str, format="text")


__all__ = ["DIALECT", "prepare"]
