"""Trying a destination for real: two seconds of picture and sound by the relay of a class on air, and what came of it in words
without the key."""

import asyncio
import os
import sys
import time
from asyncio.subprocess import DEVNULL, PIPE, Process
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from pathlib import Path
from uuid import UUID

import msgspec
import structlog

from orchestrator.settings import Secret, Settings
from schema.destinations import DestinationTest, TestStage
from schema.errors import TooManyTests

log = structlog.get_logger(__name__)

BARS = Path(__file__).with_name("bars.py")
# The worker's program, run as one: what is tried is what a class does.
RELAY = Path(__file__).parents[3] / "agents" / "media" / "relay" / "child.py"
LIMIT_S = 10.0
AT_ONCE = 2
MAX_ANSWER_CHARS = 200


class Outcome(msgspec.Struct, frozen=True):
    stage: TestStage
    message: str


# By the relay's reasons; `untrusted` is followed by what is wrong with the certificate.
REFUSED = Outcome(
    "publish",
    "The server hung up on the stream: the application in the URL or the stream key is probably wrong.",
)
MET = {
    "barred": Outcome("resolve", "The host is in a private or reserved network."),
    "unreachable": Outcome("resolve", "There is no way to this host: check its name."),
    "refused": Outcome("connect", "Nothing listens at this address: check host and port."),
    "connect_timeout": Outcome("connect", "The server did not answer."),
    "no_tls": Outcome(
        "connect",
        "The server did not open an encrypted connection: check the port, or whether it takes rtmp:// only.",
    ),
    "no_rtmp": Outcome(
        "connect",
        "The server hung up before it was asked for anything: check the port and whether it takes rtmps:// only, or try again later.",
    ),
    "untrusted": Outcome("connect", "The server's certificate is not to be trusted"),
    "unavailable": Outcome("connect", "This machine cannot send SRT: its library is missing."),
}
SILENT = "The server did not answer in time."
SILENT_TLS = "The server did not open an encrypted connection in time: check the port, or whether it takes rtmp:// only."
STALLED = "The server accepted the stream and then stopped taking it."
CRASHED = "The test itself failed; try again."
DONE = "The server took two seconds of picture and sound."


class Said(msgspec.Struct, frozen=True):
    """One line of the relay; `said` are the server's own words, which may repeat the key."""

    event: str
    reason: str = ""
    message: str = ""
    said: str = ""


class Trials:
    """Runs at most two at once, and one for a destination."""

    def __init__(self, settings: Settings, limit_s: float = LIMIT_S) -> None:
        self._trust = {
            "private": settings.mode == "embedded",
            "ca_file": settings.tls_ca_file,
        }
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
        lines: list[Said] = []
        first = msgspec.json.encode({"url": url.reveal(), **self._trust}) + b"\n"
        async with _relay(first) as relay:
            try:
                async with asyncio.timeout(self._limit_s):
                    await _listen(relay, lines)
            except TimeoutError:
                return _timed_out(url, lines)
        return outcome_of(lines, url)


@asynccontextmanager
async def _relay(first: bytes) -> AsyncIterator[Process]:
    """The relay, fed with the bars; both are gone afterwards."""
    taking, giving = os.pipe()
    try:
        os.write(giving, first)
        relay = await _spawn(RELAY, stdin=taking, stdout=PIPE)
        bars = await _spawn(BARS, stdin=DEVNULL, stdout=giving)
    finally:
        os.close(taking)
        os.close(giving)
    try:
        yield relay
    finally:
        for child in (relay, bars):
            with suppress(ProcessLookupError):
                child.kill()
            await child.wait()


async def _spawn(program: Path, *, stdin: int, stdout: int) -> Process:
    """No environment: it reads what strangers send, and ours holds secrets."""
    command = (sys.executable, "-I", str(program))
    return await asyncio.create_subprocess_exec(
        *command, stdin=stdin, stdout=stdout, stderr=DEVNULL, env={}
    )


async def _listen(relay: Process, lines: list[Said]) -> None:
    if relay.stdout is None:
        raise RuntimeError("the relay has no pipe")
    async for line in relay.stdout:
        lines.append(msgspec.json.decode(line, type=Said))  # noqa: PERF401 kept even when time runs out


def outcome_of(lines: list[Said], url: Secret) -> Outcome:
    """What all that a relay said means."""
    last = lines[-1] if lines else Said("")
    if last.event == "finished":
        return Outcome("done", DONE)
    if last.event != "failed":
        log.warning("destination test crashed")
        return Outcome("publish" if lines else "connect", CRASHED)
    if last.said:
        return Outcome("publish", f"The server refused the stream: {_without_key(last.said, url)}")
    met = MET.get(last.reason, REFUSED)
    if last.reason == "untrusted":
        return Outcome(met.stage, f"{met.message}: {last.message}.")
    return met


def _timed_out(url: Secret, lines: list[Said]) -> Outcome:
    if lines:
        return Outcome("publish", STALLED)
    return Outcome("connect", SILENT_TLS if url.reveal().startswith("rtmps:") else SILENT)


def _without_key(said: str, url: Secret) -> str:
    key = url.reveal().rpartition("/")[2]
    return said.replace(url.reveal(), "…").replace(key, "…")[:MAX_ANSWER_CHARS]
