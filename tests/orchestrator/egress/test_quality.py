"""What a class is encoded as: chosen before it begins, told to the egress worker at the start."""

from uuid import UUID, uuid4

import pytest

from orchestrator.egress import selection
from orchestrator.egress.domain import Memory
from orchestrator.state.session import SessionState
from schema.errors import SessionIsLive, SessionOver
from schema.events import ProgrammeQualityChosen, SessionStarted
from tests.orchestrator.egress.world import SESSION, World
from tests.support.school import Caller, School

PORTRAIT = {
    "quality": "1080p30_vertical",
    "width": 1080,
    "height": 1920,
    "fps": 30,
    "videoKbps": 4500,
}


def path(session_id: UUID) -> str:
    return f"/api/sessions/{session_id}/programme"


async def test_staff_choose_and_everybody_else_is_refused(caller: Caller, school: School) -> None:
    session_id = await caller.new_session(school)
    before = await caller.get(school.teacher, path(session_id))
    assert (before.status_code, before.json()["quality"]) == (200, "720p30")
    chosen = await caller.write(
        "PUT", school.teacher, path(session_id), {"quality": "1080p30_vertical"}
    )
    assert (chosen.status_code, chosen.json()) == (200, PORTRAIT)
    assert (await caller.get(school.admin, path(session_id))).json() == PORTRAIT
    assert (await caller.get(school.student, path(session_id))).status_code == 403
    other = await caller.write("PUT", school.student, path(session_id), {"quality": "1080p30"})
    assert other.status_code == 403


async def test_what_is_not_in_the_registry_is_refused(caller: Caller, school: School) -> None:
    session_id = await caller.new_session(school)
    for quality in ("2160p30", "", 720, None):
        reply = await caller.write("PUT", school.teacher, path(session_id), {"quality": quality})
        assert reply.status_code == 422
    assert (await caller.get(school.teacher, path(session_id))).json()["quality"] == "720p30"


async def test_it_is_fixed_once_the_class_has_begun(caller: Caller, school: School) -> None:
    session_id = await caller.new_session(school)
    await caller.command("start", school.teacher, session_id)
    reply = await caller.write("PUT", school.teacher, path(session_id), {"quality": "1080p30"})
    assert (reply.status_code, reply.json()["code"]) == (409, "session_is_live")


def test_choosing_what_is_chosen_says_nothing_and_an_ended_class_refuses() -> None:
    user_id = uuid4()
    (event,) = selection.choose_quality(SessionState(), "1080p60", user_id)
    assert event == ProgrammeQualityChosen(quality="1080p60", chosen_by=user_id)
    assert selection.choose_quality(SessionState(quality="1080p60"), "1080p60", user_id) == []
    with pytest.raises(SessionOver):
        selection.choose_quality(SessionState(status="ended"), "720p30", user_id)
    with pytest.raises(SessionIsLive):
        selection.choose_quality(SessionState(status="live"), "720p30", user_id)


def test_the_programme_starts_as_it_was_chosen() -> None:
    world = World()
    world.command(ProgrammeQualityChosen(quality="1080p60", chosen_by=SESSION))
    world.command(SessionStarted(room="room", started_by=SESSION))
    world.look(Memory())
    assert world.qualities == ["1080p60"]
