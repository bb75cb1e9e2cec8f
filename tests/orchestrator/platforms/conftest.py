"""The control plane with both platforms simulated."""

from collections.abc import AsyncIterator

import pytest
from litestar import Litestar

from orchestrator.app import create_app
from orchestrator.core.database import Database
from orchestrator.settings import Settings
from tests.fakes.platforms import Simulator, simulator
from tests.support.accounts import settings_for


@pytest.fixture
async def both(settings: Settings) -> AsyncIterator[Simulator]:
    async with simulator(settings.public_url) as both:
        yield both


@pytest.fixture
def chosen(settings: Settings, both: Simulator) -> Settings:
    return settings_for(settings, both)


@pytest.fixture
def app(chosen: Settings, database: Database) -> Litestar:
    return create_app(chosen)
