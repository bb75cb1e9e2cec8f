"""The connections between transactions: used again, tried after a rest, replaced when lost, never more than allowed."""

import asyncio
from collections.abc import AsyncIterator

import asyncpg
import pytest

from orchestrator.core.database import Database
from orchestrator.core.sql import pool
from orchestrator.core.sql.pool import Pool
from orchestrator.settings import Secret, Settings
from schema.errors import DatabaseUnavailable
from tests.support.proxy import proxied

BACKEND = "select pg_backend_pid() as pid"


@pytest.fixture
async def lines(database: Database) -> AsyncIterator[Pool]:
    made = Pool(database.engine, size=2, wait_s=0.05)
    yield made
    await made.close()


async def pid(line: pool.Line) -> int:
    (row,) = await line.driver.fetch(BACKEND)
    return int(row["pid"])


async def test_the_newest_is_used_again(lines: Pool) -> None:
    first, second = await lines.take(), await lines.take()
    wanted = await pid(second)
    await lines.give(first)
    await lines.give(second)
    again = await lines.take()
    assert await pid(again) == wanted
    await lines.give(again)


async def test_who_comes_when_all_are_taken_waits_or_is_refused(lines: Pool) -> None:
    taken = [await lines.take(), await lines.take()]
    with pytest.raises(TimeoutError):
        await lines.take()
    waiting = asyncio.create_task(lines.take())
    await asyncio.sleep(0)
    await lines.give(taken[0])
    assert (await waiting) is taken[0]
    for line in taken:
        await lines.give(line)


async def test_a_line_that_the_server_ended_is_replaced(lines: Pool, database: Database) -> None:
    line = await lines.take()
    ended = await pid(line)
    await lines.give(line)
    await database.system_fetch("select pg_terminate_backend($1)", ended)
    async with asyncio.timeout(5):
        while not line.driver.is_closed():  # noqa: ASYNC110 the driver rings no bell
            await asyncio.sleep(0.01)
    fresh = await lines.take()
    assert await pid(fresh) != ended
    await lines.give(fresh)


async def test_a_line_that_rested_long_is_tried_first(lines: Pool) -> None:
    line = await lines.take()
    await lines.give(line)
    line.resting_since_s -= 2 * pool.PING_AFTER_S
    # Lost without a word: the driver does not know it yet.
    line.driver.terminate()
    fresh = await lines.take()
    assert fresh is not line
    assert await pid(fresh)
    await lines.give(fresh)


async def test_what_is_given_back_after_the_end_is_closed(database: Database) -> None:
    made = Pool(database.engine, size=1, wait_s=0.05)
    line = await made.take()
    await made.close()
    await made.give(line)
    assert line.driver.is_closed()


async def test_a_failed_statement_spoils_nothing_for_the_next(
    settings: Settings,
) -> None:
    own = Database(settings.database_url, pool_size=1)
    with pytest.raises(asyncpg.UndefinedTableError):
        async with own.system_transaction() as tx:
            await tx.fetch("select * from no_such_table")
    assert (await own.system_fetch("select 1 as one"))[0]["one"] == 1
    await own.close()


async def test_a_server_that_is_away_is_said_and_found_again(settings: Settings) -> None:
    async with proxied(settings.database_url.reveal()) as (proxy, url):
        own = Database(Secret(url), pool_size=2)
        assert await own.system_fetch("select 1")
        await proxy.stop()
        with pytest.raises(DatabaseUnavailable):
            await own.system_fetch("select 1")
        await proxy.start()
        assert await own.system_fetch("select 1")
        await own.close()
