"""An account with a password, and limits that start anew with every test."""

import pytest
from redis.asyncio import Redis

from orchestrator.core.database import Database
from orchestrator.core.guard.limits import PREFIX
from orchestrator.settings import Settings
from tests.support.school import School
from tests.support.signing_in import Account, give_password


@pytest.fixture(autouse=True)
async def _no_attempts_yet(settings: Settings) -> None:
    async with Redis.from_url(settings.redis_url.reveal()) as redis:
        keys = [key async for key in redis.scan_iter(f"{PREFIX}*")]
        if keys:
            await redis.delete(*keys)


@pytest.fixture
async def account(database: Database, school: School) -> Account:
    """The teacher's."""
    return await give_password(database, school.teacher)
