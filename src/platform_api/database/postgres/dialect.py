"""What statements are compiled for, and how values travel to and from PostgreSQL."""

from typing import Any

from asyncpg import Connection
from sqlalchemy.dialects.postgresql.asyncpg import PGCompiler_asyncpg, PGDialect_asyncpg

from platform_api.database.compiled import PlainConstants


class _Compiler(PlainConstants, PGCompiler_asyncpg):
    """PostgreSQL's compiler, with plain constants in the text."""


class _Dialect(PGDialect_asyncpg):
    """PostgreSQL as asyncpg speaks it."""

    supports_statement_cache = True
    statement_compiler = _Compiler


DIALECT = _Dialect(paramstyle="numeric_dollar")  # type: ignore[no-untyped-call]
"""What statements are compiled for."""


async def prepare(connection: "Connection[Any]") -> None:
    """Make a new connection read a uuid as its canonical text, which is what a Guid is."""
    await connection.set_type_codec("uuid", schema="pg_catalog", encoder=str, decoder=str, format="text")


__all__ = ["DIALECT", "prepare"]
