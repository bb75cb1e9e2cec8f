"""What can be done to a session before it begins, and the list of sessions that one may see."""

from typing import Any
from uuid import UUID, uuid4

import pytest

from orchestrator.core.database import Database
from orchestrator.proof.verify import verify
from tests.support.school import Caller, Member, School, enrol, schedule

LATER = {"scheduledStart": "2026-11-22T10:00:00Z", "scheduledEnd": "2026-11-22T12:00:00Z"}


async def types(caller: Caller, school: School, session_id: UUID) -> list[str]:
    page = (await caller.get(school.teacher, f"/api/sessions/{session_id}/events")).json()
    return [item["payload"]["type"] for item in page["items"]]


async def test_a_session_is_edited_until_it_begins(
    caller: Caller, school: School, database: Database
) -> None:
    session_id = await caller.new_session(school)
    path = f"/api/sessions/{session_id}"
    renamed = await caller.patch(school.teacher, path, {"title": "Box Hill"})
    assert (renamed.json()["title"], renamed.headers["ETag"]) == ("Box Hill", '"2"')
    moved = await caller.patch(school.admin, path, LATER, '"2"')
    assert {**moved.json(), **LATER, "title": "Box Hill"} == moved.json()
    same = await caller.patch(school.teacher, path, {**LATER, "title": "Box Hill"})
    assert same.headers["ETag"] == moved.headers["ETag"] == '"3"'
    assert (await caller.get(school.student, path)).json() == moved.json()
    assert await types(caller, school, session_id) == [
        "session.scheduled",
        "session.edited",
        "session.rescheduled",
    ]
    async with database.system_transaction() as tx:
        assert await verify(tx, session_id) == []


async def test_an_edit_based_on_an_old_version_is_refused(caller: Caller, school: School) -> None:
    session_id = await caller.new_session(school)
    path = f"/api/sessions/{session_id}"
    seen = (await caller.get(school.teacher, path)).headers["ETag"]
    await caller.patch(school.admin, path, {"title": "His"}, seen)
    stale = await caller.patch(school.teacher, path, {"title": "Mine"}, seen)
    assert (stale.status_code, stale.json()["code"]) == (409, "stale_edit")
    assert stale.json()["details"] == {"sequence": 2}


async def test_the_plan_of_a_class_that_has_begun_stays(caller: Caller, school: School) -> None:
    session_id = await caller.new_session(school)
    await caller.command("start", school.teacher, session_id)
    for code in ("session_is_live", "session_over"):
        edited = await caller.patch(school.teacher, f"/api/sessions/{session_id}", LATER)
        cancelled = await caller.command("cancel", school.teacher, session_id)
        for reply in (edited, cancelled):
            assert (reply.status_code, reply.json()["code"]) == (409, code)
        await caller.command("end", school.teacher, session_id)


async def test_a_cancelled_class_cannot_begin(
    caller: Caller, school: School, database: Database
) -> None:
    session_id = await caller.new_session(school)
    for _ in range(2):
        reply = await caller.command("cancel", school.teacher, session_id)
        assert (reply.status_code, reply.json()["session"]["status"]) == (200, "cancelled")
    for verb, who in (("start", school.teacher), ("join", school.student), ("end", school.admin)):
        refused = await caller.command(verb, who, session_id)
        assert (refused.status_code, refused.json()["code"]) == (409, "session_over")
    edited = await caller.patch(school.teacher, f"/api/sessions/{session_id}", {"title": "x"})
    assert (edited.status_code, edited.json()["code"]) == (409, "session_over")
    assert await types(caller, school, session_id) == ["session.scheduled", "session.cancelled"]
    async with database.system_transaction() as tx:
        assert await verify(tx, session_id) == []


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"scheduledEnd": "2026-11-21T10:00:00Z"}, "scheduledEnd"),
        ({"scheduledStart": "2026-11-21T11:00:00Z"}, "scheduledEnd"),
        ({"scheduledStart": "2026-11-21T09:00:00"}, "scheduledStart"),
        ({"scheduledEnd": "9999-12-31T23:59:59-12:00"}, "scheduledEnd"),
        ({"title": ""}, "title"),
        ({"status": "live"}, "status"),
    ],
)
async def test_a_bad_edit_names_its_field(
    caller: Caller, school: School, changes: dict[str, str], field: str
) -> None:
    session_id = await caller.new_session(school)
    reply = await caller.patch(school.teacher, f"/api/sessions/{session_id}", changes)
    assert (reply.status_code, reply.json()["details"]) == (422, {"field": field})
    assert await types(caller, school, session_id) == ["session.scheduled"]


async def test_only_staff_of_the_course_change_a_plan(
    caller: Caller, school: School, other_school: School, database: Database
) -> None:
    session_id = await caller.new_session(school)
    async with database.system_transaction() as tx:
        elsewhere = await enrol(tx, school.tenant_id, "teacher", uuid4())
    for who, status in (
        (school.student, 403),
        (school.assistant, 403),
        (elsewhere, 403),
        (other_school.teacher, 404),
    ):
        edited = await caller.patch(who, f"/api/sessions/{session_id}", LATER)
        cancelled = await caller.command("cancel", who, session_id)
        assert (edited.status_code, cancelled.status_code) == (status, status)


async def starts(caller: Caller, who: Member, query: str = "") -> list[str]:
    """The hours at which the sessions of a list start."""
    reply = await caller.get(who, f"/api/sessions?limit=2{query}")
    assert reply.status_code == 200, reply.text
    body = reply.json()
    found = [item["scheduledStart"][11:13] for item in body["items"]]
    if "nextCursor" not in body:
        return found
    base = query.partition("&cursor=")[0]
    return [*found, *await starts(caller, who, f"{base}&cursor={body['nextCursor']}")]


async def plan(caller: Caller, school: School, hour: int, **changes: Any) -> UUID:
    times = {
        "scheduledStart": f"2026-11-21T{hour:02}:00:00Z",
        "scheduledEnd": f"2026-11-21T{hour + 1:02}:00:00Z",
    }
    made = await caller.post(school.teacher, "/api/sessions", schedule(school, **times, **changes))
    return UUID(made.json()["id"])


async def test_the_list_is_by_time_and_paged_in_both_directions(
    caller: Caller, school: School
) -> None:
    for hour in (12, 9, 15, 10, 9):
        await plan(caller, school, hour)
    assert await starts(caller, school.student) == ["15", "12", "10", "09", "09"]
    assert await starts(caller, school.teacher, "&sort=asc") == ["09", "09", "10", "12", "15"]


async def test_the_list_is_filtered(caller: Caller, school: School) -> None:
    course = (await caller.post(school.teacher, "/api/courses", {"title": "Poems"})).json()
    path = f"/api/courses/{course['id']}/lessons"
    lesson = (await caller.post(school.teacher, path, {"title": "Odes"})).json()
    await plan(caller, school, 9)
    await plan(caller, school, 12, lessonId=lesson["id"])
    await caller.command("cancel", school.teacher, await plan(caller, school, 15))
    teacher = school.teacher
    assert await starts(caller, teacher, f"&courseId={course['id']}") == ["12"]
    assert await starts(caller, teacher, "&status=cancelled") == ["15"]
    assert await starts(caller, teacher, "&status=cancelled&status=scheduled") == ["15", "12", "09"]
    assert await starts(caller, teacher, "&from=2026-11-21T12:30:00Z") == ["15", "12"]
    assert await starts(caller, teacher, "&to=2026-11-21T12:00:00Z") == ["09"]
    # The student is not in the other course.
    assert await starts(caller, school.student) == ["15", "09"]
    assert await starts(caller, school.student, f"&courseId={course['id']}") == []


@pytest.mark.parametrize(
    ("query", "field"),
    [
        ("from=2026-11-21T12:00:00", "from"),
        ("to=soon", "to"),
        ("status=lost", "status"),
        ("courseId=1", "courseId"),
        ("cursor=00000000-0000-4000-8000-000000000000", "cursor"),
    ],
)
async def test_a_bad_filter_names_its_field(
    caller: Caller, school: School, query: str, field: str
) -> None:
    reply = await caller.get(school.teacher, f"/api/sessions?{query}")
    assert (reply.status_code, reply.json()["details"]) == (422, {"field": field})


async def test_a_guest_of_one_session_sees_that_one(
    caller: Caller, school: School, database: Database
) -> None:
    hers = await plan(caller, school, 9)
    await plan(caller, school, 12)
    async with database.system_transaction() as tx:
        guest = await enrol(tx, school.tenant_id, "student", hers, scope="session")
    assert await starts(caller, guest) == ["09"]
    assert (await caller.get(guest, f"/api/sessions/{hers}")).status_code == 200
    assert (await caller.get(guest, "/api/courses")).json()["items"] == []
