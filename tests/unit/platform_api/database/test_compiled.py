"""Expressions become text and arguments once; what is left for each execution is checked and ordered."""

from datetime import UTC, datetime
from typing import Any, NamedTuple

import pytest
from sqlalchemy import (
    Boolean,
    Column,
    Integer,
    MetaData,
    Table,
    Text,
    bindparam,
    insert,
    select,
    text,
    union_all,
    update,
)
from sqlalchemy.dialects.postgresql.asyncpg import PGDialect_asyncpg
from sqlalchemy.schema import CreateIndex

from platform_api.database.columns import GuidColumn, InstantColumn, JsonColumn, OrNone
from platform_api.database.compiled import Compiled, RowReader, Statement, UnsupportedStatement
from platform_api.database.errors import WrongParameters
from platform_api.database.expressions import claim, in_list, partial_index, upsert
from platform_api.database.sqlite.transaction import DIALECT
from platform_api.database.statements import Group, Query

POSTGRESQL = PGDialect_asyncpg()  # type: ignore[no-untyped-call]  # as SQLAlchemy declares it

letters = Table(
    "letters",
    MetaData(),
    Column("id", GuidColumn, primary_key=True),
    Column("state", Text, nullable=False),
    Column("attempts", Integer, nullable=False),
    Column("urgent", Boolean, nullable=False),
    Column("due_at", InstantColumn, nullable=False),
    Column("facts", JsonColumn),
    partial_index("ix_letters_due", "due_at", where=text("state = 'queued'")),
)
c = letters.c
NOON = datetime(2026, 1, 31, 12, tzinfo=UTC)


def compiled(statement: Statement) -> Compiled:
    """The statement for SQLite."""
    return Compiled(statement, DIALECT)


def one_line(sql: Any) -> str:
    """SQL without its line breaks."""
    return " ".join(str(sql).split())


def test_arguments_come_in_the_order_of_the_text() -> None:
    """The order in which arguments are given does not matter."""
    statement = compiled(update(letters).where(c.id == bindparam("letter")).values(state=bindparam("new")))
    assert ("sent", "1") == statement.arguments({"letter": "1", "new": "sent"})


def test_a_single_argument() -> None:
    """It is a tuple, whether a parameter or a constant."""
    assert ("1",) == compiled(select(c.state).where(c.id == bindparam("letter"))).arguments({"letter": "1"})
    assert ("it's",) == compiled(select(c.id).where(c.state == "it's")).arguments({})


def test_a_parameter_may_be_used_twice() -> None:
    """It is given once and bound wherever the text needs it."""
    statement = compiled(select(c.id).where((c.due_at < bindparam("now")) | (c.due_at > bindparam("now"))))
    assert ("2026-01-31T12:00:00.000000Z",) * 2 == statement.arguments({"now": NOON})


def test_a_statement_without_parameters_has_no_arguments() -> None:
    """And needs none."""
    assert () == compiled(select(c.id)).arguments({})


def test_an_insert_takes_every_column() -> None:
    """From a parameter of the column's name, by the column's rule."""
    row = {"id": "1", "state": "queued", "attempts": 0, "urgent": True, "due_at": NOON, "facts": {"a": [1]}}
    expected = ("1", "queued", 0, 1, "2026-01-31T12:00:00.000000Z", '{"a":[1]}')
    assert expected == compiled(insert(letters)).arguments(dict(row))


@pytest.mark.parametrize(
    ("given", "missing", "unknown"),
    [({}, ["letter"], []), ({"letter": "1", "sate": "x"}, [], ["sate"]), ({"leter": "1"}, ["letter"], ["leter"])],
)
def test_wrong_parameters_are_named(given: dict[str, Any], missing: list[str], unknown: list[str]) -> None:
    """A misspelt parameter is an error that says which, not a NULL."""
    statement = compiled(select(c.state).where(c.id == bindparam("letter")))
    with pytest.raises(WrongParameters) as raised:
        statement.arguments(given)
    assert (missing, unknown) == (raised.value.missing, raised.value.unknown)


def test_a_parameter_may_have_any_name() -> None:
    """That of a column, for example, which may be a keyword of Python."""
    table = Table("t", MetaData(), Column("class", Text), Column("from", InstantColumn))
    arguments = compiled(insert(table)).arguments({"from": NOON, "class": "a"})
    assert ("a", "2026-01-31T12:00:00.000000Z") == arguments


def test_constants_and_parameters_share_the_order_of_the_text() -> None:
    """Constants that are bound stand where the statement has them."""
    statement = compiled(
        update(letters)
        .where(c.state == "it's", c.due_at < bindparam("now"), c.attempts == bindparam("tried"))
        .values(due_at=bindparam("now"), facts={"a": 1})
    )
    expected = ("2026-01-31T12:00:00.000000Z", '{"a":1}', "it's", "2026-01-31T12:00:00.000000Z", 2)
    assert expected == statement.arguments({"tried": 2, "now": NOON})


def test_a_constant_is_no_parameter() -> None:
    """Its name is taken by the statement itself."""
    statement = compiled(select(c.id).where(c.state == "it's", c.attempts == bindparam("tried")))
    (constant,) = set(statement.names) - {"tried"}
    with pytest.raises(WrongParameters) as raised:
        statement.arguments({constant: "x"})
    assert (["tried"], [constant]) == (raised.value.missing, raised.value.unknown)
    with pytest.raises(WrongParameters):
        statement.arguments({constant: "x", "tried": 1})


def test_none_is_bound_as_null() -> None:
    """Without being read by the rule of the column."""
    row = {"id": "1", "state": "queued", "attempts": 0, "urgent": False, "due_at": None, "facts": None}
    assert ("1", "queued", 0, 0, None, None) == compiled(insert(letters)).arguments(dict(row))
    assert (None,) == compiled(select(c.id).where(c.due_at == bindparam("at"))).arguments({"at": None})


def test_a_rule_is_applied_once_for_each_parameter() -> None:
    """However often the text needs the value: a long list is written as JSON once."""
    given: list[int] = []

    class Counted(list[int]):
        def __iter__(self) -> Any:
            given.append(1)
            return super().__iter__()

    statement = compiled(select(c.id).where(in_list(c.attempts, "them") | in_list(c.urgent, "them")))
    assert ("[1,2]",) * 2 == statement.arguments({"them": Counted([1, 2])})
    assert [1] == given


def test_a_list_is_never_null() -> None:
    """Its rule is called for None too, which no list is."""
    statement = compiled(select(c.id).where(in_list(c.attempts, "them"), c.id == bindparam("letter")))
    with pytest.raises(TypeError):
        statement.arguments({"them": None, "letter": "1"})


@pytest.mark.parametrize("wrong", [KeyError("inside"), TypeError("inside")])
def test_errors_of_rules_are_not_mistaken(wrong: Exception) -> None:
    """An error in a value is not reported as a missing parameter."""

    class Refusing(list[int]):
        def __iter__(self) -> Any:
            raise wrong

    statement = compiled(select(c.id).where(in_list(c.attempts, "them")))
    with pytest.raises(type(wrong), match="inside"):
        statement.arguments({"them": Refusing()})


def test_plain_constants_stand_in_the_text() -> None:
    """So that a partial index whose condition they state is used."""
    statement = compiled(select(c.id).where(c.state == "queued", c.attempts < 5, c.urgent.is_(True)).limit(10))
    assert (
        "WHERE letters.state = 'queued' AND letters.attempts < 5 AND letters.urgent IS 1 LIMIT 10 OFFSET 0"
        in one_line(statement.text)
    )
    assert () == statement.arguments({})


def test_lists_of_plain_constants_stand_in_the_text() -> None:
    """As `status IN ('Pending', 'Active')` must, to match an index."""
    assert (
        "letters.state IN ('queued', 'sending')"
        in compiled(select(c.id).where(c.state.in_(["queued", "sending"]))).text
    )


def test_other_constants_are_bound() -> None:
    """Nothing that could break out of its quotes ever stands in the text."""
    statement = compiled(select(c.id).where(c.state == "it's", c.due_at == NOON, c.facts == {"a": 1}))
    assert 0 == statement.text.count("'")
    assert ("it's", "2026-01-31T12:00:00.000000Z", '{"a":1}') == statement.arguments({})


@pytest.mark.parametrize("value", [bindparam("states", expanding=True), ["it's"]])
def test_lists_of_unknown_length_are_refused(value: Any) -> None:
    """They would need a new text for every length; `in_list` needs one."""
    with pytest.raises(UnsupportedStatement, match="in_list"):
        compiled(select(c.id).where(c.state.in_(value)))


def test_defaults_from_python_are_refused() -> None:
    """Ids and times come in as arguments."""
    table = Table("t", MetaData(), Column("id", Text, primary_key=True, default=lambda: "1"), Column("a", Text))
    with pytest.raises(UnsupportedStatement):
        compiled(insert(table).values(a=bindparam("a")))


def test_rows_are_read_by_the_rules_of_their_columns() -> None:
    """Also of a UNION, and where two columns have one name."""
    query = union_all(*[select(c.due_at, c.facts, c.due_at.label("again"), c.urgent)] * 2)
    reader = compiled(query).reader(lambda *row: row)
    row = ("2026-01-31T12:00:00.000000Z", "[1]", "2026-01-31T12:00:00.000000Z", 1)
    assert (NOON, [1], NOON, True) == reader.one(row)
    assert [(NOON, [1], NOON, True)] * 2 == reader.all([row, row])


class Letter(NamedTuple):
    """A row with a group."""

    id: str
    rest: tuple[Any, ...]


def test_a_group_of_columns_becomes_one_value() -> None:
    """Its columns are read by their rules first; one row and many are read alike."""
    query = Query(select(c.id, c.state, c.due_at), Letter, Group([c.state, c.due_at], lambda *columns: columns))
    _, reader = query.form(DIALECT)
    row = ("1", "sent", "2026-01-31T12:00:00.000000Z")
    assert Letter("1", ("sent", NOON)) == reader.one(row)
    assert [Letter("1", ("sent", NOON))] * 2 == reader.all([row, row])
    assert [] == reader.all([])


def test_a_group_needs_no_rules() -> None:
    """Columns that are read as they are can be grouped too."""
    query = Query(select(c.id, c.state), Letter, Group([c.state], lambda *columns: columns))
    _, reader = query.form(DIALECT)
    assert Letter("1", ("sent",)) == reader.one(("1", "sent"))
    assert [Letter("1", ("sent",))] == reader.all([("1", "sent")])


@pytest.mark.parametrize("columns", [[c.id], [c.state, c.id], [c.state, c.due_at, c.id]])
def test_a_group_must_end_the_statement(columns: list[Any]) -> None:
    """Otherwise a value would be made from the columns of another."""
    with pytest.raises(UnsupportedStatement):
        Query(select(c.id, c.state), Letter, Group(columns, tuple))


def test_a_missing_value_is_read_as_none() -> None:
    """As an outer join gives it, also for columns that are never NULL themselves."""
    reader = compiled(select(c.due_at, c.facts, c.urgent)).reader(lambda *row: row)
    assert (None, None, None) == reader.one((None,) * 3)
    assert [(NOON, [], False), (None,) * 3] == reader.all([("2026-01-31T12:00:00.000000Z", "[]", 0), (None,) * 3])


def test_a_parameter_of_unknown_type_may_be_an_instant() -> None:
    """Where the place does not tell the type, the value does."""
    statement = compiled(
        select(c.id).limit(bindparam("limit")).where(text("due_at < :now").bindparams(bindparam("now")))
    )
    assert ("2026-01-31T12:00:00.000000Z", 3) == statement.arguments({"now": NOON, "limit": 3})


def test_in_list_is_one_statement_for_every_length() -> None:
    """The items go as one JSON text, each bound by the column's rule."""
    statement = compiled(select(c.id).where(in_list(c.due_at, "times")))
    assert "letters.due_at IN (SELECT value FROM json_each(?))" in statement.text
    assert ('["2026-01-31T12:00:00.000000Z"]',) == statement.arguments({"times": [NOON]})
    assert ("[]",) == statement.arguments({"times": ()})


@pytest.mark.parametrize(
    ("statement", "expected"),
    [
        (select(c.id).where(in_list(c.id, "ids")), "letters.id = ANY ($1::UUID[])"),
        (
            upsert(letters, key=[c.id], change=lambda new: {"state": new.state}),
            "ON CONFLICT (id) DO UPDATE SET state = excluded.state",
        ),
        (upsert(letters, key=[c.id]), "ON CONFLICT (id) DO NOTHING"),
        (claim(letters, due=c.due_at <= bindparam("now"), oldest=c.due_at, values={"state": "sending"}), "SKIP LOCKED"),
    ],
)
def test_the_same_expressions_serve_postgresql(statement: Statement, expected: str) -> None:
    """Nothing above the database knows which it is."""
    assert expected in one_line(statement.compile(dialect=POSTGRESQL))


@pytest.mark.parametrize("dialect", [DIALECT, POSTGRESQL])
def test_a_partial_index_has_its_condition(dialect: Any) -> None:
    """On both databases."""
    (index,) = letters.indexes
    assert one_line(CreateIndex(index).compile(dialect=dialect)).endswith("(due_at) WHERE state = 'queued'")


def test_no_rows_are_no_values() -> None:
    """Whether or not a column has a rule."""
    assert [] == compiled(select(c.id, c.due_at)).reader(lambda *row: row).all([])


def test_a_rule_is_called_for_none_unless_it_leaves_it_alone() -> None:
    """Row by row and column by column."""
    reader = RowReader(lambda *row: row, {0: lambda value: value is None, 1: OrNone(str)})
    assert (True, None, None) == reader.one((None, None, None))
    assert [(True, None, None), (False, "1", 2)] == reader.all([(None, None, None), (1, 1, 2)])
