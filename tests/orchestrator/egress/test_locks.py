"""Who follows a session ends when told to, whatever the database does at that moment."""

import asyncio
from uuid import uuid4

import pytest

from orchestrator.core.database import Database
from orchestrator.egress.reconciler import Locks
from orchestrator.settings import Secret, Settings
from tests.support.proxy import proxied


async def test_a_cancellation_survives_a_database_that_went_away(settings: Settings) -> None:
    async with proxied(settings.database_url.reveal()) as (proxy, url):
        database = Database(Secret(url), pool_size=1)
        locks, entered = Locks(database), asyncio.Event()

        async def follow() -> None:
            async with locks.hold(uuid4()) as mine:
                assert mine
                entered.set()
                await asyncio.Event().wait()

        following = asyncio.create_task(follow())
        await entered.wait()
        await proxy.stop()
        following.cancel()
        with pytest.raises(asyncio.CancelledError):
            await following
        await locks.close()
        await database.close()
