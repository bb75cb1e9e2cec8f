"""What platforms say of the streams of live classes: asked gently, shown on air, kept with the timeline."""

from collections.abc import AsyncIterator
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import pytest
import sqlalchemy as sa

from orchestrator.core.clock import utc_now
from orchestrator.core.crypto import Keyring
from orchestrator.core.database import Database
from orchestrator.destinations.tables import ingests
from orchestrator.destinations.targets import Targets
from orchestrator.egress import selection
from orchestrator.egress.health import pace
from orchestrator.egress.health.rounds import Rounds
from orchestrator.platforms.oauth import OAuth
from orchestrator.platforms.service import Connections
from orchestrator.platforms.transport import Transport
from orchestrator.platforms.vendors.registry import platforms
from orchestrator.sessions.tables import sessions
from orchestrator.settings import Settings
from tests.fakes.platforms import Simulator
from tests.support.accounts import PLATFORMS, connect
from tests.support.school import Caller, School

each = pytest.mark.parametrize("platform", PLATFORMS)
LOW = {
    "type": "bitrateLow",
    "severity": "warning",
    "reason": "Check your video settings",
    "description": "The stream's bitrate is lower than the recommended bitrate.",
}


class Airing:
    """A live class on accounts; time passes only here."""

    def __init__(self, caller: Caller, school: School, database: Database) -> None:
        self.caller, self.school, self.database = caller, school, database
        self.now = utc_now()
        self.session_id = UUID(int=0)

    def clock(self) -> datetime:
        return self.now

    async def go_live(self, targets: Targets, *platforms: str) -> None:
        """As the reconciler does: chosen, asked for an address, and taken by the platform."""
        made = [await connect(self.caller, self.school.teacher, one) for one in platforms]
        self.session_id = await self.caller.new_session(self.school)
        chosen = {"destinationIds": [one["id"] for one in made]}
        path = f"/api/sessions/{self.session_id}/destinations"
        assert (await self.caller.post(self.school.teacher, path, chosen)).status_code == 200
        for one in made:
            await targets.ask(self.school.tenant_id, self.session_id, UUID(one["id"]), "Emma")
        async with self.database.system_transaction() as tx:
            await tx.execute(sa.update(sessions).values(status="live"))
            await tx.execute(sa.update(selection.table).values(status="live"))

    async def shown(self) -> Any:
        path = f"/api/sessions/{self.session_id}/destinations"
        (one,) = (await self.caller.get(self.school.teacher, path)).json()
        return one["platform"]

    async def kept(self) -> Any:
        path = f"/api/sessions/{self.session_id}/destinations/timeline"
        (one,) = (await self.caller.get(self.school.teacher, path)).json()
        return [said["status"] for said in one["platform"]]

    async def next_question(self) -> datetime | None:
        async with self.database.system_transaction() as tx:
            found: datetime | None = await tx.scalar(sa.select(ingests.c.ask_at))
        return found


@pytest.fixture
async def airing(caller: Caller, school: School, database: Database) -> Airing:
    return Airing(caller, school, database)


@pytest.fixture
async def connections(chosen: Settings, database: Database) -> AsyncIterator[Connections]:
    transport = Transport(chosen)
    keyring = Keyring(chosen.encryption_key)
    yield Connections(database, keyring, platforms(chosen, transport), OAuth(transport))
    await transport.close()


@pytest.fixture
def targets(
    airing: Airing, connections: Connections, chosen: Settings, database: Database
) -> Targets:
    keyring = Keyring(chosen.encryption_key)
    return Targets(database, keyring, connections, chosen, clock=airing.clock)


@pytest.fixture
def rounds(airing: Airing, connections: Connections, database: Database) -> Rounds:
    return Rounds(database, connections, airing.clock)


async def test_youtubes_verdict_and_what_it_finds_wrong_are_shown_and_kept(
    airing: Airing, both: Simulator, targets: Targets, rounds: Rounds
) -> None:
    await airing.go_live(targets, "youtube")
    assert await airing.shown() is None
    assert await rounds.look() == 0, "nothing is known of a stream that has only begun"
    airing.now += timedelta(seconds=16)
    assert await rounds.look() == 1
    assert (await airing.shown())["status"] == "no_data"
    both.google.judge("bad", LOW)
    airing.now += pace.TROUBLED
    assert await rounds.look() == 1
    shown = await airing.shown()
    assert shown["status"] == "bad"
    assert shown["issues"] == [{"severity": "warning", "message": LOW["description"]}]
    assert await airing.kept() == ["no_data", "bad"]


async def test_the_same_word_again_is_kept_once_and_asked_for_seldom(
    airing: Airing, both: Simulator, targets: Targets, rounds: Rounds
) -> None:
    await airing.go_live(targets, "youtube")
    both.google.judge("good")
    before = both.google.units
    for _ in range(3):
        airing.now += pace.WELL
        assert await rounds.look() == 1
        assert await rounds.look() == 0
    assert await airing.kept() == ["good"]
    assert both.google.units - before == 3


async def test_twitch_says_whether_the_channel_is_live(
    airing: Airing, both: Simulator, targets: Targets, rounds: Rounds
) -> None:
    await airing.go_live(targets, "twitch")
    for live in (False, True):
        both.twitch.live = live
        airing.now += pace.WELL
        await rounds.look()
    assert await airing.kept() == ["offline", "online"]


async def test_a_quota_that_is_used_up_is_asked_less_and_less(
    airing: Airing, both: Simulator, targets: Targets, rounds: Rounds
) -> None:
    await airing.go_live(targets, "youtube")
    both.google.quota_left = both.google.units
    waits = []
    airing.now += pace.WELL
    for _ in range(3):
        assert await rounds.look() == 1
        at = await airing.next_question()
        assert at is not None
        waits.append(at - airing.now)
        airing.now = at
    assert waits == [pace.WELL, 2 * pace.WELL, 4 * pace.WELL]
    assert await airing.kept() == []
    both.google.quota_left = None
    assert await rounds.look() == 1
    assert await airing.kept() == ["no_data"]


def test_no_silence_is_waited_for_longer_than_a_quarter_of_an_hour() -> None:
    assert pace.after_silence(5) == pace.after_silence(1000) == pace.LONGEST


async def test_an_account_without_the_permission_is_not_asked_again(
    airing: Airing, both: Simulator, targets: Targets, rounds: Rounds
) -> None:
    await airing.go_live(targets, "youtube")
    for grant in both.google.grants:
        grant.scopes = set()
    airing.now += pace.WELL
    assert await rounds.look() == 1
    assert await airing.next_question() is None
    assert await airing.shown() is None


@each
async def test_an_account_that_is_over_is_not_asked_again_and_stays_on_air(
    airing: Airing, both: Simulator, targets: Targets, rounds: Rounds, platform: str
) -> None:
    await airing.go_live(targets, platform)
    both.of(platform).revoke_all()
    airing.now += pace.WELL
    assert await rounds.look() == 1
    assert await airing.next_question() is None
    async with airing.database.system_transaction() as tx:
        assert await tx.scalar(sa.select(selection.table.c.status)) == "live"


async def test_what_is_off_the_air_is_not_asked_about(
    airing: Airing, targets: Targets, rounds: Rounds, database: Database
) -> None:
    await airing.go_live(targets, *PLATFORMS)
    airing.now += pace.WELL
    async with database.system_transaction() as tx:
        await tx.execute(sa.update(selection.table).values(status="retrying"))
    assert await rounds.look() == 0
    async with database.system_transaction() as tx:
        await tx.execute(sa.update(selection.table).values(status="live"))
        await tx.execute(sa.update(sessions).values(status="ended"))
    assert await rounds.look() == 0


async def test_a_word_that_is_old_is_not_shown_as_news(
    airing: Airing, both: Simulator, targets: Targets, rounds: Rounds
) -> None:
    await airing.go_live(targets, "youtube")
    both.google.judge("good")
    airing.now += pace.WELL
    await rounds.look()
    assert (await airing.shown())["status"] == "good"
    async with airing.database.system_transaction() as tx:
        await tx.execute(sa.update(ingests).values(heard_at=utc_now() - timedelta(minutes=4)))
    assert await airing.shown() is None
    assert await airing.kept() == ["good"]
