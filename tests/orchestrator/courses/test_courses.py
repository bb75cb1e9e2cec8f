"""Courses and lessons: who sees them, how they change, and that nothing with a class in it is lost."""

from uuid import uuid4

import pytest

from orchestrator.core.database import Database
from orchestrator.courses.roster import take_out
from tests.support.school import Caller, Member, School, enrol, found_school


async def titles(caller: Caller, who: Member, path: str) -> list[str]:
    return [item["title"] for item in (await caller.get(who, path)).json()["items"]]


async def add_lessons(caller: Caller, school: School, *names: str) -> dict[str, str]:
    """Title to id, the school's own first lesson included."""
    path = f"/api/courses/{school.course_id}/lessons"
    for name in names:
        assert (await caller.post(school.teacher, path, {"title": name})).status_code == 201
    return {
        one["title"]: one["id"] for one in (await caller.get(school.teacher, path)).json()["items"]
    }


async def test_a_student_sees_the_courses_of_their_enrolment_only(
    caller: Caller, school: School
) -> None:
    poems = (await caller.post(school.teacher, "/api/courses", {"title": "Poems"})).json()
    await caller.post(school.teacher, f"/api/courses/{poems['id']}/lessons", {"title": "Odes"})
    assert await titles(caller, school.teacher, "/api/courses") == ["Novels", "Poems"]
    assert await titles(caller, school.student, "/api/courses") == ["Novels"]
    assert await titles(caller, school.teacher, "/api/lessons") == ["Emma", "Odes"]
    assert await titles(caller, school.student, "/api/lessons") == ["Emma"]
    for path in (f"/api/courses/{poems['id']}", f"/api/courses/{poems['id']}/lessons"):
        assert (await caller.get(school.student, path)).status_code == 404
    assert (await caller.get(school.student, f"/api/courses/{school.course_id}")).status_code == 200


async def test_a_teacher_of_one_course_makes_another_and_teaches_it(
    caller: Caller, school: School, database: Database
) -> None:
    async with database.system_transaction() as tx:
        teacher = await enrol(tx, school.tenant_id, "teacher", school.course_id)
    poems = (await caller.post(teacher, "/api/courses", {"title": "Poems"})).json()
    assert await titles(caller, teacher, "/api/courses") == ["Novels", "Poems"]
    async with database.system_transaction() as tx:
        assert await take_out(tx, school.tenant_id, school.course_id, teacher.user_id)
    assert await titles(caller, teacher, "/api/courses") == ["Poems"]
    lessons = f"/api/courses/{poems['id']}/lessons"
    assert (await caller.post(teacher, lessons, {"title": "Odes"})).status_code == 201
    novels = f"/api/courses/{school.course_id}"
    assert (await caller.patch(teacher, novels, {"title": "Mine"})).status_code == 403
    assert (await caller.delete(teacher, novels)).status_code == 403


async def test_a_lesson_comes_last_or_pushes_the_others_back(
    caller: Caller, school: School
) -> None:
    path = f"/api/courses/{school.course_id}/lessons"
    await add_lessons(caller, school, "Persuasion")
    first = (await caller.post(school.teacher, path, {"title": "Preface", "order": 1})).json()
    assert (first["order"], first["courseId"]) == (1, str(school.course_id))
    assert await titles(caller, school.student, path) == ["Preface", "Emma", "Persuasion"]


async def test_lessons_are_put_in_order_at_once(caller: Caller, school: School) -> None:
    ids = await add_lessons(caller, school, "Persuasion", "Lady Susan")
    path = f"/api/courses/{school.course_id}/lessons/order"
    wanted = [ids["Lady Susan"], ids["Emma"], ids["Persuasion"]]
    reply = await caller.write("PUT", school.teacher, path, {"lessonIds": wanted})
    assert [(one["id"], one["order"]) for one in reply.json()["items"]] == [
        (lesson, place) for place, lesson in enumerate(wanted, start=1)
    ]
    for wrong in (wanted[:2], [*wanted, wanted[0]], [*wanted[:2], str(uuid4())]):
        refused = await caller.write("PUT", school.teacher, path, {"lessonIds": wrong})
        assert (refused.status_code, refused.json()["details"]) == (422, {"field": "lessonIds"})


async def test_an_order_based_on_an_old_list_is_refused(caller: Caller, school: School) -> None:
    course = f"/api/courses/{school.course_id}"
    seen = (await caller.get(school.teacher, course)).headers["ETag"]
    ids = await add_lessons(caller, school, "Persuasion")
    body = {"lessonIds": [ids["Persuasion"], ids["Emma"]]}
    stale = await caller.write("PUT", school.teacher, f"{course}/lessons/order", body, seen)
    assert (stale.status_code, stale.json()["code"]) == (409, "stale_edit")
    assert await titles(caller, school.teacher, f"{course}/lessons") == ["Emma", "Persuasion"]


@pytest.mark.parametrize("thing", ["course", "lesson"])
async def test_of_two_edits_of_the_same_version_one_is_refused(
    caller: Caller, school: School, thing: str
) -> None:
    course = f"/api/courses/{school.course_id}"
    path = course if thing == "course" else f"{course}/lessons/{school.lesson_id}"
    edited = await caller.patch(school.teacher, path, {"title": "Mine"}, '"1"')
    assert (edited.json()["title"], edited.headers["ETag"]) == ("Mine", '"2"')
    stale = await caller.patch(school.admin, path, {"title": "His"}, '"1"')
    assert (stale.status_code, stale.json()["code"]) == (409, "stale_edit")
    assert stale.json()["details"] == {"sequence": 2}
    again = await caller.patch(school.admin, path, {"description": "All six."}, '"2"')
    assert (again.json()["title"], again.json()["description"]) == ("Mine", "All six.")


async def test_what_is_empty_is_deleted(caller: Caller, school: School) -> None:
    course = f"/api/courses/{school.course_id}"
    ids = await add_lessons(caller, school, "Persuasion")
    gone = await caller.delete(school.teacher, f"{course}/lessons/{ids['Persuasion']}")
    assert gone.json() == {"outcome": "deleted"}
    assert (await caller.delete(school.teacher, course)).json() == {"outcome": "deleted"}
    assert (await caller.get(school.teacher, course)).status_code == 404
    assert await titles(caller, school.student, "/api/courses") == []


async def test_what_has_a_session_is_archived_and_gets_no_new_one(
    caller: Caller, school: School
) -> None:
    session_id = await caller.new_session(school)
    course = f"/api/courses/{school.course_id}"
    lesson = f"{course}/lessons/{school.lesson_id}"
    for path in (lesson, course):
        assert (await caller.delete(school.teacher, path)).json() == {"outcome": "archived"}
    assert await titles(caller, school.student, "/api/courses") == []
    assert await titles(caller, school.student, "/api/courses?archived=true") == ["Novels"]
    assert await titles(caller, school.student, f"{course}/lessons") == []
    assert (await caller.get(school.student, f"/api/sessions/{session_id}")).status_code == 200
    refused = await caller.post(school.teacher, f"{course}/lessons", {"title": "New"})
    assert (refused.status_code, refused.json()["code"]) == (409, "archived")

    await caller.patch(school.teacher, course, {"archived": False})
    body = {
        "lessonId": str(school.lesson_id),
        "scheduledStart": "2026-11-21T10:00:00Z",
        "scheduledEnd": "2026-11-21T11:00:00Z",
    }
    refused = await caller.post(school.teacher, "/api/sessions", body)
    assert (refused.status_code, refused.json()["code"]) == (409, "archived")
    await caller.patch(school.teacher, lesson, {"archived": False})
    assert (await caller.post(school.teacher, "/api/sessions", body)).status_code == 201


async def test_a_course_and_a_lesson_that_are_not_there(
    caller: Caller, school: School, database: Database
) -> None:
    elsewhere = await found_school(database)
    lost = f"/api/courses/{uuid4()}"
    for path in (lost, f"{lost}/lessons"):
        assert (await caller.get(school.teacher, path)).status_code == 404
    # A lesson is found only in its own course.
    for course, lesson in (
        (uuid4(), school.lesson_id),
        (school.course_id, uuid4()),
        (school.course_id, elsewhere.lesson_id),
    ):
        path = f"/api/courses/{course}/lessons/{lesson}"
        assert (await caller.patch(school.teacher, path, {"title": "x"})).status_code == 404
        assert (await caller.delete(school.teacher, path)).status_code == 404


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({"title": "x", "order": -1}, "order"),
        ({"title": ""}, "title"),
        ({"title": "a\0b"}, "title"),
        ({"title": "x", "description": "y" * 5001}, "description"),
    ],
)
async def test_a_bad_lesson_names_its_field(
    caller: Caller, school: School, body: dict[str, object], field: str
) -> None:
    path = f"/api/courses/{school.course_id}/lessons"
    reply = await caller.post(school.teacher, path, body)
    assert (reply.status_code, reply.json()["details"]) == (422, {"field": field})
