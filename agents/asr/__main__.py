"""`python -m agents.asr`: load the model once, serve the socket until SIGTERM."""

import asyncio
import contextlib
import os
import signal
from pathlib import Path
from typing import TYPE_CHECKING

import structlog

from orchestrator.core.logs import configure_logs
from orchestrator.settings import Settings, load_settings

if TYPE_CHECKING:
    from agents.asr.service import AsrService

# Behind whoever records and encodes, before everybody else on the host: a caption is only of use now.
NICENESS = -3

log = structlog.get_logger(__name__)


async def serve(settings: Settings) -> None:
    from agents.asr.engines.models import ModelRefused  # noqa: PLC0415 after the thread limit below
    from agents.asr.registry import load_engine  # noqa: PLC0415
    from agents.asr.service import AsrService  # noqa: PLC0415

    stop = asyncio.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(number, stop.set)
    try:
        engine = await asyncio.to_thread(
            load_engine,
            settings.asr_model,
            settings.asr_threads,
            settings.asr_url,
            settings.asr_key,
        )
    except ModelRefused as refusal:
        log.error("model_refused", code=refusal.code, model=settings.asr_model, reason=str(refusal))  # noqa: TRY400
        raise SystemExit(f"{refusal.code}: {refusal}") from refusal
    service = AsrService(engine, settings.asr_threads)
    async with service.listening(Path(settings.asr_socket)):
        log.info("ready", model=settings.asr_model, threads=settings.asr_threads)
        await stopped_or_stuck(stop, service)
        # Room agents stop at the same time and still want their last words heard.
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(settings.drain_s):
                await service.idle()
    log.info("stopped")


async def stopped_or_stuck(stop: asyncio.Event, service: "AsrService") -> None:
    """Does not return from a decode that never ends: whoever started this process starts another, and finals are asked again."""
    ends = [asyncio.create_task(stop.wait()), asyncio.create_task(service.stuck())]
    await asyncio.wait(ends, return_when=asyncio.FIRST_COMPLETED)
    if not stop.is_set():
        log.error("decode_stuck")
        # Python's own end would wait for the thread.
        os._exit(1)
    for end in ends:
        end.cancel()


def main() -> None:
    # numpy's BLAS would start a thread per core for each small product: twice the CPU for the same time.
    # It reads the variable when it is loaded, so this comes before the engine's import.
    os.putenv("OPENBLAS_NUM_THREADS", "1")
    with contextlib.suppress(PermissionError):
        os.nice(NICENESS)
    settings = load_settings()
    configure_logs(settings)
    asyncio.run(serve(settings))


if __name__ == "__main__":
    main()
