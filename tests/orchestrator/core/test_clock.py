"""What is done from time to time, and goes on after trouble."""

import asyncio
import contextlib

from orchestrator.core.clock import every, wait_at_most
from schema.errors import DatabaseUnavailable


async def test_waiting_ends_with_the_event_or_with_the_time() -> None:
    event = asyncio.Event()
    assert not await wait_at_most(0, event)
    event.set()
    assert await wait_at_most(10, event)


async def test_what_goes_wrong_is_done_again() -> None:
    done: list[int] = []
    third = asyncio.Event()

    async def work() -> None:
        done.append(len(done))
        if len(done) == 3:
            third.set()
        raise DatabaseUnavailable("The database does not answer.")

    doing = asyncio.create_task(every(0, work, "not done"))
    assert await wait_at_most(10, third)
    doing.cancel()
    with contextlib.suppress(asyncio.CancelledError):
        await doing
    assert done[:3] == [0, 1, 2]
