"""kill -9 at random moments of one class: Redis, the control plane, the egress worker, a destination's child."""

import asyncio
import contextlib
import os
import random
import secrets
import signal
import sys
from collections.abc import AsyncIterator, Awaitable, Callable
from pathlib import Path
from uuid import UUID

import httpx2
import msgspec
import psutil
import pytest

from orchestrator.cli.classroom.people import Person, Refused
from orchestrator.cli.demo.ephemeral import ephemeral_stack
from orchestrator.cli.probe.media import probe
from orchestrator.cli.probe.receivers import Receivers, receivers
from orchestrator.cli.runfile import RunFile, read_run_file
from orchestrator.core.hls.playlist import CUT, END, GAP
from tests.support.waiting import eventually

KEY = "outlives-everything"
PATIENCE_S = 60
# Of a segment: a kill may hit it anywhere.
SEGMENT_S = 2.0


class Lesson(msgspec.Struct, frozen=True):
    """A class on air with one destination."""

    data: Path
    person: Person
    session: UUID
    peers: Receivers

    @property
    def run(self) -> RunFile:
        found = read_run_file(self.data)
        assert found is not None
        return found

    def segments(self) -> set[Path]:
        """All that the object store has of the programme."""
        return set(self.data.glob(f"objects/*/{self.session}/programme/*/seg*.m4s"))

    def playlists(self) -> list[str]:
        found = self.data.glob(f"objects/*/{self.session}/programme/*/index.m3u8")
        return [path.read_text() for path in sorted(found)]

    async def is_live(self) -> bool:
        (destination,) = await self.person.destinations(self.session)
        return destination.status in {"live", "degraded"}


async def sooner_or_later(ask: Callable[[], Awaitable[object]]) -> None:
    """Waits until the answer is true; the control plane may be away meanwhile."""

    async def dare() -> bool:
        with contextlib.suppress(httpx2.HTTPError, Refused):
            return bool(await ask())
        return False

    await eventually(dare, PATIENCE_S)


async def more_segments(lesson: Lesson, count: int = 2) -> None:
    before = lesson.segments()

    async def ask() -> bool:
        return len(lesson.segments() - before) >= count

    await eventually(ask, PATIENCE_S)
    assert before <= lesson.segments(), "what was stored once stays"


@contextlib.asynccontextmanager
async def on_air(data: Path) -> AsyncIterator[Lesson]:
    with ephemeral_stack(data) as stack:
        account = next(one for one in stack.accounts if one.role == "teacher")
        async with (
            receivers([KEY]) as peers,
            Person(stack.web, account.email, account.password) as person,
        ):
            session = (await person.create_session("Everything dies")).id
            destination = await person.create_destination("One", peers.url(KEY), KEY)
            await person.select(session, [destination.id])
            await person.start(session)
            lesson = Lesson(data, person, session, peers)
            await sooner_or_later(lesson.is_live)
            await more_segments(lesson)
            yield lesson


async def kill_program(lesson: Lesson, name: str) -> None:
    """And wait until the supervisor has it back."""
    before = next(one for one in lesson.run.processes if one.name == name)
    assert before.pid
    os.kill(before.pid, signal.SIGKILL)

    async def back() -> bool:
        now = next(one for one in lesson.run.processes if one.name == name)
        return now.state == "healthy" and now.pid != before.pid

    await eventually(back, PATIENCE_S)


async def kill_child(lesson: Lesson) -> None:
    """The process that holds the destination; its server sees another connection soon."""
    connections = len(lesson.peers.recordings(KEY))
    worker = next(one for one in lesson.run.processes if one.name == "egress")

    async def running() -> psutil.Process | None:
        for process in psutil.Process(worker.pid).children(recursive=True):
            with contextlib.suppress(psutil.NoSuchProcess):
                if any(word.endswith("relay/child.py") for word in process.cmdline()):
                    return process
        return None

    child = await eventually(running, PATIENCE_S)
    assert child
    child.kill()

    async def again() -> bool:
        return len(lesson.peers.recordings(KEY)) > connections

    await eventually(again, PATIENCE_S)


@pytest.mark.timeout(400)
async def test_whatever_is_killed_there_is_one_whole_recording_and_the_stream_comes_back(
    tmp_path: Path,
) -> None:
    seed = os.environ.get("KILLS_SEED") or secrets.token_hex(4)
    chance = random.Random(seed)
    kills = chance.sample(["redis", "control", "egress", "child"], 4)
    sys.stdout.write(f"KILLS_SEED={seed} kills {kills}\n")
    async with on_air(tmp_path) as lesson:
        for name in kills:
            # Anywhere in a segment: the moment is what chance is for.
            await asyncio.sleep(chance.uniform(0, SEGMENT_S))
            await (kill_child(lesson) if name == "child" else kill_program(lesson, name))
            await more_segments(lesson)
            await sooner_or_later(lesson.is_live)
        await lesson.person.end(lesson.session)
        await check(lesson)


async def check(lesson: Lesson) -> None:
    log: list[dict[str, object]] = []

    async def completed() -> bool:
        log[:] = [item["payload"] for item in await lesson.person.events(lesson.session)]
        return any(event["type"] == "recording.completed" for event in log)

    await sooner_or_later(completed)
    said = [event["type"] for event in log]
    assert said.count("recording.added") == 1
    # Nobody but the egress worker takes the programme with it.
    assert said.count("egress.started") == 2
    (recording,) = (await lesson.person.replay(lesson.session)).recordings
    assert (await asyncio.to_thread(probe, recording.url)).errors == 0
    async with httpx2.AsyncClient() as http:
        lines = (await http.get(recording.url)).text.splitlines()
    assert (lines.count(CUT), lines[-1]) == (1, END)
    assert not any(GAP in playlist for playlist in lesson.playlists())
    named = [line for line in lines if "seg_" in line and not line.startswith("#")]
    assert len(named) == len(lesson.segments())
    whole = [await asyncio.to_thread(probe, str(one)) for one in lesson.peers.recordings(KEY)]
    assert len(whole) >= 3
    assert whole[-1].errors == 0
