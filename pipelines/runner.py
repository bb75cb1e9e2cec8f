"""One job: claim, make, store, complete. The lease is kept alive meanwhile; a lost one ends the work quietly.

Every lease stores under keys of its own, so that a worker who lost it while storing can't touch what came after.
"""

import asyncio
import hashlib
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import structlog

from orchestrator.core.control_client import ControlClient, ControlRefused, ControlUnavailable
from orchestrator.core.storage import Storage
from orchestrator.settings import Settings, languages_of, offline_models
from pipelines.kind import Made
from pipelines.language import LanguageModel
from pipelines.process.making import MakingFailed, Workshop, bounded
from pipelines.process.talk import Order
from pipelines.registry import KINDS
from schema.agents import Accepted
from schema.errors import DomainError, JobNotClaimable, NotFound
from schema.jobs import (
    BETTERS,
    FIRST,
    NEEDS,
    ClaimedJob,
    ClaimJob,
    CompleteJob,
    FailJob,
    Heartbeat,
    Parameters,
    artifacts_of,
)

log = structlog.get_logger(__name__)
DEFAULTS = Settings()
HEARTBEATS_PER_LEASE = 3
# What a child says of its progress lies between these: before is claiming, behind is storing.
FIRST_PERCENT, LAST_PERCENT = 5, 95


class LeaseLost(Exception):
    """Somebody cancelled the job or new input arrived: what is being made is not wanted any more."""


class Runner:
    """Raises ControlUnavailable when the control plane cannot be told; the lease then runs out and the job comes back."""

    def __init__(
        self, control: ControlClient, storage: Storage, settings: Settings = DEFAULTS
    ) -> None:
        self._control = control
        self._storage = storage
        self._model = LanguageModel.of(settings)
        self._languages = languages_of(settings)
        self._hearing = Parameters(model=offline_models(settings)[0])
        self._workshop = Workshop()

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
            made = await self._make(path, job)
            key = await self._store(job, made)
        except LeaseLost:
            raise
        except (DomainError, MakingFailed) as error:
            return FailJob(
                lease_token=job.lease_token, error=error.message, retryable=error.retryable
            )
        except Exception as error:
            log.exception("job failed", job=str(job.id), kind=job.kind)
            return FailJob(lease_token=job.lease_token, error=type(error).__name__, retryable=True)
        return CompleteJob(
            lease_token=job.lease_token, key=key, provenance=_provenance(job) | made.provenance
        )

    async def _make(self, path: str, job: ClaimedJob) -> Made:
        """Raises LeaseLost."""
        await self.progress(path, job, FIRST_PERCENT)
        limits = KINDS[job.kind].limits
        order = Order(
            kind=job.kind,
            source=job.input,
            made=await self._inputs(job),
            parameters=job.parameters if job.parameters.model else self._hearing,
            language_model=self._model.name if self._model else "",
            languages=self._languages,
            memory_bytes=bounded(limits),
            idle=job.kind not in FIRST,
        )
        made = await self._workshop.make(order, limits, Helpers(self, path, job))
        await self.progress(path, job, LAST_PERCENT)
        return made

    async def _inputs(self, job: ClaimedJob) -> dict[str, bytes]:
        """Raises NotFound for one that is needed; one that would only better this may be away."""
        done = job.input.done
        made: dict[str, bytes] = {
            need: await self._storage.get(done[need]) for need in NEEDS[job.kind]
        }
        for other, bettered in BETTERS.items():
            if bettered == job.kind and other in done:
                content = await self.object(done[other])
                made |= {} if content is None else {other: content}
        return made

    async def object(self, key: str) -> bytes | None:
        try:
            return await self._storage.get(key)
        except NotFound:
            log.warning("object missing", key=key)
            return None

    async def written(self, prompt: str, text: str) -> str:
        """Raises MakingFailed while the language model is away."""
        return await self._model.write(prompt, text) if self._model else ""

    async def _store(self, job: ClaimedJob, made: Made) -> str:
        """Returns the object key of the JSON."""
        lease = hashlib.sha256(job.lease_token.encode()).hexdigest()[:16]
        folder = artifacts_of(job.input.tenant_id, job.input.session_id, job.kind)
        stem = f"{folder}/{job.id}-{lease}"
        for suffix, content in made.files.items():
            await self._storage.put(f"{stem}.{suffix}", content)
        return f"{stem}.json"

    async def progress(self, path: str, job: ClaimedJob, percent: int) -> None:
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


class Helpers:
    """One job's, for its child."""

    def __init__(self, runner: Runner, path: str, job: ClaimedJob) -> None:
        self._runner = runner
        self._path = path
        self._job = job
        self.read = runner.object
        self.write = runner.written

    async def tell(self, percent: int) -> None:
        span = LAST_PERCENT - FIRST_PERCENT
        await self._runner.progress(self._path, self._job, FIRST_PERCENT + span * percent // 100)


def _provenance(job: ClaimedJob) -> dict[str, Any]:
    return {
        "pipeline": job.kind,
        "version": KINDS[job.kind].version,
        "inputHash": job.input_hash,
        "firstSequence": 1,
        "lastSequence": job.input.last_sequence,
    }
