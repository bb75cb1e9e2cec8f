"""Reports of agents: each may come twice, late or out of order."""

from typing import Any
from uuid import UUID, uuid4

import pytest

from orchestrator.settings import Settings
from tests.orchestrator.recordings.reports import Agent, caption, segment
from tests.support.school import Caller, School


@pytest.fixture
def agent(caller: Caller, settings: Settings) -> Agent:
    return Agent(caller, settings)


async def start(caller: Caller, school: School) -> tuple[UUID, UUID]:
    session_id = await caller.new_session(school)
    seat = (await caller.command("start", school.teacher, session_id)).json()
    return session_id, UUID(seat["participant"]["id"])


async def told(caller: Caller, school: School, session_id: UUID, kind: str) -> list[dict[str, Any]]:
    page = await caller.get(school.teacher, f"/api/sessions/{session_id}/events")
    return [e["payload"] for e in page.json()["items"] if e["payload"]["type"] == kind]


async def test_a_caption_is_taken_once(caller: Caller, school: School, agent: Agent) -> None:
    session_id, person = await start(caller, school)
    first, second = caption(1, person, "Good morning."), caption(2, person, "Sit down.")
    assert await agent.captions(session_id, first) == 1
    assert await agent.captions(session_id, first, second) == 1
    texts = [p["text"] for p in await told(caller, school, session_id, "caption.finalized")]
    assert texts == ["Good morning.", "Sit down."]


async def test_a_track_is_one_recording_however_its_segments_arrive(
    caller: Caller, school: School, agent: Agent
) -> None:
    session_id, person = await start(caller, school)
    parts = [segment(school.tenant_id, session_id, person, n) for n in range(3)]
    assert await agent.segments(session_id, parts[1]) == 1
    assert await agent.segments(session_id, parts[0], parts[1]) == 1
    await caller.command("end", school.teacher, session_id)
    assert await agent.segments(session_id, parts[2]) == 1
    (added,) = await told(caller, school, session_id, "recording.added")
    assert (added["kind"], added["participantId"]) == ("speaker", str(person))
    completed = await told(caller, school, session_id, "recording.completed")
    assert completed[-1] == {
        "type": "recording.completed",
        "recordingId": added["recordingId"],
        "durationMs": 30_000,
    }


async def test_a_segment_outside_the_sessions_folder_is_refused(
    caller: Caller, school: School, agent: Agent
) -> None:
    session_id, person = await start(caller, school)
    stray = segment(school.tenant_id, uuid4(), person, 0)
    up = {**stray, "key": f"{school.tenant_id}/{session_id}/speakers/../../x.ogg"}
    for bad in (stray, up):
        reply = await agent.post(f"/sessions/{session_id}/speaker-segments", {"segments": [bad]})
        assert (reply.status_code, reply.json()["code"]) == (422, "invalid_field")
    assert await told(caller, school, session_id, "recording.added") == []


async def test_an_unknown_session_and_a_stranger_are_refused(
    caller: Caller, school: School, agent: Agent
) -> None:
    reply = await agent.post(f"/sessions/{uuid4()}/captions", {"captions": []})
    assert reply.status_code == 404
    session_id, _ = await start(caller, school)
    path = f"/api/internal/sessions/{session_id}/captions"
    assert (await caller.post(school.admin, path, {"captions": []})).status_code == 401
    assert (await caller.post(None, path, {"captions": []})).status_code == 401
