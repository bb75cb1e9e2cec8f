"""Trying a destination for real: a child process publishes to it, and what it met is put in words without the key."""

import asyncio
import errno
import sys
import time
from asyncio.subprocess import DEVNULL, PIPE, Process
from collections.abc import Awaitable, Callable
from contextlib import suppress
from pathlib import Path
from uuid import UUID

import msgspec
import structlog

from orchestrator.settings import Secret
from schema.destinations import DestinationTest, TestStage
from schema.errors import TooManyTests

log = structlog.get_logger(__name__)

CHILD = Path(__file__).with_name("child.py")
LIMIT_S = 10.0
AT_ONCE = 2
MAX_ANSWER_CHARS = 200
# How libav's RTMP client logs the description in a server's onStatus or _error (libavformat/rtmpproto.c).
SERVER_SAID = "Server error: "

BY_ERRNO = {
    errno.ECONNREFUSED: "Nothing listens at this address: check host and port.",
    errno.EHOSTUNREACH: "There is no way to this host.",
    errno.ENETUNREACH: "There is no way to this host.",
    errno.ETIMEDOUT: "The server did not answer.",
}
NO_TLS = "The server did not open an encrypted connection: check the port, or whether it takes rtmp:// only."
REFUSED = "The server hung up on the stream: the application in the URL or the stream key is probably wrong."
SILENT = "The server did not answer in time."
SILENT_TLS = "The server did not open an encrypted connection in time: check the port, or whether it takes rtmp:// only."
STALLED = "The server accepted the stream and then stopped taking it."
CRASHED = "The test itself failed; try again."
DONE = "The server took two seconds of picture and sound."


class Said(msgspec.Struct, frozen=True):
    """One line of the child; `log` holds libav's (level, component, message)."""

    event: str
    errno: int = 0
    log: list[tuple[int, str, str]] = []


class Outcome(msgspec.Struct, frozen=True):
    stage: TestStage
    message: str


class Trials:
    """Runs at most two at once, and one for a destination; `refusal` says why a URL may not be called, or None."""

    def __init__(
        self, refusal: Callable[[str], Awaitable[str | None]], limit_s: float = LIMIT_S
    ) -> None:
        self._refusal = refusal
        self._limit_s = limit_s
        self._running: set[UUID] = set()

    async def run(self, destination_id: UUID, url: Secret) -> DestinationTest:
        """`url` includes the key. Raises TooManyTests."""
        if destination_id in self._running or len(self._running) >= AT_ONCE:
            raise TooManyTests("Other tests are running; try again when they are done.")
        self._running.add(destination_id)
        began_s = time.monotonic()
        try:
            outcome = await self._try(url)
        finally:
            self._running.discard(destination_id)
        return DestinationTest(
            ok=outcome.stage == "done",
            stage=outcome.stage,
            message=outcome.message,
            duration_ms=round((time.monotonic() - began_s) * 1000),
        )

    async def _try(self, url: Secret) -> Outcome:
        if reason := await self._refusal(url.reveal()):
            return Outcome("resolve", reason)
        lines: list[Said] = []
        # No environment: the child reads what strangers send, and ours holds secrets.
        child = await asyncio.create_subprocess_exec(
            sys.executable, "-I", str(CHILD), stdin=PIPE, stdout=PIPE, stderr=DEVNULL, env={}
        )
        try:
            async with asyncio.timeout(self._limit_s):
                await _converse(child, url, lines)
        except TimeoutError:
            return _timed_out(url, accepted=bool(lines))
        finally:
            with suppress(ProcessLookupError):
                child.kill()
            await child.wait()
        return outcome_of(lines, url)


async def _converse(child: Process, url: Secret, lines: list[Said]) -> None:
    if child.stdin is None or child.stdout is None:
        raise RuntimeError("the child has no pipes")
    child.stdin.write(msgspec.json.encode({"url": url.reveal()}) + b"\n")
    child.stdin.close()
    async for line in child.stdout:
        lines.append(msgspec.json.decode(line, type=Said))  # noqa: PERF401 kept even when time runs out


def outcome_of(lines: list[Said], url: Secret) -> Outcome:
    """What the whole output of a child means."""
    last = lines[-1] if lines else Said("")
    if last.event == "finished":
        return Outcome("done", DONE)
    if last.event != "failed":
        log.warning("destination test crashed")
        return Outcome("publish" if lines else "connect", CRASHED)
    if answer := _answer(last.log, url):
        return Outcome("publish", f"The server refused the stream: {answer}")
    if len(lines) == 1 and last.errno in BY_ERRNO:
        return Outcome("connect", BY_ERRNO[last.errno])
    if len(lines) == 1 and any(component == "tls" for _, component, _ in last.log):
        return Outcome("connect", NO_TLS)
    return Outcome("publish", REFUSED)


def _timed_out(url: Secret, *, accepted: bool) -> Outcome:
    if accepted:
        return Outcome("publish", STALLED)
    return Outcome("connect", SILENT_TLS if url.reveal().startswith("rtmps:") else SILENT)


def _answer(logged: list[tuple[int, str, str]], url: Secret) -> str:
    """The server's own words; it may have echoed the key."""
    key = url.reveal().rpartition("/")[2]
    for _, _, message in logged:
        if message.startswith(SERVER_SAID):
            text = message.removeprefix(SERVER_SAID).replace(url.reveal(), "…").replace(key, "…")
            shown = "".join(c if c.isprintable() else " " for c in text)
            return shown.strip()[:MAX_ANSWER_CHARS]
    return ""
