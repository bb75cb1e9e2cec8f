"""The control plane on a real port: an ASGI transport would keep a stream back until its end."""

from collections.abc import AsyncIterator

import pytest
from msgspec.structs import replace

from orchestrator.cli.stack.ports import free_port
from orchestrator.core.database import Database
from orchestrator.settings import Settings
from tests.support.school import Caller
from tests.support.served import serve


@pytest.fixture
async def served(settings: Settings, database: Database) -> AsyncIterator[Caller]:
    """Gone before the database is emptied."""
    async with serve(replace(settings, port=free_port())) as caller:
        yield caller
