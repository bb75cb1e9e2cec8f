"""Statements that are sent together do what they do alone, in one transaction with everything else."""

import asyncpg
import pytest

from orchestrator.core.database import Database
from orchestrator.core.sql.batch import together

MAKE = "create temporary table marks (name text unique, at integer) on commit drop"
MARK = "insert into marks (name, at) values ($1, $2)"
READ = "select name, at from marks order by at"


def test_parameters_are_numbered_on() -> None:
    first = ("insert into a values ($1, $2::text::jsonb, $1)", (1, "{}"))
    second = ("delete from b where c = $1 and d = $10", tuple(range(10)))
    query, values = together([first, second])
    assert query == (
        "with part_0 as (insert into a values ($1, $2::text::jsonb, $1)),"
        " part_1 as (delete from b where c = $3 and d = $12) select 1"
    )
    assert values == (1, "{}", *range(10))


def test_one_alone_stays_as_it_is() -> None:
    assert together([(MARK, ("a", 1))]) == (MARK, ("a", 1))


async def test_what_waits_is_there_for_the_next_question(database: Database) -> None:
    async with database.system_transaction() as tx:
        await tx.fetch(MAKE)
        tx.later(MARK, "a", 1)
        tx.later(MARK, "b", 2)
        assert [tuple(row) for row in await tx.fetch(READ)] == [("a", 1), ("b", 2)]


async def test_the_same_row_may_be_written_again(database: Database) -> None:
    put = f"{MARK} on conflict (name) do update set at = excluded.at"
    async with database.system_transaction() as tx:
        await tx.fetch(MAKE)
        for at in (1, 2, 3):
            tx.later(put, "a", at)
            tx.later(MARK, f"b{at}", 10 + at)
        rows = [tuple(row) for row in await tx.fetch(READ)]
    assert rows == [("a", 3), ("b1", 11), ("b2", 12), ("b3", 13)]


async def test_what_waits_is_committed(database: Database) -> None:
    async with database.system_transaction() as tx:
        await tx.fetch("create table kept (name text unique, at integer)")
    async with database.system_transaction() as tx:
        tx.later("insert into kept (name, at) values ($1, $2)", "a", 1)
    rows = await database.system_fetch("select name from kept")
    await database.system_fetch("drop table kept")
    assert [row["name"] for row in rows] == ["a"]


async def put_twice(database: Database) -> None:
    async with database.system_transaction() as tx:
        await tx.fetch("create table lost (name text unique, at integer)")
        tx.later("insert into lost (name, at) values ($1, $2)", "a", 1)
        await tx.flush()
        tx.later("insert into lost (name, at) values ($1, $2)", "a", 2)


async def give_up(database: Database) -> None:
    async with database.system_transaction() as tx:
        tx.later("this is no SQL")
        raise LookupError


async def test_its_failure_ends_the_transaction(database: Database) -> None:
    with pytest.raises(asyncpg.UniqueViolationError):
        await put_twice(database)
    (found,) = await database.system_fetch("select to_regclass('lost') as lost")
    assert found["lost"] is None


async def test_a_transaction_that_is_given_up_sends_nothing(database: Database) -> None:
    with pytest.raises(LookupError):
        await give_up(database)
