"""How long an account stays Connected: tokens that run out, permissions taken back, many callers at once."""

import asyncio
from collections.abc import AsyncIterator
from typing import Any
from uuid import UUID

import pytest
import sqlalchemy as sa

from orchestrator.core.clock import utc_now
from orchestrator.core.crypto import Keyring
from orchestrator.core.database import Database
from orchestrator.platforms.oauth import OAuth
from orchestrator.platforms.port import Platform
from orchestrator.platforms.service import Connections
from orchestrator.platforms.tables import integrations
from orchestrator.platforms.transport import Transport, simulator_of
from orchestrator.platforms.vendors.registry import platforms
from orchestrator.platforms.watch import Watch
from orchestrator.settings import Secret, Settings, SettingsError, load_settings
from schema.errors import AccountExpired
from tests.fakes.platforms import Simulator
from tests.support.accounts import PLATFORMS, connect, status
from tests.support.school import Caller, School

each = pytest.mark.parametrize("platform", PLATFORMS)


@pytest.fixture
async def connections(chosen: Settings, database: Database) -> AsyncIterator[Connections]:
    transport = Transport(chosen)
    keyring = Keyring(chosen.encryption_key)
    yield Connections(database, keyring, platforms(chosen, transport), OAuth(transport))
    await transport.close()


async def badge(caller: Caller, school: School) -> str:
    (listed,) = (await caller.get(school.teacher, "/api/destinations")).json()["items"]
    return str(listed["status"])


async def the_id(database: Database) -> UUID:
    async with database.system_transaction() as tx:
        found: UUID = await tx.scalar(sa.select(integrations.c.id))
    return found


async def change(database: Database, **values: Any) -> None:
    async with database.system_transaction() as tx:
        await tx.execute(sa.update(integrations).values(values))


async def account_id(_: Platform, token: Secret, account: str) -> str:
    assert token.reveal()
    return account


@each
async def test_a_token_that_ran_out_is_renewed_unseen(
    caller: Caller, school: School, both: Simulator, platform: str
) -> None:
    await connect(caller, school.teacher, platform)
    both.of(platform).expire()
    assert (await status(caller, school.teacher, platform))["status"] == "connected"
    assert both.of(platform).refreshes == 1


@each
async def test_a_permission_taken_back_shows_as_expired_until_it_is_given_again(
    caller: Caller, school: School, both: Simulator, platform: str
) -> None:
    made = await connect(caller, school.teacher, platform)
    both.of(platform).revoke_all()
    found = await status(caller, school.teacher, platform)
    assert (found["status"], await badge(caller, school)) == ("expired", "expired")
    assert "connect the account again" in found["lastError"]
    assert (await connect(caller, school.teacher, platform))["id"] == made["id"]
    assert await badge(caller, school) == "connected"


@each
async def test_the_watch_finds_what_was_taken_back(
    caller: Caller,
    school: School,
    both: Simulator,
    database: Database,
    connections: Connections,
    platform: str,
) -> None:
    await connect(caller, school.teacher, platform)
    both.of(platform).revoke_all()
    watch = Watch(database, connections)
    await watch.look()
    assert await badge(caller, school) == "connected"
    await change(database, checked_at=sa.text("now() - interval '1 hour'"))
    await watch.look()
    assert await badge(caller, school) == "expired"


@each
async def test_an_absent_platform_expires_nobody(
    caller: Caller,
    school: School,
    both: Simulator,
    database: Database,
    connections: Connections,
    platform: str,
) -> None:
    await connect(caller, school.teacher, platform)
    both.of(platform).expire()
    both.of(platform).away = True
    await change(database, checked_at=sa.text("now() - interval '1 hour'"))
    await Watch(database, connections).look()
    assert await badge(caller, school) == "connected"
    both.of(platform).away = False
    assert (await status(caller, school.teacher, platform))["status"] == "connected"


@each
async def test_many_callers_renew_once(
    caller: Caller,
    school: School,
    both: Simulator,
    database: Database,
    connections: Connections,
    platform: str,
) -> None:
    await connect(caller, school.teacher, platform)
    await change(database, expires_at=utc_now())
    connection = await the_id(database)
    found = await asyncio.gather(
        *(connections.use(school.tenant_id, connection, account_id) for _ in range(50))
    )
    assert len(set(found)) == 1
    assert both.of(platform).refreshes == 1


async def test_tokens_moved_to_another_row_open_nothing(
    caller: Caller, school: School, database: Database, connections: Connections
) -> None:
    for platform in PLATFORMS:
        await connect(caller, school.teacher, platform)
    one = sa.select(integrations.c.credentials).where(integrations.c.platform == "youtube")
    await change(database, credentials=one.scalar_subquery())
    async with database.system_transaction() as tx:
        twitch = await tx.scalar(
            sa.select(integrations.c.id).where(integrations.c.platform == "twitch")
        )
    with pytest.raises(AccountExpired):
        await connections.use(school.tenant_id, twitch, account_id)
    assert (await status(caller, school.teacher, "twitch"))["status"] == "error"


def test_a_simulator_is_for_this_machine_only() -> None:
    local = {"LECTERN_PLATFORMS_URL": "http://127.0.0.1:9"}
    assert simulator_of(load_settings(local)) == "http://127.0.0.1:9"
    with pytest.raises(SettingsError):
        simulator_of(load_settings({"LECTERN_PLATFORMS_URL": "https://evil.example"}))
