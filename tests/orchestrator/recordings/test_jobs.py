"""Leases on artifact jobs: one worker at a time, nothing lost, nothing done on old input."""

import asyncio
from datetime import timedelta
from uuid import UUID

import pytest
import sqlalchemy as sa

from orchestrator.captions.reading import of_course
from orchestrator.core.clock import utc_now
from orchestrator.core.database import Database
from orchestrator.core.eventlog import EventLog
from orchestrator.core.storage import Storage
from orchestrator.recordings import projection
from orchestrator.recordings.domain import (
    AT_ONCE,
    PATIENCE,
    Due,
    fair,
    job_id,
    ready,
    replay_state,
)
from orchestrator.recordings.intake import Intake
from orchestrator.recordings.making.jobs import LEASE, Jobs
from orchestrator.recordings.projection import GRACE
from orchestrator.recordings.tables import jobs as table
from orchestrator.recordings.tables import versions
from orchestrator.sessions import projection as sessions_projection
from orchestrator.sessions.tables import sessions
from orchestrator.settings import Settings
from orchestrator.state.session import SessionState, evolve
from schema import events as e
from schema.captions import CaptionSettings
from schema.errors import JobNotClaimable, NotFound
from schema.jobs import (
    ALWAYS,
    CONTENT_HASH,
    FIRST,
    ON_REQUEST,
    ArtifactKind,
    ClaimedJob,
    CompleteJob,
    FailJob,
    FailureCause,
    Heartbeat,
    JobState,
    artifacts_of,
    with_dependents,
)
from tests.support.school import School

SPEAKER = UUID(int=3)


class Office:
    """The jobs of one ended class, on a clock that the test moves."""

    def __init__(self, database: Database, school: School, storage: Storage) -> None:
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
        self.storage = storage
        self.jobs = self.new_jobs()
        self.intake = Intake(database, self.events)

    def new_jobs(self) -> Jobs:
        """As a control plane makes them when it starts."""
        return Jobs(self.database, self.events, self.storage, {}, of_course, lambda: self.now)

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
        await self.note("join", self.joined())
        await self.note("end", e.SessionEnded(reason="room_finished"))
        self.now += timedelta(seconds=5)

    def joined(self) -> e.ParticipantJoined:
        """Whoever speaks in `spoken`."""
        teacher = self.school.teacher.user_id
        return e.ParticipantJoined(
            participant_id=SPEAKER, user_id=teacher, name="Ada", role="teacher"
        )

    async def note(self, key: str, event: e.Event) -> None:
        async with self.database.system_transaction() as tx:
            await self.events.append(
                tx, self.school.tenant_id, self.session_id, key, lambda _: [event]
            )

    def key(self, kind: ArtifactKind) -> str:
        return f"{artifacts_of(self.school.tenant_id, self.session_id, kind)}/made.json"

    def id(self, kind: ArtifactKind) -> UUID:
        return job_id(self.session_id, kind)

    async def due(self) -> set[ArtifactKind]:
        found = {job.id for job in await self.jobs.due()}
        return {kind for kind in ALWAYS if self.id(kind) in found}

    async def make(self, kind: ArtifactKind) -> ClaimedJob:
        claimed = await self.jobs.claim(self.id(kind))
        report = CompleteJob(
            lease_token=claimed.lease_token, key=self.key(kind), provenance={"version": 1}
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
async def office(database: Database, school: School, settings: Settings) -> Office:
    office = Office(database, school, Storage.from_settings(settings))
    await office.hold_class()
    return office


def spoken(n: int) -> e.CaptionFinalized:
    return e.CaptionFinalized(
        segment_id=f"SG_{n}",
        participant_id=SPEAKER,
        track_sid="TR",
        start_unix_ms=n,
        end_unix_ms=n + 1,
        text="Hello.",
        language="en",
        words=[],
    )


async def test_jobs_become_due_in_the_order_of_their_needs(office: Office) -> None:
    assert await office.due() == {"transcript", "slides", "tracks", "speech"}
    with pytest.raises(JobNotClaimable):
        await office.jobs.claim(office.id("replay"))
    await office.make("transcript")
    assert {"highlights", "statistics"} <= await office.due()
    assert "chapters" not in await office.due()
    for kind in ("slides", "chapters", "highlights"):
        await office.make(kind)
    claimed = await office.make("replay")
    assert claimed.input.done == {kind: office.key(kind) for kind in FIRST - {"replay"}}
    assert (await office.state()).artifacts["replay"] == office.key("replay")
    assert await office.due() == {
        "tracks",
        "search",
        "statistics",
        "summary",
        "translation",
        "speech",
    }


async def test_the_careful_pass_has_the_transcript_made_again_and_what_is_made_of_it(
    office: Office,
) -> None:
    for kind in ALWAYS:
        await office.make(kind)
    again = set(with_dependents("transcript")) - ON_REQUEST
    assert {kind for kind in ALWAYS if (await office.row(kind))["state"] == "queued"} == again
    office.now += timedelta(seconds=5)
    claimed = await office.jobs.claim(office.id("transcript"))
    assert claimed.input.done["speech"] == office.key("speech")
    states = (await office.state()).jobs
    assert {kind for kind in ALWAYS if states[kind] == "open"} == again


async def test_the_same_input_has_the_same_hash_wherever_it_was_stored(office: Office) -> None:
    async def made(kind: ArtifactKind, key: str, content: str) -> str:
        claimed = await office.jobs.claim(office.id(kind))
        report = CompleteJob(
            lease_token=claimed.lease_token, key=key, provenance={CONTENT_HASH: content}
        )
        await office.jobs.complete(claimed.id, report)
        return claimed.input_hash

    async def again(kind: ArtifactKind, key: str, content: str) -> str:
        requeued = e.ArtifactRequeued(kind=kind, job_id=office.id(kind))
        await office.note(f"again {kind} {key}", requeued)
        return await made(kind, key, content)

    words = await made("transcript", "one.json", "words")
    moments = await made("highlights", "h1.json", "moments")
    assert await again("transcript", "two.json", "words") == words
    assert await again("highlights", "h2.json", "moments") == moments
    await again("transcript", "three.json", "other words")
    assert await again("highlights", "h3.json", "moments") != moments


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


async def test_of_twenty_workers_that_are_told_of_a_job_one_has_it(office: Office) -> None:
    name = office.id("transcript")
    told = await asyncio.gather(
        *(office.jobs.claim(name) for _ in range(20)), return_exceptions=True
    )
    assert sum(isinstance(one, ClaimedJob) for one in told) == 1
    assert sum(isinstance(one, JobNotClaimable) for one in told) == 19
    assert (await office.row("transcript"))["attempts"] == 1


async def test_a_job_is_nobodys_before_its_time(office: Office) -> None:
    """A message of before may still lie in the queue when words of the last second put the job off."""
    await office.intake.captions(office.session_id, [spoken(1)])
    with pytest.raises(JobNotClaimable):
        await office.jobs.claim(office.id("transcript"))
    office.now += GRACE
    assert (await office.jobs.claim(office.id("transcript"))).attempt == 1


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
    for _ in range(PATIENCE["broken"]):
        claimed = await office.jobs.claim(office.id("transcript"))
        report = FailJob(lease_token=claimed.lease_token, error="it broke", cause="broken")
        await office.jobs.fail(claimed.id, report)
        row = await office.row("transcript")
        waits.append(row["next_attempt_at"] - office.now)
        office.now = max(office.now, row["next_attempt_at"])
    row = await office.row("transcript")
    assert (row["state"], row["error"], row["attempts"]) == (
        "parked",
        "it broke",
        PATIENCE["broken"],
    )
    assert waits[0] < waits[1]
    assert "transcript" not in await office.due()
    async with office.database.system_transaction() as tx:
        last = (await office.events.read(tx, office.session_id))[-1].payload
    assert last == e.ArtifactFailed(
        kind="transcript", job_id=office.id("transcript"), error="it broke"
    )


async def fails(office: Office, kind: ArtifactKind, cause: FailureCause) -> sa.RowMapping:
    """Once, at the time at which the job is due."""
    office.now = max(office.now, (await office.row(kind))["next_attempt_at"])
    claimed = await office.jobs.claim(office.id(kind))
    report = FailJob(lease_token=claimed.lease_token, error=cause, cause=cause)
    await office.jobs.fail(claimed.id, report)
    return await office.row(kind)


async def test_a_store_that_is_away_for_a_minute_costs_a_class_nothing_but_the_wait(
    office: Office,
) -> None:
    back = office.now + timedelta(minutes=1)
    row = await fails(office, "transcript", "away")
    while office.now < back:
        row = await fails(office, "transcript", "away")
    assert (row["state"], row["attempts"] > PATIENCE["broken"]) == ("queued", True)
    office.now = max(office.now, row["next_attempt_at"])
    await office.make("transcript")
    assert (await office.row("transcript"))["state"] == "done"
    assert office.now - back < timedelta(minutes=2)


async def test_what_stays_away_for_a_day_is_for_a_person(office: Office) -> None:
    begun = office.now
    while (await fails(office, "transcript", "away"))["state"] == "queued":
        pass
    assert timedelta(hours=23) < office.now - begun < timedelta(hours=25)


async def test_workers_lost_to_deploys_do_not_count_as_crashes(office: Office) -> None:
    await fails(office, "transcript", "broken")
    for _ in range(PATIENCE["lost"] - 1):
        office.now = max(office.now, (await office.row("transcript"))["next_attempt_at"])
        await office.jobs.claim(office.id("transcript"))
        office.now += LEASE
        await office.jobs.release_expired()
    assert (await fails(office, "transcript", "broken"))["state"] == "queued"
    await fails(office, "transcript", "lost")
    assert (await office.row("transcript"))["state"] == "parked"


async def test_a_control_plane_that_comes_back_first_hears_whether_the_work_goes_on(
    office: Office,
) -> None:
    claimed = await office.jobs.claim(office.id("transcript"))
    office.now += timedelta(minutes=5)
    restarted = office.new_jobs()
    await restarted.release_expired()
    await restarted.heartbeat(claimed.id, Heartbeat(lease_token=claimed.lease_token))
    assert (await office.row("transcript"))["state"] == "running"
    office.now += LEASE
    await restarted.release_expired()
    assert (await office.row("transcript"))["state"] == "queued"


async def test_a_failure_for_good_is_parked_at_once(office: Office) -> None:
    claimed = await office.jobs.claim(office.id("transcript"))
    report = FailJob(lease_token=claimed.lease_token, error="unreadable", cause="final")
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
    await office.make("highlights")
    await office.intake.captions(office.session_id, [spoken(1), spoken(2)])
    assert (await office.row("highlights"))["state"] == "queued"


async def test_what_no_version_names_goes_when_the_next_is_done(office: Office) -> None:
    made = office.key("transcript").removesuffix(".json")
    beside = office.key("chapters")
    for name in (f"{made}.json", f"{made}.vtt", f"{made}-late.json", f"{made}-late.vtt", beside):
        await office.storage.put(name, b"{}")
    await office.make("transcript")
    ours = f"{office.school.tenant_id}/"
    assert await office.storage.list(ours) == sorted([beside, f"{made}.json", f"{made}.vtt"])


async def test_a_redaction_forgets_all_that_was_made_and_has_it_made_again(office: Office) -> None:
    for kind in ALWAYS:
        await office.make(kind)
    await office.note(
        "redacted", e.CaptionsRedacted(participant_id=SPEAKER, redacted_by=office.session_id)
    )
    assert (await office.state()).artifacts == {}
    assert {(await office.row(kind))["state"] for kind in ALWAYS} == {"queued"}
    async with office.database.system_transaction() as tx:
        assert await tx.scalar(sa.select(sa.func.count()).select_from(versions)) == 0


async def test_captions_switched_off_take_the_careful_pass_from_its_worker(office: Office) -> None:
    claimed = await office.jobs.claim(office.id("speech"))
    assert claimed.input.treatment.silent == ()
    off = CaptionSettings(False, "", (), False, "staff")
    await office.note("off", e.CaptionsConfigured(settings=off, changed_by=office.session_id))
    report = CompleteJob(lease_token=claimed.lease_token, key="heard.json", provenance={})
    with pytest.raises(JobNotClaimable):
        await office.jobs.complete(claimed.id, report)
    office.now += GRACE
    (silence,) = (await office.jobs.claim(claimed.id)).input.treatment.silent
    assert silence.start_unix_ms == 0
    assert (await office.row("transcript"))["state"] == "queued"


async def test_an_unknown_job_is_not_found(office: Office) -> None:
    with pytest.raises(NotFound):
        await office.jobs.claim(UUID(int=1))


def test_a_replay_is_ready_with_what_comes_first_and_stays_so_while_it_is_improved() -> None:
    done: dict[ArtifactKind, JobState] = dict.fromkeys(FIRST, "done")
    again: dict[ArtifactKind, JobState] = {**done, "transcript": "queued", "speech": "done"}
    assert replay_state({**done, "speech": "running", "quiz": "parked"}, FIRST, 0) == "ready"
    assert replay_state(done, FIRST, 1) == "processing"
    assert replay_state({**again, "speech": "queued"}, FIRST, 0) == "processing"
    assert replay_state(again, {*FIRST, "speech"}, 0) == "ready"
    assert replay_state(again, {"transcript", "speech"}, 0) == "processing"
    assert replay_state({**done, "chapters": "parked"}, FIRST, 0) == "failed"
    assert replay_state({}, [], 0) == "processing"
    assert ready("transcript", {})
    assert not ready("replay", {"transcript": "done", "chapters": "done"})


def test_a_busy_tenant_does_not_keep_another_waiting() -> None:
    busy, other = UUID(int=1), UUID(int=2)
    waiting = [Due(UUID(int=n), "summary", busy, 0) for n in range(100)]
    waiting += [Due(UUID(int=200), "speech", busy, 0), Due(UUID(int=201), "speech", busy, 0)]
    waiting += [Due(UUID(int=300), "replay", other, 0), Due(UUID(int=301), "summary", busy, 0)]
    chosen = fair(waiting, {(busy, False): 3})
    assert chosen[0].tenant_id == other
    assert sum(job.kind == "summary" for job in chosen) == AT_ONCE - 3
    assert sum(job.kind == "speech" for job in chosen) == 1
    assert fair(waiting[:100], {(busy, False): AT_ONCE}) == []
