"""Start, join and end over HTTP, with a real SFU behind them."""

from uuid import UUID, uuid4

import jwt
import pytest

from orchestrator.core.database import Database
from orchestrator.core.livekit.client import LiveKit
from orchestrator.proof.verify import verify
from orchestrator.settings import Settings
from tests.support.school import Caller, School, enrol, schedule


def claims(reply: dict[str, object], settings: Settings) -> dict[str, object]:
    access = reply["livekit"]
    assert isinstance(access, dict)
    secret = settings.livekit_api_secret.reveal()
    decoded: dict[str, object] = jwt.decode(access["token"], secret, algorithms=["HS256"])
    return decoded


async def event_types(caller: Caller, school: School, session_id: UUID) -> list[str]:
    page = (await caller.get(school.student, f"/api/sessions/{session_id}/events")).json()
    assert [item["sequence"] for item in page["items"]] == list(range(1, page["lastSequence"] + 1))
    return [item["payload"]["type"] for item in page["items"]]


async def test_a_class_from_schedule_to_end(
    caller: Caller, school: School, settings: Settings, database: Database
) -> None:
    created = await caller.post(
        school.teacher, "/api/sessions", schedule(school, title="Chapter 1")
    )
    assert created.json() == {
        "id": created.json()["id"],
        "lessonId": str(school.lesson_id),
        "title": "Chapter 1",
        "scheduledStart": "2026-11-21T10:00:00Z",
        "scheduledEnd": "2026-11-21T11:00:00Z",
        "status": "scheduled",
    }
    session_id = UUID(created.json()["id"])
    started = (await caller.command("start", school.teacher, session_id)).json()
    assert started["session"]["status"] == "live"
    assert started["participant"]["role"] == "teacher"
    assert started["livekit"]["url"] == settings.livekit_url
    assert started["livekit"]["room"] == f"session-{session_id}"
    livekit = LiveKit(settings)
    assert [room.name for room in await livekit.list_rooms([f"session-{session_id}"])]

    joined = (await caller.command("join", school.student, session_id)).json()
    assert joined["participant"]["id"] != started["participant"]["id"]
    ended = await caller.command("end", school.teacher, session_id)
    assert ended.json()["session"]["status"] == "ended"
    assert await livekit.list_rooms([f"session-{session_id}"]) == []
    await livekit.close()

    assert await event_types(caller, school, session_id) == [
        "session.scheduled",
        "session.started",
        "participant.joined",
        "participant.joined",
        "session.ended",
    ]
    async with database.system_transaction() as tx:
        assert await verify(tx, session_id) == []


async def test_tokens_carry_no_more_than_the_role_needs(
    caller: Caller, school: School, settings: Settings
) -> None:
    session_id = await caller.new_session(school)
    started = (await caller.command("start", school.teacher, session_id)).json()
    joined = (await caller.command("join", school.student, session_id)).json()
    teacher, student = claims(started, settings), claims(joined, settings)
    assert student["sub"] == joined["participant"]["id"]
    assert isinstance(student["exp"], int)
    assert isinstance(student["nbf"], int)
    assert student["exp"] - student["nbf"] == 600
    assert student["video"] == {
        "roomJoin": True,
        "room": f"session-{session_id}",
        "canSubscribe": True,
        "canPublish": False,
        "canPublishSources": [],
        "canPublishData": False,
        "canUpdateOwnMetadata": False,
    }
    assert isinstance(teacher["video"], dict)
    assert teacher["video"]["canPublishData"] is True
    assert not {"roomAdmin", "roomCreate", "roomRecord", "hidden", "agent"} & set(teacher["video"])
    assert "roomConfig" not in teacher


async def test_join_before_start_and_after_end(caller: Caller, school: School) -> None:
    session_id = await caller.new_session(school)
    early = await caller.command("join", school.student, session_id)
    assert (early.status_code, early.json()["code"]) == (409, "session_not_live")
    await caller.command("start", school.teacher, session_id)
    await caller.command("end", school.teacher, session_id)
    for verb, who in (("join", school.student), ("start", school.teacher)):
        late = await caller.command(verb, who, session_id)
        assert (late.status_code, late.json()["code"]) == (409, "session_over")


async def test_a_second_start_changes_nothing(caller: Caller, school: School) -> None:
    session_id = await caller.new_session(school)
    first = (await caller.command("start", school.teacher, session_id)).json()
    before = await event_types(caller, school, session_id)
    second = (await caller.command("start", school.teacher, session_id)).json()
    assert (second["session"], second["participant"]) == (first["session"], first["participant"])
    assert await event_types(caller, school, session_id) == before


async def test_joining_twice_is_one_participant(caller: Caller, school: School) -> None:
    session_id = await caller.new_session(school)
    await caller.command("start", school.teacher, session_id)
    first = (await caller.command("join", school.student, session_id)).json()
    second = (await caller.command("join", school.student, session_id)).json()
    assert first["participant"] == second["participant"]
    assert (await event_types(caller, school, session_id)).count("participant.joined") == 2


async def test_an_admin_helps_in_class_as_an_assistant(caller: Caller, school: School) -> None:
    session_id = await caller.new_session(school)
    reply = (await caller.command("start", school.admin, session_id)).json()
    assert reply["participant"]["role"] == "assistant"


async def test_a_teacher_of_another_course_is_no_teacher_here(
    caller: Caller, school: School, database: Database
) -> None:
    async with database.system_transaction() as tx:
        here = await enrol(tx, school.tenant_id, "teacher", school.course_id)
        elsewhere = await enrol(tx, school.tenant_id, "teacher", uuid4())
    refused = await caller.post(elsewhere, "/api/sessions", schedule(school))
    assert (refused.status_code, refused.json()["code"]) == (403, "forbidden")
    session_id = await caller.new_session(school)
    for verb in ("start", "end", "join"):
        assert (await caller.command(verb, elsewhere, session_id)).status_code == 403
    started = await caller.command("start", here, session_id)
    assert started.json()["participant"]["role"] == "teacher"


@pytest.mark.parametrize("verb", ["start", "join", "end"])
async def test_unknown_and_foreign_sessions_are_not_found(
    caller: Caller, school: School, other_school: School, verb: str
) -> None:
    foreign = await caller.new_session(other_school)
    await caller.command("start", other_school.teacher, foreign)
    for session_id in (uuid4(), foreign):
        reply = await caller.command(verb, school.teacher, session_id)
        assert (reply.status_code, reply.json()["code"]) == (404, "not_found")
    assert (await caller.get(school.teacher, f"/api/sessions/{foreign}")).status_code == 404
    assert (await caller.get(school.teacher, f"/api/sessions/{foreign}/events")).status_code == 404
    assert len(await event_types(caller, other_school, foreign)) == 3


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"scheduledEnd": "2026-11-21T10:00:00Z"}, "scheduledEnd"),
        ({"scheduledStart": "2026-11-21T10:00:00"}, "scheduledStart"),
        ({"scheduledStart": "yesterday"}, "scheduledStart"),
        ({"title": ""}, "title"),
        ({"title": "x" * 201}, "title"),
        ({"lessonId": "1"}, "lessonId"),
        ({"colour": "red"}, "colour"),
    ],
)
async def test_a_bad_schedule_names_its_field(
    caller: Caller, school: School, changes: dict[str, str], field: str
) -> None:
    reply = await caller.post(school.teacher, "/api/sessions", schedule(school, **changes))
    assert (reply.status_code, reply.json()["code"]) == (422, "invalid_field")
    assert reply.json()["details"] == {"field": field}
    assert (await caller.get(school.teacher, "/api/sessions")).json()["items"] == []


async def test_the_list_is_newest_first_and_paged(caller: Caller, school: School) -> None:
    made = [str(await caller.new_session(school)) for _ in range(3)]
    first = (await caller.get(school.student, "/api/sessions?limit=2")).json()
    assert [item["id"] for item in first["items"]] == made[:0:-1]
    rest = await caller.get(school.student, f"/api/sessions?limit=2&cursor={first['nextCursor']}")
    assert [item["id"] for item in rest.json()["items"]] == made[:1]
    assert "nextCursor" not in rest.json()
