"""Who is in a course, and what that opens and closes at once."""

from typing import Any
from uuid import UUID, uuid4

import pytest
import sqlalchemy as sa

from orchestrator.audit.tables import audit_log
from orchestrator.auth.tables import tenants
from orchestrator.core.database import Database
from orchestrator.proof.verify import verify
from tests.support.school import Caller, Member, School, enrol

ROSTER = "/api/courses/{}/enrolments"


@pytest.fixture
async def newcomer(school: School, database: Database) -> Member:
    """A student of the school who is in no course."""
    async with database.system_transaction() as tx:
        return await enrol(tx, school.tenant_id, "student")


async def put(caller: Caller, school: School, *people: dict[str, Any]) -> Any:
    path = ROSTER.format(school.course_id)
    return await caller.post(school.teacher, path, {"people": list(people)})


async def roles(caller: Caller, school: School) -> dict[str, str]:
    reply = await caller.get(school.teacher, ROSTER.format(school.course_id))
    return {one["userId"]: one["role"] for one in reply.json()["items"]}


def email(member: Member) -> str:
    return f"{member.user_id}@school.test"


async def test_several_are_enrolled_at_once_by_address_or_id(
    caller: Caller, school: School, newcomer: Member
) -> None:
    reply = await put(
        caller,
        school,
        {"email": f" {email(newcomer).upper()} "},
        {"userId": str(school.assistant.user_id), "role": "assistant"},
    )
    assert reply.status_code == 201
    assert [(one["userId"], one["role"]) for one in reply.json()["items"]] == [
        (str(school.assistant.user_id), "assistant"),
        (str(newcomer.user_id), "student"),
    ]
    assert set(await roles(caller, school)) == {
        str(member.user_id) for member in (school.student, school.assistant, newcomer)
    }


async def test_one_unknown_address_and_nobody_is_enrolled(
    caller: Caller, school: School, other_school: School, newcomer: Member
) -> None:
    stranger = email(other_school.student)
    reply = await put(caller, school, {"email": email(newcomer)}, {"email": stranger})
    assert (reply.status_code, reply.json()["code"]) == (422, "unknown_people")
    assert reply.json()["details"] == {"field": "people", "people": [stranger]}
    assert set(await roles(caller, school)) == {str(school.student.user_id)}


@pytest.mark.parametrize(
    "person",
    [
        {},
        {"email": "a@b.c", "userId": "00000000-0000-4000-8000-000000000000"},
        {"email": "a@b.c", "role": "admin"},
    ],
)
async def test_a_person_is_named_once_and_is_no_admin(
    caller: Caller, school: School, person: dict[str, str]
) -> None:
    reply = await put(caller, school, person)
    assert (reply.status_code, reply.json()["code"]) == (422, "invalid_field")


async def test_a_person_has_one_role_in_a_course(
    caller: Caller, school: School, newcomer: Member
) -> None:
    for role in ("student", "teacher"):
        await put(caller, school, {"email": email(newcomer), "role": role})
    path = f"{ROSTER.format(school.course_id)}/{newcomer.user_id}"
    assert (await roles(caller, school))[str(newcomer.user_id)] == "teacher"
    changed = await caller.patch(newcomer, path, {"role": "assistant"})
    assert changed.json()["role"] == "assistant"
    # Not a teacher any more, at once.
    assert (await caller.patch(newcomer, path, {"role": "teacher"})).status_code == 403
    assert (await caller.get(newcomer, ROSTER.format(school.course_id))).status_code == 200


async def sees(caller: Caller, who: Member, session_id: UUID) -> set[int]:
    """The statuses of everything that can be read of a session, its place in the list among them."""
    listed = (await caller.get(who, "/api/sessions")).json()["items"]
    in_list = 200 if str(session_id) in {one["id"] for one in listed} else 404
    paths = ("", "/events", "/state", "/chat", "/questions", "/artifacts")
    read = [await caller.get(who, f"/api/sessions/{session_id}{path}") for path in paths]
    return {in_list, *(reply.status_code for reply in read)}


async def test_enrolment_opens_the_course_and_its_end_closes_it_at_once(
    caller: Caller, school: School, newcomer: Member
) -> None:
    session_id = await caller.new_session(school)
    await caller.command("start", school.teacher, session_id)
    assert await sees(caller, newcomer, session_id) == {404}
    assert (await caller.command("join", newcomer, session_id)).status_code == 403

    await put(caller, school, {"email": email(newcomer)})
    assert await sees(caller, newcomer, session_id) == {200}
    assert (await caller.command("join", newcomer, session_id)).status_code == 200

    path = f"{ROSTER.format(school.course_id)}/{newcomer.user_id}"
    assert (await caller.delete(school.teacher, path)).status_code == 204
    assert await sees(caller, newcomer, session_id) == {404}
    assert (await caller.command("join", newcomer, session_id)).status_code == 403
    await caller.command("end", school.teacher, session_id)
    assert (await caller.get(newcomer, f"/api/replays/{session_id}")).status_code == 404
    assert (await caller.get(school.student, f"/api/replays/{session_id}")).status_code == 200
    assert (await caller.delete(school.teacher, path)).status_code == 404


async def test_who_is_taken_out_leaves_a_live_class_and_may_come_back_with_the_next_enrolment(
    caller: Caller, school: School, newcomer: Member, database: Database
) -> None:
    await put(caller, school, {"email": email(newcomer), "role": "teacher"})
    session_id = await caller.new_session(school)
    await caller.command("start", newcomer, session_id)
    path = f"{ROSTER.format(school.course_id)}/{newcomer.user_id}"
    await caller.delete(school.teacher, path)
    await put(caller, school, {"email": email(newcomer)})
    again = await caller.command("join", newcomer, session_id)
    assert again.json()["participant"]["role"] == "student"
    page = (await caller.get(school.teacher, f"/api/sessions/{session_id}/events")).json()
    kinds = [item["payload"]["type"] for item in page["items"]]
    assert kinds[2:] == [
        "participant.joined",
        "participant.removed",
        "participant.readmitted",
        "participant.joined",
    ]
    async with database.system_transaction() as tx:
        assert await verify(tx, session_id) == []
        noted = await tx.execute(
            sa.select(audit_log.c.action, audit_log.c.details["role"].astext).where(
                audit_log.c.target_id == newcomer.user_id
            )
        )
        assert {tuple(row) for row in noted} == {
            ("role.granted", "teacher"),
            ("role.revoked", None),
            ("role.granted", "student"),
        }


async def test_who_may_see_and_change_the_roster(
    caller: Caller, school: School, other_school: School, database: Database
) -> None:
    path = ROSTER.format(school.course_id)
    person = {"people": [{"userId": str(school.student.user_id)}]}
    async with database.system_transaction() as tx:
        elsewhere = await enrol(tx, school.tenant_id, "teacher", uuid4())
    for who, read, write in (
        (school.student, 403, 403),
        (school.assistant, 200, 403),
        (school.admin, 200, 201),
        (elsewhere, 404, 403),
        (other_school.teacher, 404, 404),
    ):
        assert (await caller.get(who, path)).status_code == read
        assert (await caller.post(who, path, person)).status_code == write


async def test_a_new_course_is_empty_unless_the_tenant_enrols_everybody(
    caller: Caller, school: School, database: Database, newcomer: Member
) -> None:
    in_roster = []
    for everybody in (False, True):
        async with database.system_transaction() as tx:
            await tx.execute(sa.update(tenants).values(enrols_everybody=everybody))
        made = (await caller.post(school.teacher, "/api/courses", {"title": "Poems"})).json()
        roster = await caller.get(school.teacher, ROSTER.format(made["id"]))
        in_roster.append({one["userId"] for one in roster.json()["items"]})
    assert in_roster == [set(), {str(school.student.user_id), str(newcomer.user_id)}]


async def everybody(caller: Caller, school: School, *, on: bool) -> None:
    path, body = f"/api/courses/{school.course_id}", {"enrolsEverybody": on}
    reply = await caller.patch(school.teacher, path, body)
    assert (reply.status_code, reply.json()["enrolsEverybody"]) == (200, on)


async def add_student(caller: Caller, school: School) -> str:
    """As the school's administrator: an account, and then the role."""
    person = {"email": f"{uuid4()}@school.test", "name": "New"}
    made = await caller.post(school.admin, "/api/users", person)
    assert made.status_code == 201, made.text
    user_id = made.json()["user"]["id"]
    role = {"role": "student", "scope": "tenant"}
    given = await caller.post(school.admin, f"/api/users/{user_id}/roles", role)
    assert given.is_success, given.text
    return str(user_id)


async def test_a_course_for_everybody_takes_those_who_are_there_and_those_who_come(
    caller: Caller, school: School, newcomer: Member
) -> None:
    before = await add_student(caller, school)
    assert set(await roles(caller, school)) == {str(school.student.user_id)}
    await put(caller, school, {"userId": before, "role": "assistant"})
    await everybody(caller, school, on=True)
    after = await add_student(caller, school)
    assert await roles(caller, school) == {
        str(school.student.user_id): "student",
        str(newcomer.user_id): "student",
        before: "assistant",
        after: "student",
    }


async def test_who_came_stays_when_a_course_is_for_everybody_no_more(
    caller: Caller, school: School, newcomer: Member
) -> None:
    await everybody(caller, school, on=True)
    await everybody(caller, school, on=False)
    late = await add_student(caller, school)
    there = await roles(caller, school)
    assert str(newcomer.user_id) in there
    assert late not in there
