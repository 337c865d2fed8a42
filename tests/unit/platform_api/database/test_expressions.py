"""SQL of our own is written so that indexes can answer it."""

from sqlalchemy import and_, select

from platform_api.database.compiled import Compiled
from platform_api.database.expressions import in_list
from platform_api.database.sqlite.transaction import DIALECT
from platform_api.mail.tables import letters


def test_a_list_is_a_plain_condition() -> None:
    """SQLAlchemy's `(... IN ...) = 1` would read the whole table for every list."""
    listed = in_list(letters.c.subject_id, "subjects")
    alone = Compiled(select(letters.c.id).where(listed), DIALECT)
    together = Compiled(select(letters.c.id).where(and_(listed, letters.c.attempts == 0)), DIALECT)

    assert alone.text.endswith("letters.subject_id IN (SELECT value FROM json_each(?))")
    assert "= 1" not in together.text
