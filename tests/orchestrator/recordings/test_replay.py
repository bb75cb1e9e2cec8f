"""From the end of class to its replay, with the real worker process in between."""

import asyncio
import os
import signal
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
import sqlalchemy as sa

from orchestrator.captions.reading import of_course
from orchestrator.core.clock import utc_now
from orchestrator.core.crypto import Keyring
from orchestrator.core.database import Database
from orchestrator.core.eventlog import EventLog
from orchestrator.core.queue import ARTIFACT, QUICK, Queue
from orchestrator.core.storage import Storage
from orchestrator.recordings.domain import FIRST_PAUSE_S, job_id, kinds
from orchestrator.recordings.making.jobs import LEASE, Jobs
from orchestrator.recordings.media import LONGEST, Signer
from orchestrator.recordings.tables import jobs
from orchestrator.settings import Settings
from orchestrator.state.session import SessionState, evolve
from schema.jobs import ALWAYS
from tests.orchestrator.recordings.reports import Agent, caption, segment
from tests.support.opus import length_ms, opus
from tests.support.school import Caller, School
from tests.support.served import serve
from tests.support.waiting import eventually

LINES = (
    "Emma Woodhouse was handsome, clever, and rich.",
    "What do we learn about her father?",
    "Her father was a valetudinarian all his life.",
)


@pytest.fixture
async def caller(at_port: Settings, database: Database) -> AsyncIterator[Caller]:
    async with serve(at_port) as caller:
        yield caller


@pytest.fixture
async def worker(at_port: Settings) -> AsyncIterator[asyncio.subprocess.Process]:
    async with working(at_port) as process:
        yield process


@asynccontextmanager
async def working(settings: Settings) -> AsyncIterator[asyncio.subprocess.Process]:
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "pipelines", env=environment(settings), stderr=asyncio.subprocess.PIPE
    )
    assert process.stderr is not None
    while b'"ready"' not in (line := await process.stderr.readline()):
        assert line, "the worker ended before it was ready"
    try:
        yield process
    finally:
        if process.returncode is None:
            process.send_signal(signal.SIGTERM)
            await process.communicate()


def environment(settings: Settings) -> dict[str, str]:
    return {
        "REDIS_URL": settings.redis_url.reveal(),
        "LECTERN_CONTROL_URL": settings.control_url,
        "LECTERN_INTERNAL_TOKEN": settings.internal_token.reveal(),
        "LECTERN_STORAGE_URL": settings.storage_url,
    }


async def hold_class(caller: Caller, school: School, settings: Settings) -> tuple[UUID, str]:
    session_id = await caller.new_session(school)
    seat = (await caller.command("start", school.teacher, session_id)).json()
    person = seat["participant"]["id"]
    agent = Agent(caller, settings)
    await agent.captions(session_id, *[caption(n, person, t) for n, t in enumerate(LINES)])
    parts = [segment(school.tenant_id, session_id, person, n) for n in range(2)]
    storage, speech = Storage.from_settings(settings), opus(10_000)
    for part in parts:
        await storage.put(part["key"], speech)
    await agent.segments(session_id, *parts)
    await caller.command("end", school.teacher, session_id)
    return session_id, person


async def flood(settings: Settings, job: UUID, messages: int) -> None:
    """As so many dispatchers that know nothing of each other."""
    queue = Queue(settings.redis_url)
    try:
        for n in range(messages):
            await queue.enqueue(ARTIFACT, str(job), job_id=f"flood:{n}", queue=QUICK)
    finally:
        await queue.close()


async def test_the_replay_is_complete_a_few_seconds_after_class_and_then_improved(
    caller: Caller, school: School, settings: Settings, worker: asyncio.subprocess.Process
) -> None:
    session_id, person = await hold_class(caller, school, settings)
    await flood(settings, job_id(session_id, "tracks"), 20)

    async def ready() -> dict[str, Any] | None:
        body: dict[str, Any] = (
            await caller.get(school.teacher, f"/api/replays/{session_id}")
        ).json()
        return body if body["state"] == "ready" else None

    async def all_done() -> dict[str, Any] | None:
        body = await ready()
        return body if body and {a["state"] for a in body["artifacts"]} == {"done"} else None

    replay = await eventually(ready, within_s=30)
    assert replay is not None
    assert [s["text"] for s in replay["transcript"]["segments"]] == list(LINES)
    assert {s["speaker"] for s in replay["transcript"]["segments"]} == {"Teacher"}
    assert any(h["title"] == LINES[1] for h in replay["highlights"])
    assert replay["chapters"][0]["startMs"] == 0
    (recording,) = replay["recordings"]
    assert (recording["kind"], recording["participantId"]) == ("speaker", person)
    assert recording["durationMs"] == 20_000
    kind, vtt = await media(caller, replay["transcript"]["vttUrl"])
    assert kind.startswith("text/vtt")
    assert vtt.count(b"-->") == len(LINES)
    kind, text = await media(caller, replay["transcript"]["txtUrl"])
    assert kind == "text/plain; charset=utf-8"
    assert f"Teacher: {' '.join(LINES)}".encode() in text
    later = await eventually(all_done, within_s=120)
    assert later is not None
    assert [a["kind"] for a in later["artifacts"]] == [
        kind for kind in ALWAYS if kind in kinds(translates=False)
    ]
    (recording,) = later["recordings"]
    kind, track = await media(caller, recording["url"])
    assert kind == "audio/ogg"
    assert 19_900 <= length_ms(track) <= 20_100
    # Nobody speaks in the recording, so that the careful pass leaves the live words as they are.
    assert [s["text"] for s in later["transcript"]["segments"]] == list(LINES)
    assert later["statistics"]["speakers"][0]["words"] == sum(len(t.split()) for t in LINES)
    assert {point["text"] for point in later["summary"]["points"]} <= set(LINES)
    kind, document = await media(caller, later["transcript"]["docxUrl"])
    assert "wordprocessingml" in kind
    assert document.startswith(b"PK")
    path = f"/api/sessions/{session_id}/artifacts/tracks/versions"
    assert len((await caller.get(school.teacher, path)).json()["items"]) == 1
    found = (await caller.get(school.student, "/api/search?q=valetudinarians")).json()["items"]
    assert [hit["sessionId"] for hit in found] == [str(session_id)]
    student = (await caller.get(school.student, f"/api/replays/{session_id}")).json()
    assert (student["recordings"], student["quiz"]) == ([], [])
    worker.send_signal(signal.SIGTERM)
    assert await worker.wait() == 0


async def media(caller: Caller, url: str) -> tuple[str, bytes]:
    reply = await caller.http.get(url)
    assert reply.status_code == 200, reply.text
    return reply.headers["content-type"], reply.content


async def test_before_the_worker_comes_the_replay_shows_what_there_is(
    caller: Caller, school: School, other_school: School, settings: Settings
) -> None:
    session_id = await caller.new_session(school)
    path = f"/api/replays/{session_id}"
    early = await caller.get(school.teacher, path)
    assert (early.status_code, early.json()["code"]) == (409, "replay_not_ready")
    assert early.json()["details"] == {"status": "scheduled"}
    session_id, _ = await hold_class(caller, school, settings)
    path = f"/api/replays/{session_id}"
    replay = (await caller.get(school.teacher, path)).json()
    assert replay["state"] == "processing"
    assert {a["state"] for a in replay["artifacts"]} == {"queued"}
    assert replay["transcript"] == {
        "segments": [],
        "vttUrl": None,
        "srtUrl": None,
        "txtUrl": None,
        "docxUrl": None,
    }
    assert replay["recordings"][0]["startedAt"].startswith("2026-11-21T")
    assert (await caller.get(other_school.teacher, path)).status_code == 404
    assert (await caller.get(None, path)).status_code == 401


async def test_a_media_link_is_the_only_way_in(
    caller: Caller, school: School, settings: Settings
) -> None:
    session_id, _ = await hold_class(caller, school, settings)
    replay = (await caller.get(school.teacher, f"/api/replays/{session_id}")).json()
    url = replay["recordings"][0]["url"]
    whole = (await caller.http.get(url)).content
    size = len(whole)
    part = await caller.http.get(url, headers={"Range": f"bytes=2-{size // 2 + 9}"})
    assert (part.status_code, part.content) == (206, whole[2 : size // 2 + 10])
    assert part.headers["content-range"] == f"bytes 2-{size // 2 + 9}/{size}"
    beyond = await caller.http.get(url, headers={"Range": f"bytes={size}-"})
    assert (beyond.status_code, beyond.headers["content-range"]) == (416, f"bytes */{size}")
    for bad in (url.partition("?")[0], url[:-2], url.replace("exp=1", "exp=2")):
        refused = await caller.http.get(bad)
        assert (refused.status_code, refused.json()["code"]) == (403, "forbidden")
    assert (await caller.get(school.admin, url.partition("?")[0])).status_code == 403
    key = url.partition("/media/")[2].partition("?")[0]
    before = Signer(
        Keyring(settings.encryption_key), clock=lambda: utc_now() - LONGEST - timedelta(seconds=1)
    )
    late = await caller.http.get(before.link(key))
    assert (late.status_code, late.json()["code"]) == (403, "forbidden")


async def lose_lease(database: Database, storage: Storage, job: UUID) -> None:
    """The time of a lease goes by, as far as this job is concerned."""
    async with database.system_transaction() as tx:
        await tx.execute(
            sa.update(jobs).where(jobs.c.id == job).values(lease_expires_at=utc_now() - LEASE)
        )
    now = utc_now() - 2 * LEASE
    office = Jobs(
        database, EventLog(SessionState(), evolve, []), storage, {}, of_course, lambda: now
    )
    now = utc_now() - timedelta(seconds=FIRST_PAUSE_S)
    await office.release_expired()


async def test_what_a_killed_worker_had_in_hand_is_made_by_the_next_and_once(
    caller: Caller, school: School, at_port: Settings, database: Database
) -> None:
    """The first one hangs in reading: a pipe nobody writes to lies in place of a segment."""
    session_id, person = await hold_class(caller, school, at_port)
    held = segment(school.tenant_id, session_id, person, 0)["key"]
    file = Path(at_port.storage_url.removeprefix("file://")) / held
    sound = file.read_bytes()
    file.unlink()
    os.mkfifo(file)

    async def tracks(state: str) -> dict[str, Any] | None:
        reply = await caller.get(school.teacher, f"/api/sessions/{session_id}/artifacts")
        (job,) = [job for job in reply.json()["items"] if job["kind"] == "tracks"]
        return job if job["state"] == state else None

    async with working(at_port) as first:
        await eventually(lambda: tracks("running"), 60)
        first.kill()
        await first.communicate()
    file.unlink()
    file.write_bytes(sound)
    await lose_lease(database, Storage.from_settings(at_port), job_id(session_id, "tracks"))
    async with working(at_port):
        # Whatever happens in a class has the queue looked at.
        path = f"/api/sessions/{session_id}/artifacts/statistics/retry"
        await caller.post(school.teacher, path, {})
        done = await eventually(lambda: tracks("done"), 60) or {}
    assert done["attempts"] == 2
    page = await caller.get(school.teacher, f"/api/sessions/{session_id}/events")
    made = [e["payload"] for e in page.json()["items"] if e["payload"].get("kind") == "tracks"]
    assert [event["type"] for event in made] == ["artifact.completed"]
