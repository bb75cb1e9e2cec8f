"""The parent's side: starts a child for one artifact, serves it, and ends it when it hangs or nobody wants its work."""

import asyncio
import multiprocessing
from collections.abc import Callable
from contextlib import suppress
from multiprocessing import forkserver
from multiprocessing.connection import Connection
from multiprocessing.context import ForkServerContext, ForkServerProcess
from typing import Protocol

import structlog

from pipelines.kind import MIB, Limits, Made, Unwritten
from pipelines.process import child
from pipelines.process.talk import (
    Answer,
    Failed,
    Finished,
    Kept,
    Object,
    Order,
    Progress,
    Prompt,
    Said,
    Wanted,
    decode_said,
    encode,
)
from schema.jobs import FailureCause

log = structlog.get_logger(__name__)


class Helpers(Protocol):
    """What the parent does for a child, which itself opens neither the store nor a connection."""

    async def read(self, key: str) -> bytes | None: ...

    async def keep(self, suffix: str, content: bytes) -> None: ...

    async def tell(self, percent: int) -> None: ...

    async def write(self, prompt: str, text: str) -> str:
        """Raises Unwritten."""
        ...


POLL_S = 0.5


class MakingFailed(Exception):
    """The child could not make it."""

    def __init__(self, message: str, cause: FailureCause) -> None:
        super().__init__(message)
        self.message = message
        self.cause = cause


class Workshop:
    """Children are forked from a server that has loaded the code once: one costs milliseconds, not imports."""

    def __init__(self, main: Callable[[Connection], None] = child.main) -> None:
        self._main = main
        self._context: ForkServerContext = multiprocessing.get_context("forkserver")
        self._context.set_forkserver_preload(["pipelines.process.child"])
        # Now, not with the first job: a replay is waited for.
        forkserver.ensure_running()

    async def make(self, order: Order, limits: Limits, helpers: Helpers) -> Made:
        """Raises MakingFailed, and whatever the helpers raise; the child never outlives the call."""
        ours, theirs = self._context.Pipe()
        process = self._context.Process(target=self._main, args=(theirs,), daemon=True)
        await asyncio.to_thread(process.start)
        theirs.close()
        try:
            await asyncio.to_thread(ours.send_bytes, encode(order))
            return await _attend(ours, limits, helpers)
        except (EOFError, ConnectionError):
            await asyncio.to_thread(process.join, POLL_S)
            raise _crashed(process) from None
        finally:
            process.kill()
            await asyncio.to_thread(process.join)
            ours.close()


async def _attend(ours: Connection, limits: Limits, helpers: Helpers) -> Made:
    while True:
        match await _heard(ours, limits.silence_s):
            case Wanted(key=key):
                given = encode(Object(content=await helpers.read(key)))
                await asyncio.to_thread(ours.send_bytes, given)
            case Prompt() as asked:
                written = encode(await _written(helpers, asked))
                await asyncio.to_thread(ours.send_bytes, written)
            case Kept(suffix=suffix, content=content):
                await helpers.keep(suffix, content)
            case Progress(percent=percent):
                await helpers.tell(percent)
            case Finished(files=files, recipe=recipe):
                return Made(files, recipe)
            case Failed(error=error, cause=cause):
                raise MakingFailed(error, cause)


async def _written(helpers: Helpers, asked: Prompt) -> Answer:
    try:
        return Answer(text=await helpers.write(asked.prompt, asked.text))
    except Unwritten as error:
        return Answer(refusal=str(error))


async def _heard(ours: Connection, silence_s: float) -> Said:
    """A cancelled wait leaves no thread behind for longer than POLL_S."""
    loop = asyncio.get_running_loop()
    deadline = loop.time() + silence_s
    while loop.time() < deadline:
        if await asyncio.to_thread(ours.poll, POLL_S):
            said: Said = decode_said(await asyncio.to_thread(ours.recv_bytes))
            return said
    raise MakingFailed("It was at work for too long without a sign of life.", "broken")


def _crashed(process: ForkServerProcess) -> MakingFailed:
    code: int | None = None
    with suppress(ValueError):
        code = process.exitcode
    log.warning("a child broke", exitcode=code)
    return MakingFailed("Its process broke off; perhaps it ran out of memory.", "broken")


def bounded(limits: Limits) -> int:
    return limits.memory_mib * MIB
