"""Fixtures for every test: the run's real servers, and this worker's own database and settings on them."""

import contextlib
from collections.abc import AsyncIterator
from typing import Any

import msgspec
import pytest
import sqlalchemy as sa
from hypothesis import settings as hypothesis_settings

from orchestrator.core.database import Database
from orchestrator.core.livekit.ending import let_callbacks_end
from orchestrator.settings import Settings
from tests.support.servers import EMPTY_ALL, LiveKitServer, Servers, start_servers, worker_settings

# A busy machine makes an example slow, never wrong: pytest's timeout is the deadline.
hypothesis_settings.register_profile("lectern", deadline=None)
hypothesis_settings.load_profile("lectern")
let_callbacks_end()

running = contextlib.ExitStack()
started: list[Servers] = []


@pytest.hookimpl(optionalhook=True)
def pytest_configure_node(node: Any) -> None:
    """xdist's controller starts the servers once and tells each worker where they are."""
    if not started:
        started.append(running.enter_context(start_servers()))
    node.workerinput["servers"] = msgspec.to_builtins(started[0])


def pytest_unconfigure() -> None:
    running.close()
    started.clear()


@pytest.fixture(scope="session")
def servers(request: pytest.FixtureRequest) -> Servers:
    """Addresses of the run's PostgreSQL, Redis and livekit-server."""
    given = getattr(request.config, "workerinput", {}).get("servers")
    if given:
        return msgspec.convert(given, Servers)
    if not started:
        started.append(running.enter_context(start_servers()))
    return started[0]


@pytest.fixture(scope="session")
def settings(servers: Servers, request: pytest.FixtureRequest) -> Settings:
    """Settings for this worker: a migrated database, a Redis number and a storage folder of its own."""
    worker = getattr(request.config, "workerinput", {}).get("workerid", "main")
    return worker_settings(servers, worker)


@pytest.fixture(scope="session")
def redis_url(servers: Servers, request: pytest.FixtureRequest) -> str:
    """This worker's Redis database; publish/subscribe channels are shared with the other workers."""
    worker = getattr(request.config, "workerinput", {}).get("workerid", "gw-1")
    return servers.redis_url(int(worker.removeprefix("gw")) + 1)


@pytest.fixture(scope="session")
def livekit_server(servers: Servers) -> LiveKitServer:
    return servers.livekit


@pytest.fixture
async def database(settings: Settings) -> AsyncIterator[Database]:
    """This worker's database; every table is empty again afterwards."""
    database = Database(settings.database_url, pool_size=5)
    yield database
    async with database.system_transaction() as tx:
        await tx.execute(sa.text(EMPTY_ALL))
    await database.close()
