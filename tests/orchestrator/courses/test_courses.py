"""Courses and lessons of one tenant, and the demo school."""

from uuid import uuid4

import msgspec
import sqlalchemy as sa

from orchestrator.auth.tables import users
from orchestrator.core.database import Database
from orchestrator.courses.seed import seed_demo
from orchestrator.courses.tables import courses, lessons
from orchestrator.settings import Settings
from tests.support.school import Caller, School


class Account(msgspec.Struct):
    role: str
    email: str
    password: str


async def test_a_teacher_makes_a_course_with_lessons_in_order(
    caller: Caller, school: School
) -> None:
    course = (await caller.post(school.teacher, "/api/courses", {"title": "Poems"})).json()
    path = f"/api/courses/{course['id']}/lessons"
    for title, order in (("Second", 2), ("First", 1)):
        made = await caller.post(school.teacher, path, {"title": title, "order": order})
        assert made.json()["courseId"] == course["id"]
    seen = (await caller.get(school.student, path)).json()["items"]
    assert [lesson["title"] for lesson in seen] == ["First", "Second"]
    every = (await caller.get(school.student, "/api/lessons")).json()["items"]
    assert {lesson["title"] for lesson in every} == {"First", "Second", "Emma"}
    titles = (await caller.get(school.student, "/api/courses")).json()["items"]
    assert {item["title"] for item in titles} == {"Novels", "Poems"}


async def test_a_course_that_is_not_there(caller: Caller, school: School) -> None:
    path = f"/api/courses/{uuid4()}/lessons"
    assert (await caller.get(school.teacher, path)).status_code == 404
    assert (await caller.post(school.teacher, path, {"title": "x"})).status_code == 404


async def test_a_negative_order_is_refused(caller: Caller, school: School) -> None:
    path = f"/api/courses/{school.course_id}/lessons"
    reply = await caller.post(school.teacher, path, {"title": "x", "order": -1})
    assert (reply.status_code, reply.json()["details"]) == (422, {"field": "order"})


async def test_the_demo_school_is_made_once_and_can_sign_in(
    settings: Settings, database: Database, caller: Caller
) -> None:
    accounts = [Account("teacher", "teacher@demo.lectern", "pw"), Account("student", "s@x.y", "pw")]
    for _ in range(2):
        await seed_demo(settings, accounts)
    async with database.system_transaction() as tx:
        for table, count in ((users, 2), (courses, 1), (lessons, 1)):
            assert await tx.scalar(sa.select(sa.func.count()).select_from(table)) == count
    login = {"email": "teacher@demo.lectern", "password": "pw"}
    token = (await caller.http.post("/api/auth/login", json=login)).json()["token"]
    headers = {"Authorization": f"Bearer {token}"}
    me = (await caller.http.get("/api/auth/me", headers=headers)).json()
    assert me["user"]["name"] == "Teacher"
    assert [role["name"] for role in me["roles"]] == ["teacher"]
