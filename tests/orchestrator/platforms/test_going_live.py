"""What an account's platform is asked for when a class goes live, and what comes of its answers."""

from collections.abc import AsyncIterator
from typing import Any
from uuid import UUID

import pytest

from orchestrator.core.crypto import Keyring
from orchestrator.core.database import Database
from orchestrator.destinations.targets import Found, Targets
from orchestrator.platforms.oauth import OAuth
from orchestrator.platforms.service import Connections
from orchestrator.platforms.transport import Transport
from orchestrator.platforms.vendors.registry import platforms
from orchestrator.settings import Settings
from schema.errors import AccountExpired, InvalidField, PlatformRefused, PlatformUnavailable
from tests.fakes.platforms import Simulator
from tests.support.accounts import PLATFORMS, connect
from tests.support.school import Caller, School

each = pytest.mark.parametrize("platform", PLATFORMS)


@pytest.fixture
async def targets(chosen: Settings, database: Database) -> AsyncIterator[Targets]:
    transport = Transport(chosen)
    keyring = Keyring(chosen.encryption_key)
    connections = Connections(database, keyring, platforms(chosen, transport), OAuth(transport))
    yield Targets(database, keyring, connections, chosen)
    await transport.close()


class Airing:
    """One account in one class of the school."""

    def __init__(self, targets: Targets, school: School, session_id: UUID, made: Any) -> None:
        self.targets, self.school = targets, school
        self.session_id, self.id = session_id, UUID(made["id"])

    async def ask(self) -> str:
        tenant = self.school.tenant_id
        found = await self.targets.ask(tenant, self.session_id, self.id, "Odes <live>")
        return found.reveal()

    async def found(self, database: Database) -> Found:
        tenant = self.school.tenant_id
        async with database.system_transaction() as tx:
            return await self.targets.of_session(tx, tenant, self.session_id, [self.id])

    async def stored(self, database: Database) -> str | None:
        found = await self.found(database)
        assert (self.id in found.known) != (self.id in found.unasked)
        return found.known[self.id].reveal() if self.id in found.known else None


async def airing(targets: Targets, caller: Caller, school: School, platform: str) -> Airing:
    made = await connect(caller, school.teacher, platform)
    return Airing(targets, school, await caller.new_session(school), made)


async def test_youtube_gets_a_broadcast_bound_to_the_stream(
    caller: Caller, school: School, both: Simulator, targets: Targets, database: Database
) -> None:
    on = await airing(targets, caller, school, "youtube")
    assert await on.stored(database) is None
    url = await on.ask()
    (stream,) = both.google.streams.values()
    (broadcast,) = both.google.broadcasts.values()
    assert url == f"{both.google.ingest}/{stream['cdn']['ingestionInfo']['streamName']}"
    assert broadcast["contentDetails"]["boundStreamId"] == stream["id"]
    assert broadcast["contentDetails"]["enableAutoStart"] is True
    # YouTube takes no angle brackets.
    assert broadcast["snippet"]["title"] == "Odes live"
    assert await on.stored(database) == url


async def test_twitch_gives_its_key_and_the_nearest_open_server(
    caller: Caller, school: School, both: Simulator, targets: Targets
) -> None:
    on = await airing(targets, caller, school, "twitch")
    assert await on.ask() == f"{both.twitch.ingest}/{both.twitch.stream_key}"


@each
async def test_asking_again_makes_nothing_twice(
    caller: Caller,
    school: School,
    both: Simulator,
    targets: Targets,
    database: Database,
    platform: str,
) -> None:
    on = await airing(targets, caller, school, platform)
    first = await on.ask()
    assert await on.ask() == first == await on.stored(database)
    assert len(both.google.broadcasts) == len(both.google.streams) == (platform == "youtube")


@each
async def test_another_class_is_another_broadcast(
    caller: Caller, school: School, both: Simulator, targets: Targets, platform: str
) -> None:
    on = await airing(targets, caller, school, platform)
    await on.ask()
    on.session_id = await caller.new_session(school)
    await on.ask()
    assert len(both.google.broadcasts) == len(both.google.streams) == 2 * (platform == "youtube")


@each
async def test_a_token_that_ran_out_while_asking_is_renewed(
    caller: Caller, school: School, both: Simulator, targets: Targets, platform: str
) -> None:
    on = await airing(targets, caller, school, platform)
    both.of(platform).expire()
    assert await on.ask()
    assert both.of(platform).refreshes == 1


@each
async def test_a_permission_taken_back_is_said_and_connecting_again_mends_it(
    caller: Caller,
    school: School,
    both: Simulator,
    targets: Targets,
    database: Database,
    platform: str,
) -> None:
    on = await airing(targets, caller, school, platform)
    both.of(platform).revoke_all()
    with pytest.raises(AccountExpired, match="connect the account again"):
        await on.ask()
    # Only a person can mend it: no class asks the platform again before.
    assert "connect the account again" in (await on.found(database)).unusable[on.id]
    await connect(caller, school.teacher, platform)
    assert await on.stored(database) is None
    assert await on.ask() == await on.stored(database)


@each
async def test_an_absent_platform_is_asked_again_later(
    caller: Caller, school: School, both: Simulator, targets: Targets, platform: str
) -> None:
    on = await airing(targets, caller, school, platform)
    both.of(platform).expire()
    both.of(platform).away = True
    with pytest.raises(PlatformUnavailable):
        await on.ask()
    both.of(platform).away = False
    assert await on.ask()


@pytest.mark.parametrize(
    ("reason", "words"),
    [
        ("liveStreamingNotEnabled", "YouTube Studio"),
        ("insufficientPermissions", "connect it again"),
        ("somethingNew", "YouTube refused"),
    ],
)
async def test_a_refusal_says_what_the_owner_can_do(
    caller: Caller, school: School, both: Simulator, targets: Targets, reason: str, words: str
) -> None:
    on = await airing(targets, caller, school, "youtube")
    both.google.refuse_live = reason
    with pytest.raises(PlatformRefused, match=words):
        await on.ask()


async def test_a_quota_that_is_used_up_passes(
    caller: Caller, school: School, both: Simulator, targets: Targets
) -> None:
    on = await airing(targets, caller, school, "youtube")
    both.google.refuse_live = "quotaExceeded"
    with pytest.raises(PlatformUnavailable):
        await on.ask()


@pytest.mark.parametrize("ingest", ["file:///tmp", "rtmp://user@host/live", "rtmp://host/a b"])
@each
async def test_an_address_that_no_person_could_enter_is_refused_from_a_platform_too(
    caller: Caller, school: School, both: Simulator, targets: Targets, ingest: str, platform: str
) -> None:
    on = await airing(targets, caller, school, platform)
    both.of(platform).ingest = ingest
    with pytest.raises(InvalidField):
        await on.ask()


async def test_a_rehearsal_on_youtube_is_seen_by_nobody(
    caller: Caller, school: School, both: Simulator, targets: Targets
) -> None:
    on = await airing(targets, caller, school, "youtube")
    first = await targets.rehearsal(school.tenant_id, on.id)
    assert await targets.rehearsal(school.tenant_id, on.id) == first
    assert (len(both.google.streams), both.google.broadcasts) == (1, {})
