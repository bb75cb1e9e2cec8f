"""The whole control plane on the run's real servers, called over ASGI, and two schools that must not see each other."""

from collections.abc import AsyncIterator

import pytest
from litestar import Litestar

from orchestrator.app import create_app
from orchestrator.core.database import Database
from orchestrator.settings import Settings
from tests.support.school import Caller, School, calling, found_school


@pytest.fixture
def app(settings: Settings, database: Database) -> Litestar:
    return create_app(settings)


@pytest.fixture
async def caller(app: Litestar) -> AsyncIterator[Caller]:
    async with calling(app) as caller:
        yield caller


@pytest.fixture
async def school(database: Database) -> School:
    return await found_school(database)


@pytest.fixture
async def other_school(database: Database) -> School:
    return await found_school(database, "Another school")
