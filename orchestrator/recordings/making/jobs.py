"""Artifact jobs: who may work on one (the lease), what became of it, and sending it out again when nobody answers.

Lock order everywhere: the session's row, then the job's, as the projections of the event log do it.
"""

import secrets
from collections import Counter
from collections.abc import Awaitable, Callable, Mapping
from datetime import timedelta
from typing import Any
from uuid import UUID

import msgspec
import sqlalchemy as sa

from orchestrator.core.clock import Clock, utc_now
from orchestrator.core.database import Database, Transaction
from orchestrator.core.eventlog import EventLog
from orchestrator.core.storage import Storage
from orchestrator.recordings import domain
from orchestrator.recordings.domain import Due, Place
from orchestrator.recordings.making.inputs import CourseSettings, artifact_input
from orchestrator.recordings.making.tidying import tidy
from orchestrator.recordings.tables import artifacts, jobs, versions
from orchestrator.sessions.tables import sessions
from orchestrator.state.session import SessionState
from schema.errors import JobNotClaimable, NotFound
from schema.events import ArtifactCompleted, ArtifactFailed
from schema.jobs import (
    CONTENT_HASH,
    SLOW,
    ArtifactKind,
    ClaimedJob,
    CompleteJob,
    FailJob,
    FailureCause,
    Heartbeat,
    JobState,
    Parameters,
    artifacts_of,
)

# Takes a finished job's JSON (by its object key) into rows, in the transaction that completes it.
Publish = Callable[[Transaction, Mapping[str, Any], str], Awaitable[None]]

LEASE = timedelta(seconds=60)
LOST = "The worker went away."


class Jobs:
    """Raises NotFound for an unknown job, JobNotClaimable for a lease that is not (or no longer) the caller's."""

    def __init__(
        self,
        database: Database,
        events: EventLog[SessionState],
        storage: Storage,
        publish: Mapping[str, Publish],
        of_course: CourseSettings,
        clock: Clock = utc_now,
    ) -> None:
        self._database = database
        self._events = events
        self._clock = clock
        self._since = clock()
        self._storage = storage
        self._publish = publish
        self._of_course = of_course

    async def claim(self, job_id: UUID) -> ClaimedJob:
        async with self._database.system_transaction() as tx:
            job = await locked(tx, job_id)
            states = await states_of(tx, job["session_id"])
            if job["state"] != "queued" or not domain.ready(job["kind"], states):
                raise JobNotClaimable("This job is not waiting.")
            if job["next_attempt_at"] > self._clock():
                raise JobNotClaimable("The time of this job has not come.")
            return await self._lease(tx, job)

    async def heartbeat(self, job_id: UUID, beat: Heartbeat) -> None:
        async with self._database.system_transaction() as tx:
            job = await _held(tx, job_id, beat.lease_token)
            percent = beat.progress_percent
            await self._update(
                tx,
                job_id,
                lease_expires_at=self._clock() + LEASE,
                progress_percent=job["progress_percent"] if percent is None else percent,
            )

    async def complete(self, job_id: UUID, report: CompleteJob) -> None:
        async with self._database.system_transaction() as tx:
            job = await _held(tx, job_id, report.lease_token)
            if publish := self._publish.get(job["kind"]):
                await publish(tx, dict(job), report.key)
            await self._update(
                tx, job_id, state="done", lease_token=None, error=None, progress_percent=100
            )
            completed = ArtifactCompleted(
                kind=job["kind"], job_id=job_id, key=report.key, provenance=report.provenance
            )
            await self._events.append(
                tx,
                job["tenant_id"],
                job["session_id"],
                f"job:{job_id}:{report.lease_token}",
                lambda _: [completed],
            )
            kept = await _kept(tx, job)
            folder = artifacts_of(job["tenant_id"], job["session_id"], job["kind"])
            tx.on_commit(lambda: tidy(self._storage, folder, kept))

    async def fail(self, job_id: UUID, report: FailJob) -> None:
        async with self._database.system_transaction() as tx:
            job = await _held(tx, job_id, report.lease_token)
            await self._put_off(tx, job, report.error, report.cause)

    async def release_expired(self) -> None:
        """Jobs whose worker fell silent wait again, or are parked after too many tries.

        Whoever could not reach a control plane that was away gets the time of a lease to say that the work goes on.
        """
        if self._clock() - self._since < LEASE:
            return
        for job_id, lease_token in await self._expired():
            async with self._database.system_transaction() as tx:
                try:
                    job = await _held(tx, job_id, lease_token)
                except JobNotClaimable:
                    continue
                if job["lease_expires_at"] <= self._clock():
                    await self._put_off(tx, job, LOST, "lost")

    async def due(self) -> list[Due]:
        """The jobs that a worker should be told of now; of each tenant only so many as may be made at once."""
        async with self._database.system_transaction() as tx:
            rows = await tx.execute(
                sa.select(jobs)
                .where(jobs.c.state == "queued", jobs.c.next_attempt_at <= self._clock())
                .order_by(jobs.c.next_attempt_at, jobs.c.id)
            )
            waiting = rows.mappings().all()
            known = {
                session_id: await states_of(tx, session_id)
                for session_id in {job["session_id"] for job in waiting}
            }
            running = await _running(tx)
        ready = [
            Due(job["id"], job["kind"], job["tenant_id"], job["attempts"])
            for job in waiting
            if domain.ready(job["kind"], known[job["session_id"]])
        ]
        return domain.fair(ready, running)

    async def next_due_s(self) -> float | None:
        """Seconds until the next job may become due, None when none waits."""
        async with self._database.system_transaction() as tx:
            at = await tx.scalar(
                sa.select(sa.func.min(jobs.c.next_attempt_at)).where(jobs.c.state == "queued")
            )
        return None if at is None else float((at - self._clock()).total_seconds())

    async def _lease(self, tx: Transaction, job: sa.RowMapping) -> ClaimedJob:
        session_id, tenant_id = job["session_id"], job["tenant_id"]
        source = await artifact_input(
            tx, self._events, tenant_id, session_id, job["kind"], self._of_course
        )
        claimed = ClaimedJob(
            id=job["id"],
            kind=job["kind"],
            attempt=job["attempts"] + 1,
            lease_token=secrets.token_urlsafe(24),
            lease_s=int(LEASE.total_seconds()),
            input=source,
            input_hash=domain.input_hash(job["kind"], source, await _contents(tx, session_id)),
            parameters=msgspec.convert(job["parameters"], Parameters),
        )
        await self._update(
            tx,
            claimed.id,
            state="running",
            attempts=claimed.attempt,
            progress_percent=0,
            lease_token=claimed.lease_token,
            lease_expires_at=self._clock() + LEASE,
            input_hash=claimed.input_hash,
        )
        return claimed

    async def _put_off(
        self, tx: Transaction, job: sa.RowMapping, error: str, cause: FailureCause
    ) -> None:
        times = job["failures"].get(cause, 0) + 1
        pause = domain.after_failure(cause, times)
        state: JobState = "parked" if pause is None else "queued"
        await self._update(
            tx,
            job["id"],
            state=state,
            lease_token=None,
            failures={**job["failures"], cause: times},
            error=error,
            next_attempt_at=self._clock() + (pause or timedelta()),
        )
        if pause is None:
            failed = ArtifactFailed(kind=job["kind"], job_id=job["id"], error=error)
            key = f"job:{job['id']}:{job['lease_token']}"
            await self._events.append(
                tx, job["tenant_id"], job["session_id"], key, lambda _: [failed]
            )

    async def _update(self, tx: Transaction, job_id: UUID, **values: Any) -> None:
        at = self._clock()
        await tx.execute(sa.update(jobs).where(jobs.c.id == job_id).values(**values, updated_at=at))

    async def _expired(self) -> list[tuple[UUID, str]]:
        async with self._database.system_transaction() as tx:
            rows = await tx.execute(
                sa.select(jobs.c.id, jobs.c.lease_token).where(
                    jobs.c.state == "running", jobs.c.lease_expires_at <= self._clock()
                )
            )
            return [(row.id, row.lease_token) for row in rows]


async def locked(tx: Transaction, job_id: UUID) -> sa.RowMapping:
    """The job's row, its session's row locked before it."""
    session_id = await tx.scalar(sa.select(jobs.c.session_id).where(jobs.c.id == job_id))
    await lock_session(tx, session_id)
    found = await tx.execute(sa.select(jobs).where(jobs.c.id == job_id).with_for_update())
    job = found.mappings().first()
    if job is None:
        raise NotFound("There is no such job.")
    return job


async def lock_session(tx: Transaction, session_id: UUID | None) -> None:
    await tx.execute(sa.select(sessions.c.id).where(sessions.c.id == session_id).with_for_update())


async def _kept(tx: Transaction, job: sa.RowMapping) -> list[str]:
    """The object keys of all versions of this kind."""
    own = (versions.c.session_id == job["session_id"]) & (versions.c.kind == job["kind"])
    return list((await tx.execute(sa.select(versions.c.key).where(own))).scalars())


async def _contents(tx: Transaction, session_id: UUID) -> dict[str, str]:
    """The hash of what was made, by kind; without what was made before hashes were noted."""
    noted = artifacts.c.provenance[CONTENT_HASH].astext
    rows = await tx.execute(
        sa.select(artifacts.c.type, noted.label("hash")).where(
            artifacts.c.session_id == session_id, noted.is_not(None)
        )
    )
    return {row.type: row.hash for row in rows}


async def _running(tx: Transaction) -> Counter[Place]:
    rows = await tx.execute(
        sa.select(jobs.c.tenant_id, jobs.c.kind).where(jobs.c.state == "running")
    )
    return Counter((row.tenant_id, row.kind in SLOW) for row in rows)


async def _held(tx: Transaction, job_id: UUID, lease_token: str) -> sa.RowMapping:
    job = await locked(tx, job_id)
    if job["state"] != "running" or not secrets.compare_digest(
        str(job["lease_token"]).encode(), lease_token.encode()
    ):
        raise JobNotClaimable("This lease is over.")
    return job


async def states_of(tx: Transaction, session_id: UUID) -> dict[ArtifactKind, JobState]:
    rows = await tx.execute(
        sa.select(jobs.c.kind, jobs.c.state).where(jobs.c.session_id == session_id)
    )
    return {row.kind: row.state for row in rows}
