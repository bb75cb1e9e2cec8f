"""A control plane that does nothing by itself, so that whatever changes in the database, a request has changed."""

from collections.abc import AsyncIterator

import pytest_asyncio
import sqlalchemy as sa

from orchestrator.app import create_app
from orchestrator.parts import Parts
from orchestrator.settings import Settings
from tests.orchestrator.walls.world import World
from tests.support.school import calling
from tests.support.servers import EMPTY_ALL


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def world(settings: Settings) -> AsyncIterator[World]:
    """One for all tests of a module: making its objects takes longer than asking for them."""
    parts = Parts(settings)
    parts.loops.clear()
    async with calling(create_app(parts=parts)) as caller:
        world = World(caller, parts.database)
        await world.found()
        yield world
        async with parts.database.system_transaction() as tx:
            await tx.execute(sa.text(EMPTY_ALL))
