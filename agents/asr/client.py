"""The room agent's side of the ASR service: one connection per process, reopened by itself; a final waits until it is heard."""

import asyncio
import contextlib
import itertools
import os
import signal
import socket
import struct
from pathlib import Path

import msgspec
import stamina
import structlog

from agents.asr.wire import (
    Answer,
    AskLoad,
    Declined,
    Failed,
    Heard,
    Load,
    Request,
    Transcribe,
    frame,
    read_frame,
)

log = structlog.get_logger(__name__)

# A service that lives tells its load at once, however much it has to decode.
ALIVE_WITHIN_S = 5.0
# struct ucred of unix(7): pid, uid, gid.
CREDENTIALS = struct.Struct("3i")


class AsrUnavailable(Exception):
    """The service is not there, or went away before it answered."""


class DecodeFailed(Exception):
    """The service could not decode this audio; the same audio would fail again."""


class Speech(msgspec.Struct, frozen=True):
    """What is to be heard: int16 `pcm`, mono, 16 kHz; `utterance` names it."""

    utterance: str
    pcm: bytes
    language: str = ""
    glossary: tuple[str, ...] = ()


class AsrClient:
    """Requests may be concurrent; answers come in any order."""

    def __init__(self, path: Path, alive_within_s: float = ALIVE_WITHIN_S) -> None:
        self._path = path
        self._alive_within_s = alive_within_s
        self._ids = itertools.count(1)
        self._pending: dict[int, asyncio.Future[Answer]] = {}
        self._writer: asyncio.StreamWriter | None = None
        self._reading: asyncio.Task[None] | None = None
        self._opening = asyncio.Lock()

    async def partial(self, speech: Speech, *, first: bool) -> Heard | None:
        """None when it came too late to matter. Raises AsrUnavailable, DecodeFailed."""
        answer = await self._hear(
            Transcribe(
                id=next(self._ids),
                utterance=speech.utterance,
                purpose="partial",
                pcm=speech.pcm,
                language=speech.language,
                glossary=speech.glossary,
                first=first,
            )
        )
        return answer if isinstance(answer, Heard) else None

    async def final(self, speech: Speech) -> Heard:
        """Asks again for as long as the service, or its engine, is away. Raises DecodeFailed."""
        retrying = stamina.retry_context(
            on=AsrUnavailable, attempts=None, timeout=None, wait_initial=0.2, wait_max=5
        )
        async for attempt in retrying:
            with attempt:
                answer = await self._hear(
                    Transcribe(
                        id=next(self._ids),
                        utterance=speech.utterance,
                        purpose="final",
                        pcm=speech.pcm,
                        language=speech.language,
                        glossary=speech.glossary,
                    )
                )
                if isinstance(answer, Heard):
                    return answer
                raise AsrUnavailable("the engine is away")
        raise AssertionError("stamina does not give up")

    async def load(self) -> Load:
        """Ends a service that does not answer: whoever started it starts another. Raises AsrUnavailable."""
        try:
            async with asyncio.timeout(self._alive_within_s):
                answer = await self._ask(AskLoad(id=next(self._ids)))
        except TimeoutError as error:
            self._end_service()
            raise AsrUnavailable("the service hangs") from error
        if isinstance(answer, Load):
            return answer
        raise AsrUnavailable(f"a question for load cannot be answered by {type(answer).__name__}")

    async def close(self) -> None:
        if self._reading is not None:
            self._reading.cancel()
            await asyncio.gather(self._reading, return_exceptions=True)
        if self._writer is not None:
            self._writer.close()

    async def _hear(self, request: Transcribe) -> Heard | Declined | Load:
        """As `_ask`; for as long as that takes the service has to show that it lives."""
        asking = asyncio.create_task(self._ask(request))
        try:
            while not asking.done():
                await asyncio.wait({asking}, timeout=self._alive_within_s)
                if not asking.done():
                    await self.load()
            return asking.result()
        finally:
            asking.cancel()

    async def _ask(self, request: Request) -> Heard | Declined | Load:
        writer = await self._connection()
        future: asyncio.Future[Answer] = asyncio.get_running_loop().create_future()
        self._pending[request.id] = future
        try:
            writer.write(frame(request))
            await writer.drain()
            answer = await future
        except ConnectionError as error:
            raise AsrUnavailable("the connection was lost") from error
        finally:
            self._pending.pop(request.id, None)
        if isinstance(answer, Failed):
            raise DecodeFailed(answer.error)
        return answer

    def _end_service(self) -> None:
        writer = self._writer
        if writer is None or writer.is_closing():
            return
        pid = peer_pid(writer.get_extra_info("socket"))
        log.error("recogniser_hangs", pid=pid)
        # 0 is a process of another container, which its health check ends.
        if pid not in (0, os.getpid()):
            with contextlib.suppress(ProcessLookupError, PermissionError):
                os.kill(pid, signal.SIGKILL)
        writer.transport.abort()

    async def _connection(self) -> asyncio.StreamWriter:
        async with self._opening:
            if self._writer is not None and not self._writer.is_closing():
                return self._writer
            try:
                reader, writer = await asyncio.open_unix_connection(self._path)
            except OSError as error:
                raise AsrUnavailable(f"no ASR service at its socket: {error.strerror}") from error
            self._writer = writer
            self._reading = asyncio.create_task(self._read(reader, writer))
            return writer

    async def _read(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            while (body := await read_frame(reader)) is not None:
                answer = msgspec.msgpack.decode(body, type=Answer)
                future = self._pending.get(answer.id)
                if future is not None and not future.done():
                    future.set_result(answer)
        finally:
            writer.close()
            for future in self._pending.values():
                if not future.done():
                    future.set_exception(AsrUnavailable("the service went away"))


def peer_pid(connection: socket.socket) -> int:
    """Of the process that listens at the other end of a unix socket; 0 when it is of another PID namespace."""
    told = connection.getsockopt(socket.SOL_SOCKET, socket.SO_PEERCRED, CREDENTIALS.size)
    return int(CREDENTIALS.unpack(told)[0])
