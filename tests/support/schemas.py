"""Descriptions of schemas, in which two databases with the same schema are equal."""

from typing import Any, Final

from sqlalchemy import Connection, text

from platform_api.database.engine import Engine

Description = dict[str, dict[str, list[tuple[Any, ...]]]]

_SQLITE: Final = {
    "columns": 'SELECT name, type, "notnull", dflt_value, pk, hidden FROM pragma_table_xinfo(:name)',
    "foreign keys": 'SELECT "table", "from", "to", on_update, on_delete, "match" FROM pragma_foreign_key_list(:name)',
    "indexes": "SELECT name, coalesce(sql, '') FROM sqlite_master WHERE type = 'index' AND tbl_name = :name",
    "rowid": "SELECT wr FROM pragma_table_list WHERE name = :name",
}
_POSTGRESQL: Final = {
    "columns": (
        "SELECT column_name, data_type, is_nullable, coalesce(column_default, ''), coalesce(col_description("
        "to_regclass(table_name)::oid, ordinal_position), '') FROM information_schema.columns WHERE table_name = :name"
    ),
    "constraints": (
        "SELECT conname, pg_get_constraintdef(oid) FROM pg_constraint"
        " WHERE conrelid = to_regclass(:name) AND contype <> 'n'"
    ),
    "indexes": "SELECT indexname, indexdef FROM pg_indexes WHERE tablename = :name",
}
_TABLES: Final = {
    "sqlite": "SELECT name FROM sqlite_master WHERE type = 'table'",
    "postgresql": "SELECT tablename FROM pg_tables WHERE schemaname = current_schema()",
}


def description(database: Engine) -> Description:
    """The tables with their columns, keys and indexes; on PostgreSQL comments too."""
    return database.alone(_describe)


def _describe(connection: Connection) -> Description:
    kind = connection.dialect.name
    queries = _SQLITE if kind == "sqlite" else _POSTGRESQL

    def rows(query: str, **parameters: str) -> list[tuple[Any, ...]]:
        return sorted((tuple(row) for row in connection.execute(text(query), parameters)), key=str)

    names = [name for (name,) in rows(_TABLES[kind]) if name != "alembic_version"]
    return {name: {part: rows(query, name=name) for part, query in queries.items()} for name in names}


__all__ = ["Description", "description"]
