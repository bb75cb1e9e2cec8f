"""One job: claim, make, store, complete. The lease is kept alive meanwhile; a lost one ends the work quietly."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import structlog

from orchestrator.core.control_client import ControlClient, ControlRefused, ControlUnavailable
from orchestrator.core.storage import Storage
from pipelines.kinds import KINDS, Files
from schema.agents import Accepted
from schema.errors import DomainError, JobNotClaimable, NotFound
from schema.jobs import ClaimedJob, ClaimJob, CompleteJob, FailJob, Heartbeat

log = structlog.get_logger(__name__)
HEARTBEATS_PER_LEASE = 3
# Said after reading and after making; what remains is storing.
READ_PERCENT = 50
MADE_PERCENT = 80


class LeaseLost(Exception):
    """Somebody cancelled the job or new input arrived: what is being made is not wanted any more."""


class Runner:
    """Raises ControlUnavailable when the control plane cannot be told; the lease then runs out and the job comes back."""

    def __init__(self, control: ControlClient, storage: Storage) -> None:
        self._control = control
        self._storage = storage

    async def run(self, job_id: str) -> None:
        path = f"/api/internal/jobs/{job_id}"
        try:
            job = await self._control.post(f"{path}/claim", ClaimJob(), ClaimedJob)
        except ControlRefused as refusal:
            if refusal.code not in {JobNotClaimable.code, NotFound.code}:
                raise
            log.info("job not ours", job=job_id, code=refusal.code)
            return
        async with self._heartbeat(path, job):
            try:
                report = await self._work(path, job)
            except LeaseLost:
                log.info("job given up", job=str(job.id), kind=job.kind)
                return
        await self._report(path, job, report)

    async def _work(self, path: str, job: ClaimedJob) -> CompleteJob | FailJob:
        try:
            key = await self._make(path, job)
        except LeaseLost:
            raise
        except DomainError as error:
            return FailJob(
                lease_token=job.lease_token, error=error.message, retryable=error.retryable
            )
        except Exception as error:
            log.exception("job failed", job=str(job.id), kind=job.kind)
            return FailJob(lease_token=job.lease_token, error=type(error).__name__, retryable=True)
        provenance = {
            "pipeline": job.kind,
            "version": KINDS[job.kind].version,
            "inputHash": job.input_hash,
            "lastSequence": job.input.last_sequence,
        }
        return CompleteJob(lease_token=job.lease_token, key=key, provenance=provenance)

    async def _make(self, path: str, job: ClaimedJob) -> str:
        """Returns the object key of the JSON. Raises LeaseLost, and then stores nothing."""
        kind = KINDS[job.kind]
        sources: dict[str, bytes] = {
            need: await self._storage.get(job.input.done[need]) for need in kind.needs
        }
        for key in kind.objects(job.input):
            try:
                sources[key] = await self._storage.get(key)
            except NotFound:
                log.warning("segment missing", job=str(job.id), key=key)
        await self._progress(path, job, READ_PERCENT)
        files: Files = await asyncio.to_thread(kind.make, job.input, sources)
        await self._progress(path, job, MADE_PERCENT)
        stem = f"{job.input.tenant_id}/{job.input.session_id}/artifacts/{job.kind}/{job.id}"
        for suffix, content in files.items():
            await self._storage.put(f"{stem}.{suffix}", content)
        return f"{stem}.json"

    async def _progress(self, path: str, job: ClaimedJob, percent: int) -> None:
        beat = Heartbeat(lease_token=job.lease_token, progress_percent=percent)
        try:
            await self._control.post(f"{path}/heartbeat", beat, Accepted)
        except ControlRefused as refusal:
            raise LeaseLost(refusal.code) from refusal

    async def _report(self, path: str, job: ClaimedJob, report: CompleteJob | FailJob) -> None:
        verb = "complete" if isinstance(report, CompleteJob) else "fail"
        try:
            await self._control.post(f"{path}/{verb}", report, Accepted)
        except ControlRefused as refusal:
            # New input has arrived, or the lease ran out: somebody makes it anew.
            log.info("report refused", job=str(job.id), kind=job.kind, code=refusal.code)
            return
        log.info("job over", job=str(job.id), kind=job.kind, attempt=job.attempt, verb=verb)

    @asynccontextmanager
    async def _heartbeat(self, path: str, job: ClaimedJob) -> AsyncIterator[None]:
        task = asyncio.create_task(self._beat(path, job))
        try:
            yield
        finally:
            task.cancel()
            await asyncio.gather(task, return_exceptions=True)

    async def _beat(self, path: str, job: ClaimedJob) -> None:
        while True:
            await asyncio.sleep(job.lease_s / HEARTBEATS_PER_LEASE)
            try:
                beat = Heartbeat(lease_token=job.lease_token)
                await self._control.post(f"{path}/heartbeat", beat, Accepted)
            except (ControlUnavailable, ControlRefused) as error:
                log.warning("heartbeat lost", job=str(job.id), error=str(error))
