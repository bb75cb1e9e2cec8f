"""One process per host hears every room: a unix socket, one backlog, one decoding thread per core."""

import asyncio
import contextlib
import itertools
import socket
import time
from collections.abc import AsyncIterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import msgspec
import numpy as np
import structlog

from agents.asr.backlog import Backlog, Waiting
from agents.asr.engine import Audio, Engine, EngineAway, Transcript
from agents.asr.wire import (
    Answer,
    AskLoad,
    Declined,
    Failed,
    Heard,
    HeardWord,
    Load,
    Request,
    Transcribe,
    frame,
    read_frame,
)

log = structlog.get_logger(__name__)

# A final takes a second, one from a server elsewhere may take 30: what takes longer than this never ends.
STUCK_AFTER_S = 60.0


class Ask(msgspec.Struct, frozen=True):
    """A request with the connection that waits for its answer."""

    request: Transcribe
    writer: asyncio.StreamWriter


class AsrService:
    """`async with service.listening(path)`; all state lives on the event loop, only decoding leaves it."""

    def __init__(self, engine: Engine, threads: int, stuck_after_s: float = STUCK_AFTER_S) -> None:
        self._engine = engine
        self._stuck_after_s = stuck_after_s
        self._stuck = asyncio.Event()
        self._threads = threads
        self._pool = ThreadPoolExecutor(threads, thread_name_prefix="decode")
        self._backlog = Backlog[Ask]()
        self._arrived = asyncio.Condition()
        self._client_ids = itertools.count()
        self._connections: set[asyncio.Task[None]] = set()
        self._no_clients = asyncio.Event()
        self._no_clients.set()

    async def idle(self) -> None:
        """Returns when no client is connected."""
        await self._no_clients.wait()

    async def stuck(self) -> None:
        """Returns when a decode does not end: its thread is lost, and only a new process has all of them again."""
        await self._stuck.wait()

    @contextlib.asynccontextmanager
    async def listening(self, path: Path) -> AsyncIterator[None]:
        server = await asyncio.start_unix_server(self._connected, sock=bound(path))
        decoders = [asyncio.create_task(self._decode_forever()) for _ in range(self._threads)]
        try:
            yield
        finally:
            server.close()
            for task in [*decoders, *self._connections]:
                task.cancel()
            await asyncio.gather(*decoders, *self._connections, return_exceptions=True)
            self._pool.shutdown(wait=not self._stuck.is_set(), cancel_futures=True)

    async def _connected(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        if task is None:
            raise RuntimeError("asyncio runs every connection in a task")
        self._connections.add(task)
        self._no_clients.clear()
        client = next(self._client_ids)
        try:
            while (body := await read_frame(reader)) is not None:
                await self._take(client, msgspec.msgpack.decode(body, type=Request), writer)
        except (ValueError, msgspec.DecodeError) as error:
            log.warning("client_dropped", reason=str(error))
        finally:
            self._connections.discard(task)
            if not self._connections:
                self._no_clients.set()
            self._backlog.forget(client)
            writer.close()

    async def _take(self, client: int, request: Request, writer: asyncio.StreamWriter) -> None:
        now_s = time.monotonic()
        if isinstance(request, AskLoad):
            delay_ms = round(self._backlog.delay_s(now_s) * 1000)
            _send(writer, Load(id=request.id, waiting=len(self._backlog), delay_ms=delay_ms))
            return
        item = Waiting(
            client, request.utterance, request.purpose, request.first, now_s, Ask(request, writer)
        )
        for dropped in self._backlog.add(item):
            _send(dropped.work.writer, Declined(id=dropped.work.request.id, reason="superseded"))
        async with self._arrived:
            self._arrived.notify()

    async def _decode_forever(self) -> None:
        while True:
            item = await self._next()
            started_s = time.monotonic()
            queued_ms = round((started_s - item.since_s) * 1000)
            answer = await self._answer(item.work.request, queued_ms, started_s)
            _send(item.work.writer, answer)

    async def _next(self) -> Waiting[Ask]:
        async with self._arrived:
            while True:
                for late in self._backlog.expire(time.monotonic()):
                    _send(late.work.writer, Declined(id=late.work.request.id, reason="late"))
                item = self._backlog.take()
                if item is not None:
                    return item
                await self._arrived.wait()

    async def _answer(self, request: Transcribe, queued_ms: int, started_s: float) -> Answer:
        loop = asyncio.get_running_loop()
        decoding = loop.run_in_executor(self._pool, self._decode, request)
        try:
            transcript = await self._watched(decoding)
        except EngineAway as error:
            log.warning("engine_away", purpose=request.purpose, reason=str(error))
            return Declined(id=request.id, reason="away")
        except Exception as error:
            log.exception("decode_failed", purpose=request.purpose, bytes=len(request.pcm))
            return Failed(id=request.id, error=type(error).__name__)
        return Heard(
            id=request.id,
            text=transcript.text,
            language=transcript.language,
            words=_words(transcript),
            queued_ms=queued_ms,
            decoded_ms=round((time.monotonic() - started_s) * 1000),
        )

    async def _watched(self, decoding: asyncio.Future[Transcript]) -> Transcript:
        done, _ = await asyncio.wait({decoding}, timeout=self._stuck_after_s)
        if not done:
            self._stuck.set()
        return await decoding

    def _decode(self, request: Transcribe) -> Transcript:
        audio: Audio = np.frombuffer(request.pcm, "<i2").astype(np.float32) / 32768.0
        if request.purpose == "final":
            return self._engine.final(audio, request.language, request.glossary)
        return self._engine.partial(audio, request.language, request.glossary)


def bound(path: Path) -> socket.socket:
    """A socket file that only we may use, in place of what an earlier service left there."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.unlink(missing_ok=True)
    listener = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
    listener.bind(str(path))
    path.chmod(0o600)
    return listener


def _words(transcript: Transcript) -> list[HeardWord]:
    return [
        HeardWord(word.text, round(word.start_s * 1000), round(word.end_s * 1000))
        for word in transcript.words
    ]


def _send(writer: asyncio.StreamWriter, answer: Answer) -> None:
    if not writer.is_closing():
        writer.write(frame(answer))
