"""The livekit-agents server: one process per room, automatic dispatch, and the settings that let two stacks share a host."""

import asyncio
import contextlib
import ctypes
import math
import os
import signal
from functools import partial
from pathlib import Path

import psutil
import structlog
from livekit.agents import AgentServer, AutoSubscribe, JobContext, JobProcess, JobRequest
from livekit.agents.worker import WorkerPermissions

from agents.asr.client import AsrClient, AsrUnavailable
from agents.room.job import RoomAgent, session_id
from orchestrator.core.control_client import ControlClient, ControlRefused, ControlUnavailable
from orchestrator.core.logs import configure_logs
from orchestrator.settings import Settings, load_settings
from schema.agents import RoomInfo

log = structlog.get_logger(__name__)

# For the last finals and files when the process has to stop, out of `drain_s`; and when only the class is over.
FINISH_S = 3
LEAVE_S = 15
PR_SET_PDEATHSIG = 1
# Sound that is not taken in time is lost for good; taking it costs a few per cent of a core.
NICENESS = -5
# A job that waits cannot be stopped, and a stop must not take long.
INFO_WITHIN_S = 6.0
INFO_PAUSE_S = 0.5
FULL = 0.7
FULL_ASR_DELAY_S = 1.0


def new_server(settings: Settings) -> AgentServer:
    embedded = settings.mode == "embedded"
    server = AgentServer(
        ws_url=settings.livekit_api_url,
        api_key=settings.livekit_api_key,
        api_secret=settings.livekit_api_secret.reveal(),
        host="127.0.0.1",
        port=settings.agents_port,
        # One warm process: a class begins without the 2.7 s of imports, and the next one warms up meanwhile.
        num_idle_processes=1,
        preload_modules=["agents.room.server", "anyio._backends._asyncio"],
        setup_fnc=prepare_process,
        # A laptop's only worker refuses nobody: its partials stretch instead.
        load_fnc=no_load if embedded else partial(load, Path(settings.asr_socket)),
        load_threshold=math.inf if embedded else FULL,
        drain_timeout=max(settings.drain_s - FINISH_S, 1),
        session_end_timeout=LEAVE_S,
        shutdown_process_timeout=FINISH_S,
        # A hidden sender's packets reach clients without its identity; kind AGENT is not counted or listed anyway.
        permissions=WorkerPermissions(hidden=False),
        log_level=settings.log_level,
    )
    server.rtc_session(hear_room, on_request=accept, on_session_end=finish)
    return server


async def accept(request: JobRequest) -> None:
    """One identity per room: when two dispatches meet, the later agent takes the earlier one's place."""
    session = session_id(request.room.name)
    if session is None:
        await request.reject()
        return
    await request.accept(identity=f"agent-{session}", name="Lectern")


def prepare_process(process: JobProcess) -> None:
    # Not inherited by forks: without it a killed worker's jobs would go on alone for a while.
    ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGKILL)
    with contextlib.suppress(PermissionError):
        os.nice(NICENESS)
    settings = load_settings()
    configure_logs(settings)
    process.userdata["settings"] = settings
    # Here and not in the job: it loads the certificate store, 200 ms in which no sound would be taken.
    process.userdata["control"] = ControlClient(settings)


async def hear_room(job: JobContext) -> None:
    settings: Settings = job.proc.userdata["settings"]
    control: ControlClient = job.proc.userdata["control"]
    job.add_shutdown_callback(control.close)
    info = await room_info(control, job.job.room.name)
    if info is None:
        job.shutdown("nobody knows this room")
        return
    agent = RoomAgent(settings, info, job.room, control)
    job.proc.userdata["agent"] = agent
    await job.connect(auto_subscribe=AutoSubscribe.AUDIO_ONLY)
    job.proc.userdata["relay"] = asyncio.create_task(leave_when_over(job, agent))


async def leave_when_over(job: JobContext, agent: RoomAgent) -> None:
    await agent.relay_until_over()
    await agent.finish(LEAVE_S)
    job.shutdown("the session is over")


async def finish(job: JobContext) -> None:
    relay: asyncio.Task[None] | None = job.proc.userdata.get("relay")
    if relay is not None:
        relay.cancel()
        await asyncio.gather(relay, return_exceptions=True)
    agent: RoomAgent | None = job.proc.userdata.get("agent")
    if agent is not None:
        # A room that is still there is left because this process stops.
        await agent.finish(FINISH_S if job.room.isconnected() else LEAVE_S)


async def room_info(control: ControlClient, room: str) -> RoomInfo | None:
    """None for a room that the control plane does not know, or not within some seconds: the room is offered again later."""
    try:
        async with asyncio.timeout(INFO_WITHIN_S):
            while True:
                try:
                    return await control.get(f"/api/internal/rooms/{room}", RoomInfo)
                except ControlUnavailable as error:
                    log.warning("control_plane_away", reason=str(error))
                    await asyncio.sleep(INFO_PAUSE_S)
    except (ControlRefused, TimeoutError) as error:
        log.warning("room_unknown", reason=str(error) or "timeout")
        return None


def no_load() -> float:
    """livekit-server offers no job to a worker that reports a load of 1, whatever its threshold."""
    return 0.0


def load(asr_socket: Path) -> float:
    """The busier of the processors (since the last call) and the speech recogniser."""
    return max(psutil.cpu_percent() / 100, asyncio.run(asr_delay_s(asr_socket)) / FULL_ASR_DELAY_S)


async def asr_delay_s(socket: Path) -> float:
    """How long the oldest request waits; a service that is away is no reason to refuse a room: recording needs none."""
    client = AsrClient(socket)
    try:
        return (await client.load()).delay_ms / 1000
    except AsrUnavailable:
        return 0.0
    finally:
        await client.close()
