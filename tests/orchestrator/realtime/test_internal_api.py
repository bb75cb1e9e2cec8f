"""What agents see: which session a room is, and its events as they happen."""

import asyncio
from uuid import UUID, uuid4

import httpx
import pytest

from orchestrator.settings import Settings
from tests.support.school import Caller, School


@pytest.fixture
def agent(settings: Settings) -> dict[str, str]:
    return {"Authorization": f"Bearer {settings.internal_token.reveal()}"}


async def events(
    caller: Caller, agent: dict[str, str], session_id: UUID, after: int, wait_ms: int
) -> httpx.Response:
    path = f"/api/internal/sessions/{session_id}/events?after={after}&waitMs={wait_ms}"
    return await caller.http.get(path, headers=agent)


async def test_a_room_tells_its_session(
    caller: Caller, school: School, agent: dict[str, str]
) -> None:
    session_id = await caller.new_session(school)
    room = (await caller.command("start", school.teacher, session_id)).json()["livekit"]["room"]
    reply = await caller.http.get(f"/api/internal/rooms/{room}", headers=agent)
    assert reply.json() == {
        "sessionId": str(session_id),
        "tenantId": str(school.tenant_id),
        "lastSequence": 3,
    }


@pytest.mark.parametrize(
    "room", ["lobby", "session-1", f"session-{uuid4()}"], ids=["lobby", "no-id", "unknown"]
)
async def test_a_foreign_room_is_no_session(
    caller: Caller, agent: dict[str, str], room: str
) -> None:
    reply = await caller.http.get(f"/api/internal/rooms/{room}", headers=agent)
    assert (reply.status_code, reply.json()["code"]) == (404, "not_found")


async def test_a_waiting_agent_hears_what_comes(
    caller: Caller, school: School, agent: dict[str, str]
) -> None:
    session_id = await caller.new_session(school)
    await caller.command("start", school.teacher, session_id)
    waiting = asyncio.create_task(events(caller, agent, session_id, 3, 20_000))
    await asyncio.sleep(0.2)
    assert not waiting.done()
    joined = await caller.command("join", school.student, session_id)
    page = (await waiting).json()
    (event,) = page["items"]
    assert event["payload"]["participantId"] == joined.json()["participant"]["id"]
    assert (page["lastSequence"], page["closed"]) == (4, False)


async def test_nothing_new_answers_empty_when_the_wait_is_over(
    caller: Caller, school: School, agent: dict[str, str]
) -> None:
    session_id = await caller.new_session(school)
    page = (await events(caller, agent, session_id, 1, 100)).json()
    assert page == {"items": [], "lastSequence": 1, "closed": False}


async def test_the_end_of_the_log_is_said(
    caller: Caller, school: School, agent: dict[str, str]
) -> None:
    session_id = await caller.new_session(school)
    await caller.command("start", school.teacher, session_id)
    await caller.command("end", school.teacher, session_id)
    page = (await events(caller, agent, session_id, 3, 20_000)).json()
    assert [item["payload"]["type"] for item in page["items"]] == ["session.ended"]
    assert page["closed"] is True
    assert (await events(caller, agent, session_id, 4, 20_000)).json()["closed"] is True


async def test_an_unknown_session_and_too_long_a_wait_are_refused(
    caller: Caller, agent: dict[str, str]
) -> None:
    assert (await events(caller, agent, uuid4(), 0, 0)).status_code == 404
    assert (await events(caller, agent, uuid4(), 0, 25_001)).status_code == 422
