"""Alembic's environment script; the connection and the metadata come from `schema.py`."""

from typing import Any, Literal

from alembic import context
from alembic.autogenerate.api import AutogenContext

from platform_api.database import columns


def render_item(kind: str, item: Any, autogen_context: AutogenContext) -> str | Literal[False]:
    """Render the project's column types by name in generated revisions."""
    if kind != "type" or type(item).__module__ != columns.__name__:
        return False
    autogen_context.imports.add("from platform_api.database import columns")
    return f"columns.{type(item).__name__}()"


context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=context.config.attributes.get("metadata"),
    render_as_batch=True,
    render_item=render_item,
    compare_type=True,
)
with context.begin_transaction():
    context.run_migrations()
