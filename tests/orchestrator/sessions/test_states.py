"""GET /api/sessions/{id}/state: what members see, at any place of the log."""

from datetime import UTC, datetime
from typing import Any
from urllib.parse import quote
from uuid import UUID, uuid4

import pytest

from orchestrator.sessions.history.states import place
from schema.errors import InvalidField
from tests.support.school import Caller, School


async def seen(caller: Caller, school: School, session_id: UUID, at: object = None) -> Any:
    query = "" if at is None else f"?at={quote(str(at))}"
    reply = await caller.get(school.student, f"/api/sessions/{session_id}/state{query}")
    assert reply.status_code == 200, reply.text
    return reply.json()


async def begun(caller: Caller, school: School) -> UUID:
    """Scheduled, started, and entered by the teacher: three events."""
    session_id = await caller.new_session(school)
    await caller.command("start", school.teacher, session_id)
    return session_id


async def test_members_see_the_state_of_now(caller: Caller, school: School) -> None:
    session_id = await begun(caller, school)
    state = await seen(caller, school, session_id)
    assert (state["sequence"], state["status"], state["title"]) == (3, "live", "Emma")
    (teacher,) = state["participants"]
    assert (teacher["name"], teacher["role"], teacher["connections"]) == ("Teacher", "teacher", 0)
    assert state["at"] == teacher["joinedAt"]


async def test_a_sequence_is_the_state_right_after_that_event(
    caller: Caller, school: School
) -> None:
    session_id = await begun(caller, school)
    statuses = [(await seen(caller, school, session_id, n))["status"] for n in range(4)]
    assert statuses == ["scheduled", "scheduled", "live", "live"]
    assert (await seen(caller, school, session_id, 0))["at"] is None
    assert (await seen(caller, school, session_id, 1))["participants"] == []


async def test_a_time_is_the_state_at_that_time(caller: Caller, school: School) -> None:
    session_id = await begun(caller, school)
    written = (await seen(caller, school, session_id, 1))["at"]
    assert (await seen(caller, school, session_id, written))["sequence"] == 1
    in_ms = int(datetime.fromisoformat(written).timestamp() * 1000)
    assert (await seen(caller, school, session_id, in_ms - 1))["sequence"] == 0
    assert (await seen(caller, school, session_id, "2999-01-01T00:00:00Z"))["sequence"] == 3


@pytest.mark.parametrize("at", ["soon", "", "-1", "1.5", "2026-11-21T09:00:00", "9" * 40, "٣"])
async def test_nonsense_is_refused(caller: Caller, school: School, at: str) -> None:
    session_id = await begun(caller, school)
    reply = await caller.get(school.teacher, f"/api/sessions/{session_id}/state?at={quote(at)}")
    assert (reply.status_code, reply.json()["details"]) == (422, {"field": "at"})


async def test_a_sequence_that_is_still_to_come_is_refused(caller: Caller, school: School) -> None:
    session_id = await begun(caller, school)
    reply = await caller.get(school.teacher, f"/api/sessions/{session_id}/state?at=4")
    assert (reply.status_code, reply.json()["message"]) == (422, "The log has 3 events.")


async def test_others_find_nothing(caller: Caller, school: School, other_school: School) -> None:
    session_id = await begun(caller, school)
    path = f"/api/sessions/{session_id}/state"
    assert (await caller.get(other_school.teacher, path)).status_code == 404
    assert (await caller.get(None, path)).status_code == 401
    assert (await caller.get(school.teacher, f"/api/sessions/{uuid4()}/state")).status_code == 404


def test_numbers_too_large_for_a_sequence_are_unix_milliseconds() -> None:
    assert place("2147483647") == 2147483647
    assert place("1795251600000") == datetime(2026, 11, 21, 9, tzinfo=UTC)
    with pytest.raises(InvalidField):
        place("99999999999999999")
