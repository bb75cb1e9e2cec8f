"""The arq workers, one a lane: they carry job ids from Redis to the runner. Redis going away is waited out."""

import asyncio
import signal
from typing import Any

import msgspec
import structlog
from arq.worker import Worker, func
from redis.exceptions import RedisError

from orchestrator.core import queue
from orchestrator.core.control_client import ControlClient, ControlUnavailable
from orchestrator.core.storage import Storage
from orchestrator.settings import Settings
from pipelines.runner import Runner

log = structlog.get_logger(__name__)

POLL_S = 0.2
REDIS_PAUSE_S = 1.0
# A second delivery does no harm: the job's row has one lease.
MESSAGE_HELD_S = 60


class Lane(msgspec.Struct, frozen=True):
    """What is quick never waits for what is slow."""

    queue: str
    at_once: int
    timeout_s: int


# A job's own limits end it; the timeouts are for a bug in those.
LANES = (Lane(queue.QUICK, 2, 3600), Lane(queue.SLOW, 1, 24 * 3600))


async def serve(settings: Settings) -> None:
    """Until SIGTERM or SIGINT; then a running job may finish within `drain_s`."""
    stop = asyncio.Event()
    for signum in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(signum, stop.set)
    async with ControlClient(settings) as control:
        runner = Runner(control, Storage.from_settings(settings), settings)
        await asyncio.gather(*(_keep(lane, settings, runner, stop) for lane in LANES))


async def _keep(lane: Lane, settings: Settings, runner: Runner, stop: asyncio.Event) -> None:
    while not stop.is_set():
        await _work(_worker(lane, settings, runner), stop, settings.drain_s)


async def _work(worker: Worker, stop: asyncio.Event, drain_s: float) -> None:
    """Until told to stop, or Redis goes away: then after a pause."""
    running = asyncio.create_task(worker.async_run())
    stopping = asyncio.create_task(stop.wait())
    await asyncio.wait({running, stopping}, return_when=asyncio.FIRST_COMPLETED)
    worker.allow_pick_jobs = False
    if worker.tasks:
        await asyncio.wait(worker.tasks.values(), timeout=drain_s)
    running.cancel()
    try:
        await asyncio.gather(running, worker.close())
    except (RedisError, OSError, asyncio.CancelledError) as error:
        if not stop.is_set():
            log.warning("redis away", error=type(error).__name__)
            await asyncio.wait({stopping}, timeout=REDIS_PAUSE_S)
    finally:
        stopping.cancel()


def _worker(lane: Lane, settings: Settings, runner: Runner) -> Worker:
    async def artifact(ctx: dict[Any, Any], *args: Any, **_: Any) -> None:
        job_id = str(args[0])
        try:
            await runner.run(job_id)
        except ControlUnavailable as error:
            # The job's row is still queued or its lease runs out: the control plane's sweeper sends it again.
            log.warning("control plane away", job=job_id, error=str(error))

    async def ready(ctx: dict[Any, Any]) -> None:
        log.info("ready", queue=lane.queue)

    worker = Worker(
        functions=[func(artifact, name=queue.ARTIFACT)],
        queue_name=lane.queue,
        redis_settings=queue.redis_settings(settings.redis_url),
        on_startup=ready,
        handle_signals=False,
        max_jobs=lane.at_once,
        job_timeout=lane.timeout_s,
        keep_result=0,  # a kept result would silently swallow the next message for the same job
        max_tries=1,
        poll_delay=POLL_S,
        job_serializer=queue.encode,
        job_deserializer=queue.decode,
        log_results=False,
    )
    # By default a message whose worker was killed before it claimed the job would lie still for as long as a job may take.
    worker.in_progress_timeout_s = MESSAGE_HELD_S
    return worker
