"""Tells the workers what is due. The queue only carries: the truth of a job is its row."""

import asyncio

import structlog

from orchestrator.core.bus import Bus
from orchestrator.core.clock import wait_at_most
from orchestrator.core.queue import ARTIFACT, Queue
from orchestrator.core.queue import QUICK as QUICK_LANE
from orchestrator.core.queue import SLOW as SLOW_LANE
from orchestrator.recordings.intake import Intake
from orchestrator.recordings.making.jobs import Jobs
from schema.errors import DomainError
from schema.jobs import FIRST, SLOW

log = structlog.get_logger(__name__)

SWEEP_S = 15.0
# Between two looks at the jobs, however many events come in between.
AGAIN_S = 0.5
# What a replay does not wait for, so that it never stands before what becomes due in between.
LATER_S = 3.0


class Dispatcher:
    """Tells workers of due jobs through the queue, again and again until one claims them; `run` until cancelled."""

    def __init__(self, jobs: Jobs, intake: Intake, queue: Queue, bus: Bus) -> None:
        self._jobs = jobs
        self._intake = intake
        self._queue = queue
        self._woken = asyncio.Event()
        bus.watch(lambda *_: self._woken.set())

    async def run(self) -> None:
        while True:
            self._woken.clear()
            try:
                await self.dispatch()
                pause_s = await self._jobs.next_due_s()
            except DomainError as error:
                log.warning("dispatch postponed", code=error.code)
                pause_s = None
            await asyncio.sleep(AGAIN_S)
            calm_s = SWEEP_S if pause_s is None else min(SWEEP_S, max(0, pause_s))
            await wait_at_most(calm_s, self._woken)

    async def dispatch(self) -> None:
        """Raises DatabaseUnavailable, BusUnavailable."""
        for session_id in await self._intake.unmeasured():
            await self._intake.measure_speakers(session_id)
        await self._jobs.release_expired()
        for job in await self._jobs.due():
            # The queue drops a message that is there already.
            message = f"{job.id}:{job.attempts}"
            lane = SLOW_LANE if job.kind in SLOW else QUICK_LANE
            after_s = 0 if job.kind in FIRST else LATER_S
            await self._queue.enqueue(
                ARTIFACT, str(job.id), job_id=message, queue=lane, after_s=after_s
            )
