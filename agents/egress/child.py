"""Recorder children: one process per egress, one spare kept warm, so that a start does not wait for imports."""

import asyncio
import contextlib
import sys
from asyncio.subprocess import PIPE, Process
from collections.abc import AsyncIterator

import msgspec
import structlog

from agents.egress.recorder import messages

log = structlog.get_logger(__name__)

RESPAWN_PAUSE_S = 5.0
SILENT_S = 15.0


class Recorder:
    """One child. It ends by itself when its stdin closes, and dies with us on Linux."""

    def __init__(self, process: Process) -> None:
        self._process = process

    @classmethod
    async def spawn(cls) -> "Recorder":
        """In a session of its own: Ctrl-C must reach the worker alone, which lets it close its outputs."""
        command = (sys.executable, "-m", "agents.egress.recorder")
        return cls(
            await asyncio.create_subprocess_exec(
                *command, stdin=PIPE, stdout=PIPE, start_new_session=True
            )
        )

    @property
    def pid(self) -> int:
        return self._process.pid

    @property
    def alive(self) -> bool:
        return self._process.returncode is None

    async def send(self, command: messages.Command) -> None:
        """To a child that is gone it does nothing: its end is told by `reports` running dry."""
        if self._process.stdin is None:
            return
        self._process.stdin.write(msgspec.json.encode(command) + b"\n")
        with contextlib.suppress(ConnectionError):
            await self._process.stdin.drain()

    async def reports(self) -> AsyncIterator[messages.Report]:
        """Ends with the child's stdout; a child that has gone silent is killed."""
        while line := await self._line():
            yield msgspec.json.decode(line, type=messages.Report)

    async def _line(self) -> bytes:
        if self._process.stdout is None:
            return b""
        try:
            async with asyncio.timeout(SILENT_S):
                return await self._process.stdout.readline()
        except TimeoutError:
            log.warning("recorder_silent", pid=self.pid)
            self._process.kill()
            return b""

    async def wait(self) -> int:
        """The exit code; negative for a signal."""
        return await self._process.wait()

    async def close(self, within_s: float) -> None:
        """Closes its stdin and, if that is not enough, kills it."""
        if self._process.stdin is not None:
            self._process.stdin.close()
        try:
            async with asyncio.timeout(within_s):
                await self._process.wait()
        except TimeoutError:
            self._process.kill()
            await self._process.wait()


class Recorders:
    """`take` gives the warm spare; the next is started only after a pause, to leave the CPU to the class that begins."""

    def __init__(self) -> None:
        self._spare: Recorder | None = None
        self._refill: asyncio.Task[None] | None = None

    async def start(self) -> None:
        if self._spare is None:
            self._spare = await Recorder.spawn()

    async def take(self) -> Recorder:
        spare, self._spare = self._spare, None
        if self._refill is None or self._refill.done():
            self._refill = asyncio.create_task(self._replace())
        if spare is not None and spare.alive:
            return spare
        return await Recorder.spawn()

    async def close(self) -> None:
        if self._refill is not None:
            self._refill.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await self._refill
        if self._spare is not None:
            await self._spare.close(within_s=1.0)

    async def _replace(self) -> None:
        await asyncio.sleep(RESPAWN_PAUSE_S)
        if self._spare is None:
            self._spare = await Recorder.spawn()
