"""`python -m agents.room`: serve rooms until SIGTERM, then let jobs finish within `drain_s`."""

import asyncio
import contextlib
import os
import signal

import structlog
from livekit.agents import AgentServer

from agents.control import Deliverer, spool_folder, sweep
from agents.room.recall import Recall
from agents.room.server import FINISH_S, new_server
from orchestrator.core.control_client import ControlClient
from orchestrator.core.logs import configure_logs
from orchestrator.core.storage import Storage
from orchestrator.settings import Settings, load_settings

log = structlog.get_logger(__name__)

SWEEP_EVERY_S = 15.0


async def serve(settings: Settings) -> None:
    """Raises RuntimeError when LiveKit stays away through all retries, or what went wrong beside; then we are started anew."""
    server = new_server(settings)
    server.on("worker_registered", lambda *_: log.info("ready"))
    stop = asyncio.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(number, stop.set)
    running = asyncio.create_task(server.run())
    beside = [
        asyncio.create_task(Recall(settings, server).run()),
        asyncio.create_task(sweep_forever(settings)),
    ]
    stopped = asyncio.create_task(stop.wait())
    await asyncio.wait([running, stopped, *beside], return_when=asyncio.FIRST_COMPLETED)
    failed = [task for task in beside if task.done()]
    for task in (stopped, *beside):
        task.cancel()
    await close(server, settings)
    await asyncio.gather(running, *failed)
    log.info("stopped")


async def close(server: AgentServer, settings: Settings) -> None:
    """A short `drain_s` is all for the jobs' own endings: no class is over within it."""
    if settings.drain_s > 2 * FINISH_S:
        with contextlib.suppress(TimeoutError):
            await server.drain()
    await server.aclose()


async def sweep_forever(settings: Settings) -> None:
    """Delivers what jobs left on disk, here or in an earlier life."""
    async with ControlClient(settings) as control:
        folder = spool_folder(settings)
        deliver = Deliverer(control, Storage.from_settings(settings), folder)
        while True:
            if swept := await sweep(folder, deliver):
                log.info("reports_swept", files=swept)
            await asyncio.sleep(SWEEP_EVERY_S)


def main() -> None:
    # The fork server would else load 244 MB of end-of-turn weights that no job here uses; read before it starts.
    os.putenv("LIVEKIT_AGENTS_PRELOAD_LOCAL_INFERENCE", "0")
    # Its watch for blocked loops wakes each process, the idle one too, 100 times a second: 0.01 core each.
    os.putenv("LIVEKIT_AGENTS_LOOP_BLOCK_WARN_MS", "0")
    settings = load_settings()
    configure_logs(settings)
    asyncio.run(serve(settings))


if __name__ == "__main__":
    main()
