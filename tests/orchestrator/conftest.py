"""The whole control plane on the run's real servers, called over ASGI, and two schools that must not see each other."""

from collections.abc import AsyncIterator

import msgspec
import pytest
from litestar import Litestar

from orchestrator.app import create_app
from orchestrator.cli.stack.ports import free_port
from orchestrator.core.database import Database
from orchestrator.parts import Parts
from orchestrator.settings import Settings
from tests.support.school import Caller, School, calling, found_school


@pytest.fixture(scope="session")
def built(settings: Settings) -> tuple[Litestar, Parts]:
    """Once for all tests: its routes take half a second."""
    parts = Parts(settings)
    return create_app(parts=parts), parts


@pytest.fixture
def app(built: tuple[Litestar, Parts], database: Database) -> Litestar:
    """With parts of this test's own."""
    app, parts = built
    parts.open()
    return app


@pytest.fixture
async def caller(app: Litestar) -> AsyncIterator[Caller]:
    async with calling(app) as caller:
        yield caller


@pytest.fixture
def at_port(settings: Settings) -> Settings:
    """For a control plane that other programs call, by `serve`."""
    port = free_port()
    return msgspec.structs.replace(settings, control_url=f"http://127.0.0.1:{port}", port=port)


@pytest.fixture
async def school(database: Database) -> School:
    return await found_school(database)


@pytest.fixture
async def other_school(database: Database) -> School:
    return await found_school(database, "Another school")
