"""Leases on artifact jobs: one worker at a time, nothing lost, nothing done on old input."""

from datetime import timedelta
from uuid import UUID

import pytest
import sqlalchemy as sa

from orchestrator.core.clock import utc_now
from orchestrator.core.database import Database
from orchestrator.core.eventlog import EventLog
from orchestrator.recordings import projection
from orchestrator.recordings.domain import MAX_ATTEMPTS, NEEDS, job_id, ready, replay_state
from orchestrator.recordings.intake import Intake
from orchestrator.recordings.jobs import LEASE, Jobs
from orchestrator.recordings.tables import jobs as table
from orchestrator.sessions import projection as sessions_projection
from orchestrator.sessions.tables import sessions
from orchestrator.state.session import SessionState, evolve
from schema import events as e
from schema.errors import JobNotClaimable, NotFound
from schema.jobs import ArtifactKind, ClaimedJob, CompleteJob, FailJob, Heartbeat
from tests.support.school import School


class Office:
    """The jobs of one ended class, on a clock that the test moves."""

    def __init__(self, database: Database, school: School) -> None:
        self.database = database
        self.school = school
        self.session_id = UUID(int=77)
        self.now = utc_now()
        self.events = EventLog(
            SessionState(),
            evolve,
            [sessions_projection.project, projection.project],
            clock=lambda: self.now,
        )
        self.jobs = Jobs(database, self.events, lambda: self.now)
        self.intake = Intake(database, self.events)

    async def hold_class(self) -> None:
        async with self.database.system_transaction() as tx:
            await tx.execute(
                sa.insert(sessions).values(
                    id=self.session_id,
                    tenant_id=self.school.tenant_id,
                    lesson_id=self.school.lesson_id,
                    title="Emma",
                    scheduled_start=self.now,
                    scheduled_end=self.now + timedelta(hours=1),
                    created_at=self.now,
                )
            )
        await self.note("start", e.SessionStarted(room="room", started_by=self.session_id))
        await self.note("end", e.SessionEnded(reason="room_finished"))
        self.now += timedelta(seconds=5)

    async def note(self, key: str, event: e.Event) -> None:
        async with self.database.system_transaction() as tx:
            await self.events.append(
                tx, self.school.tenant_id, self.session_id, key, lambda _: [event]
            )

    def id(self, kind: ArtifactKind) -> UUID:
        return job_id(self.session_id, kind)

    async def due(self) -> set[ArtifactKind]:
        found = {name for name, _ in await self.jobs.due()}
        return {kind for kind in NEEDS if self.id(kind) in found}

    async def make(self, kind: ArtifactKind) -> ClaimedJob:
        claimed = await self.jobs.claim(self.id(kind))
        report = CompleteJob(
            lease_token=claimed.lease_token, key=f"{kind}.json", provenance={"version": 1}
        )
        await self.jobs.complete(claimed.id, report)
        return claimed

    async def row(self, kind: ArtifactKind) -> sa.RowMapping:
        async with self.database.system_transaction() as tx:
            found = await tx.execute(sa.select(table).where(table.c.id == self.id(kind)))
            return found.mappings().one()

    async def state(self) -> SessionState:
        async with self.database.system_transaction() as tx:
            return await self.events.state(tx, self.session_id)


@pytest.fixture
async def office(database: Database, school: School) -> Office:
    office = Office(database, school)
    await office.hold_class()
    return office


def spoken(n: int) -> e.CaptionFinalized:
    return e.CaptionFinalized(
        segment_id=f"SG_{n}",
        participant_id=UUID(int=3),
        track_sid="TR",
        start_unix_ms=n,
        end_unix_ms=n + 1,
        text="Hello.",
        language="en",
        words=[],
    )


async def test_jobs_become_due_in_the_order_of_their_needs(office: Office) -> None:
    assert await office.due() == {"transcript"}
    with pytest.raises(JobNotClaimable):
        await office.jobs.claim(office.id("replay"))
    await office.make("transcript")
    assert await office.due() == {"chapters", "highlights"}
    await office.make("chapters")
    await office.make("highlights")
    claimed = await office.make("replay")
    assert await office.due() == set()
    assert claimed.input.done == {kind: f"{kind}.json" for kind in NEEDS if kind != "replay"}
    assert (await office.state()).artifacts["replay"] == "replay.json"


async def test_one_worker_holds_a_job_and_an_old_lease_is_worth_nothing(office: Office) -> None:
    first = await office.jobs.claim(office.id("transcript"))
    with pytest.raises(JobNotClaimable):
        await office.jobs.claim(first.id)
    with pytest.raises(JobNotClaimable):
        await office.jobs.heartbeat(first.id, Heartbeat(lease_token="another token"))
    office.now += LEASE + timedelta(seconds=1)
    await office.jobs.release_expired()
    office.now += timedelta(minutes=1)
    second = await office.jobs.claim(first.id)
    assert second.attempt == 2
    report = CompleteJob(lease_token=first.lease_token, key="late.json", provenance={})
    with pytest.raises(JobNotClaimable):
        await office.jobs.complete(first.id, report)
    assert (await office.state()).artifacts == {}


async def test_a_heartbeat_keeps_the_lease(office: Office) -> None:
    claimed = await office.jobs.claim(office.id("transcript"))
    for _ in range(3):
        office.now += LEASE - timedelta(seconds=1)
        await office.jobs.heartbeat(claimed.id, Heartbeat(lease_token=claimed.lease_token))
        await office.jobs.release_expired()
    assert (await office.row("transcript"))["state"] == "running"


async def test_a_job_that_fails_is_put_off_and_at_last_parked_for_a_person(
    office: Office,
) -> None:
    waits: list[timedelta] = []
    for _ in range(MAX_ATTEMPTS):
        claimed = await office.jobs.claim(office.id("transcript"))
        report = FailJob(lease_token=claimed.lease_token, error="no disk", retryable=True)
        await office.jobs.fail(claimed.id, report)
        row = await office.row("transcript")
        waits.append(row["next_attempt_at"] - office.now)
        office.now = max(office.now, row["next_attempt_at"])
    row = await office.row("transcript")
    assert (row["state"], row["error"], row["attempts"]) == ("parked", "no disk", MAX_ATTEMPTS)
    assert waits[0] < waits[1]
    assert await office.due() == set()
    async with office.database.system_transaction() as tx:
        last = (await office.events.read(tx, office.session_id))[-1].payload
    assert last == e.ArtifactFailed(
        kind="transcript", job_id=office.id("transcript"), error="no disk"
    )


async def test_a_failure_for_good_is_parked_at_once(office: Office) -> None:
    claimed = await office.jobs.claim(office.id("transcript"))
    report = FailJob(lease_token=claimed.lease_token, error="unreadable", retryable=False)
    await office.jobs.fail(claimed.id, report)
    assert (await office.row("transcript"))["state"] == "parked"


async def test_late_words_take_the_job_back_and_are_in_the_next_input(office: Office) -> None:
    claimed = await office.jobs.claim(office.id("transcript"))
    assert claimed.input.captions == []
    assert await office.intake.captions(office.session_id, [spoken(1)]) == 1
    report = CompleteJob(lease_token=claimed.lease_token, key="old.json", provenance={})
    with pytest.raises(JobNotClaimable):
        await office.jobs.complete(claimed.id, report)
    office.now += timedelta(seconds=5)
    again = await office.make("transcript")
    assert [c.segment_id for c in again.input.captions] == ["SG_1"]
    assert again.input_hash != claimed.input_hash
    await office.make("chapters")
    await office.intake.captions(office.session_id, [spoken(1), spoken(2)])
    assert (await office.row("chapters"))["state"] == "queued"


async def test_an_unknown_job_is_not_found(office: Office) -> None:
    with pytest.raises(NotFound):
        await office.jobs.claim(UUID(int=1))


def test_a_replay_is_ready_only_when_everything_is() -> None:
    assert replay_state(["done", "done"], 0) == "ready"
    assert replay_state(["done", "done"], 1) == "processing"
    assert replay_state(["done", "queued"], 0) == "processing"
    assert replay_state(["done", "parked"], 1) == "failed"
    assert replay_state([], 0) == "processing"
    assert ready("transcript", {})
    assert not ready("replay", {"transcript": "done", "chapters": "done"})
