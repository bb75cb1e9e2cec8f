"""`python -m agents.egress.recorder`: one egress, commanded over stdin by the worker, reporting on stdout."""

import asyncio
import contextlib
import ctypes
import logging
import math
import os
import signal
import sys
from collections.abc import Callable
from pathlib import Path

import msgspec
import structlog

from agents.egress.plan import session_of
from agents.egress.recorder import messages
from agents.egress.recorder.session import Session
from agents.egress.scene.boards import DrawnBoards
from agents.egress.spool.folder import spool_root
from agents.media.relay.dial import Trust
from orchestrator.core.control_client import ControlClient
from orchestrator.core.livekit.ending import let_callbacks_end
from orchestrator.core.logs import configure_logs
from orchestrator.core.storage import Storage
from orchestrator.settings import Settings, load_settings

log = structlog.get_logger(__name__)

PR_SET_PDEATHSIG = 1
ORPHAN_WITHIN_S = 3.0
ALIVE_EVERY_S = 2.0
NICENESS = -5
LINE_LIMIT_BYTES = 1 << 20

Say = Callable[[messages.Report], None]


async def run(settings: Settings, say: Say) -> None:
    commands = await _stdin()
    say(messages.Warm())
    line = await commands.readline()
    if not line:
        return
    start = msgspec.json.decode(line, type=messages.Start)
    storage = Storage.from_settings(settings)
    async with ControlClient(settings, attempts=1) as control:
        session_id = session_of(start.plan.room_name)
        boards = DrawnBoards(control, session_id) if session_id else None
        trust = Trust(private=settings.mode == "embedded", ca_file=settings.tls_ca_file)
        session = Session(start, storage.put, storage.get, boards, spool_root(settings), trust, say)
        asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, _orphaned, session)
        beside = [asyncio.create_task(work) for work in (_obey(session, commands), _live(say))]
        ended = await session.run()
        for task in beside:
            task.cancel()
        say(ended)


async def _live(say: Say) -> None:
    while True:
        say(messages.Alive())
        await asyncio.sleep(ALIVE_EVERY_S)


async def _obey(session: Session, commands: asyncio.StreamReader) -> None:
    while line := await commands.readline():
        command = msgspec.json.decode(line, type=messages.Command)
        if isinstance(command, messages.Stop):
            _cut_off(command.within_s)
        session.command(command)
    _orphaned(session)


def _orphaned(session: Session) -> None:
    """The worker is gone: close the recording properly and go."""
    _cut_off(ORPHAN_WITHIN_S)
    session.command(messages.Stop(ORPHAN_WITHIN_S))


def _cut_off(within_s: float) -> None:
    """The kernel ends this process even when a library holds Python still."""
    signal.alarm(math.ceil(within_s))


async def _stdin() -> asyncio.StreamReader:
    reader = asyncio.StreamReader(limit=LINE_LIMIT_BYTES)
    await asyncio.get_running_loop().connect_read_pipe(
        lambda: asyncio.StreamReaderProtocol(reader), sys.stdin
    )
    return reader


def _private_stdout() -> Say:
    """Reports have the pipe for themselves: whatever a library prints goes to stderr."""
    pipe = os.dup(sys.stdout.fileno())
    os.dup2(sys.stderr.fileno(), sys.stdout.fileno())

    def say(report: messages.Report) -> None:
        # A worker that was killed hears nothing; the recording is closed all the same.
        with contextlib.suppress(BrokenPipeError):
            os.write(pipe, msgspec.json.encode(report) + b"\n")

    return say


def _die_with_parent() -> None:
    """Linux only; elsewhere the end of stdin has to do."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGTERM)


def _outrank() -> None:
    """A late picture is lost for good, a late caption only late; without the right to it we do as well as we can."""
    with contextlib.suppress(OSError):
        os.nice(NICENESS)
        # Where Linux groups processes by session, niceness counts inside the group only: the group needs it too.
        Path("/proc/self/autogroup").write_text(str(NICENESS))


if __name__ == "__main__":
    _die_with_parent()
    let_callbacks_end()
    _outrank()
    settings = load_settings()
    configure_logs(settings)
    logging.getLogger("livekit").setLevel(logging.WARNING)
    asyncio.run(run(settings, _private_stdout()))
