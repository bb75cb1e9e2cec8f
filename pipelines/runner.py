"""One job: claim, make, store, complete. The lease is kept alive meanwhile; a lost one ends the work quietly.

Every lease stores under keys of its own, so that a worker who lost it while storing can't touch what came after.
"""

import asyncio
import hashlib
from typing import Any

import msgspec
import structlog

from orchestrator.core.control_client import ControlClient, ControlRefused, ControlUnavailable
from orchestrator.core.hls.programme import PLAYLIST, read_playlist
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
    CONTENT_HASH,
    FIRST,
    NEEDS,
    ClaimedJob,
    ClaimJob,
    CompleteJob,
    FailJob,
    FailureCause,
    Heartbeat,
    Parameters,
    artifacts_of,
)

log = structlog.get_logger(__name__)
DEFAULTS = Settings()
HEARTBEATS_PER_LEASE = 3
# A quarter of an hour with the usual lease: hours of computing are worth waiting for a restart.
REPORT_TRIES = 45
# What a child says of its progress lies between these: before is claiming, behind is storing.
FIRST_PERCENT, LAST_PERCENT = 5, 95


class LeaseLost(Exception):
    """Somebody cancelled the job or new input arrived: what is being made is not wanted any more."""


class Runner:
    """A control plane that goes away during a job is waited for: the work goes on, and its result is kept to be reported.

    Raises ControlUnavailable for one that is away before a job is claimed, or for too long behind it: the job comes back.
    """

    def __init__(
        self,
        control: ControlClient,
        storage: Storage,
        settings: Settings = DEFAULTS,
        workshop: Workshop | None = None,
    ) -> None:
        self._control = control
        self._storage = storage
        self._model = LanguageModel.of(settings)
        self._languages = languages_of(settings)
        self._hearing = Parameters(model=offline_models(settings)[0])
        self._workshop = workshop or Workshop()

    async def run(self, job_id: str) -> None:
        path = f"/api/internal/jobs/{job_id}"
        try:
            job = await self._control.post(f"{path}/claim", ClaimJob(), ClaimedJob)
        except ControlRefused as refusal:
            if refusal.code not in {JobNotClaimable.code, NotFound.code}:
                raise
            log.info("job not ours", job=job_id, code=refusal.code)
            return
        beat = asyncio.create_task(self._beat(path, job))
        work = asyncio.create_task(self._work(path, job))
        try:
            await asyncio.wait({beat, work}, return_when=asyncio.FIRST_COMPLETED)
            await (work if work.done() else beat)
        except LeaseLost:
            log.info("job given up", job=str(job.id), kind=job.kind)
        finally:
            for task in (beat, work):
                task.cancel()
            await asyncio.gather(beat, work, return_exceptions=True)

    async def _work(self, path: str, job: ClaimedJob) -> None:
        """Raises LeaseLost, ControlUnavailable."""
        await self._report(path, job, await self._outcome(path, job))

    async def _outcome(self, path: str, job: ClaimedJob) -> CompleteJob | FailJob:
        try:
            made = await self._make(path, job)
            key = await self._store(job, made)
        except (LeaseLost, ControlUnavailable):
            raise
        except (DomainError, MakingFailed) as error:
            return FailJob(lease_token=job.lease_token, error=error.message, cause=_cause(error))
        except Exception as error:
            log.exception("job failed", job=str(job.id), kind=job.kind)
            return FailJob(lease_token=job.lease_token, error=type(error).__name__, cause="broken")
        return CompleteJob(lease_token=job.lease_token, key=key, provenance=provenance(job, made))

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
        """The playlist of a programme is that of all who recorded it."""
        try:
            if key.endswith(f"/{PLAYLIST}"):
                return (await read_playlist(self._storage, key)).encode()
            return await self._storage.get(key)
        except NotFound:
            log.warning("object missing", key=key)
            return None

    async def written(self, prompt: str, text: str) -> str:
        """Raises Unwritten."""
        return await self._model.write(prompt, text) if self._model else ""

    async def _store(self, job: ClaimedJob, made: Made) -> str:
        """Returns the object key of the JSON."""
        for suffix, content in made.files.items():
            await self.keep(job, suffix, content)
        return _key(job, "json")

    async def keep(self, job: ClaimedJob, suffix: str, content: bytes) -> None:
        await self._storage.put(_key(job, suffix), content)

    async def progress(self, path: str, job: ClaimedJob, percent: int | None) -> None:
        """None for no news. A control plane that is away learns of it with the next. Raises LeaseLost."""
        beat = Heartbeat(lease_token=job.lease_token, progress_percent=percent)
        try:
            await self._control.post(f"{path}/heartbeat", beat, Accepted)
        except ControlRefused as refusal:
            raise LeaseLost(refusal.code) from refusal
        except ControlUnavailable as error:
            log.warning("heartbeat lost", job=str(job.id), error=str(error))

    async def _report(self, path: str, job: ClaimedJob, report: CompleteJob | FailJob) -> None:
        verb = "complete" if isinstance(report, CompleteJob) else "fail"
        for patience in reversed(range(REPORT_TRIES)):
            try:
                await self._control.post(f"{path}/{verb}", report, Accepted)
                break
            except ControlRefused as refusal:
                # New input has arrived, or the lease ran out: somebody makes it anew.
                raise LeaseLost(refusal.code) from refusal
            except ControlUnavailable:
                if not patience:
                    raise
                await asyncio.sleep(job.lease_s / HEARTBEATS_PER_LEASE)
        log.info("job over", job=str(job.id), kind=job.kind, attempt=job.attempt, verb=verb)

    async def _beat(self, path: str, job: ClaimedJob) -> None:
        """Until cancelled; raises LeaseLost, which ends the work beside it too."""
        while True:
            await asyncio.sleep(job.lease_s / HEARTBEATS_PER_LEASE)
            await self.progress(path, job, None)


class Helpers:
    """One job's, for its child."""

    def __init__(self, runner: Runner, path: str, job: ClaimedJob) -> None:
        self._runner = runner
        self._path = path
        self._job = job
        self.read = runner.object
        self.write = runner.written

    async def keep(self, suffix: str, content: bytes) -> None:
        await self._runner.keep(self._job, suffix, content)

    async def tell(self, percent: int) -> None:
        span = LAST_PERCENT - FIRST_PERCENT
        await self._runner.progress(self._path, self._job, FIRST_PERCENT + span * percent // 100)


def _key(job: ClaimedJob, suffix: str) -> str:
    lease = hashlib.sha256(job.lease_token.encode()).hexdigest()[:16]
    folder = artifacts_of(job.input.tenant_id, job.input.session_id, job.kind)
    return f"{folder}/{job.id}-{lease}.{suffix}"


def _cause(error: DomainError | MakingFailed) -> FailureCause:
    if isinstance(error, MakingFailed):
        return error.cause
    return "away" if error.retryable else "final"


def provenance(job: ClaimedJob, made: Made) -> dict[str, Any]:
    """What every artifact is told with: the log range, the input, and what made it."""
    return {
        "pipeline": job.kind,
        "version": KINDS[job.kind].version,
        "inputHash": job.input_hash,
        CONTENT_HASH: hashlib.sha256(made.files["json"]).hexdigest(),
        "firstSequence": 1,
        "lastSequence": job.input.last_sequence,
        **msgspec.to_builtins(made.recipe),
    }
