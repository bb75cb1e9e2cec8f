"""A tenant's admins and its people."""

import asyncio
from typing import Any

import httpx
import pytest

from orchestrator.core.database import Database
from tests.support.school import Caller, Member, School, bearer, enrol
from tests.support.signing_in import give_password, sign_in

USERS = "/api/users"
NEW = {"email": "Emma@School.test", "name": "Emma Woodhouse"}


async def patch(caller: Caller, who: Member, user: Any, **body: Any) -> httpx.Response:
    headers = bearer(who) | {"Idempotency-Key": str(body)}
    return await caller.http.patch(f"{USERS}/{user}", json=body, headers=headers)


async def grant(caller: Caller, who: Member, user: Any, **body: Any) -> httpx.Response:
    return await caller.post(who, f"{USERS}/{user}/roles", body)


async def revoke(caller: Caller, who: Member, user: Any, **query: str) -> httpx.Response:
    return await caller.http.delete(
        f"{USERS}/{user}/roles",
        params=query,
        headers=bearer(who) | {"Idempotency-Key": f"{user}{query}"},
    )


async def test_an_admin_lets_somebody_in(caller: Caller, school: School) -> None:
    made = (await caller.post(school.admin, USERS, NEW)).json()
    user, link = made["user"], made["link"]["url"]
    assert (user["email"], user["roles"]) == ("emma@school.test", [])
    page, _, token = link.partition("#")
    assert page == "http://127.0.0.1:5000/set-password"
    chosen = {"token": token, "password": "a garden in Highbury"}
    assert (await caller.http.post("/api/auth/password/set", json=chosen)).status_code == 204
    again = await caller.http.post("/api/auth/password/set", json=chosen)
    assert (again.status_code, again.json()["code"]) == (404, "not_found")
    login = {"email": user["email"], "password": chosen["password"]}
    token = (await caller.http.post("/api/auth/login", json=login)).json()["token"]
    caller.http.cookies.clear()
    emma = Member(school.tenant_id, user["id"], "", token)
    assert (await caller.get(emma, "/api/auth/me")).json()["roles"] == []
    assert (await caller.get(emma, "/api/courses")).status_code == 403
    await grant(caller, school.admin, user["id"], role="student")
    assert (await caller.get(emma, "/api/courses")).status_code == 200


async def test_a_new_link_ends_the_one_before_and_no_reply_keeps_one(
    caller: Caller, school: School
) -> None:
    first = (await caller.post(school.admin, USERS, NEW, "k1")).json()
    again = (await caller.post(school.admin, USERS, NEW, "k1")).json()
    assert again["user"] == first["user"]
    made = await caller.post(school.admin, f"{USERS}/{first['user']['id']}/password-link", {}, "")
    tokens = [
        url.partition("#")[2]
        for url in (first["link"]["url"], again["link"]["url"], made.json()["url"])
    ]
    assert len(set(tokens)) == 3
    answers = [
        await caller.http.post(
            "/api/auth/password/set", json={"token": token, "password": "a garden in Highbury"}
        )
        for token in tokens
    ]
    assert [answer.status_code for answer in answers] == [404, 404, 204]


async def test_the_list_is_searched_and_ends_at_the_tenant(
    caller: Caller, school: School, other_school: School
) -> None:
    await caller.post(school.admin, USERS, NEW)
    everybody = (await caller.get(school.admin, USERS)).json()["items"]
    assert len(everybody) == 5
    found = (await caller.get(school.admin, f"{USERS}?search=WOOD")).json()["items"]
    assert [user["name"] for user in found] == ["Emma Woodhouse"]
    assert (await caller.get(school.admin, f"{USERS}?search=%25")).json()["items"] == []
    foreign = other_school.student.user_id
    assert (await patch(caller, school.admin, foreign, name="Mine")).status_code == 404
    assert (await grant(caller, school.admin, foreign, role="admin")).status_code == 404
    link = await caller.post(school.admin, f"{USERS}/{foreign}/password-link", {})
    assert link.status_code == 404


async def test_an_address_is_one_account(
    caller: Caller, school: School, other_school: School
) -> None:
    assert (await caller.post(school.admin, USERS, NEW)).status_code == 201
    for admin in (school.admin, other_school.admin):
        reply = await caller.post(admin, USERS, NEW | {"email": "EMMA@school.test"})
        assert (reply.status_code, reply.json()["code"]) == (409, "email_taken")
    taken = await patch(caller, school.admin, school.student.user_id, email=NEW["email"])
    assert taken.status_code == 409
    changed = await patch(caller, school.admin, school.student.user_id, name="Harriet")
    assert changed.json()["name"] == "Harriet"


async def test_who_is_disabled_is_out_at_once_and_may_come_back(
    caller: Caller, school: School, database: Database
) -> None:
    account = await give_password(database, school.student)
    disabled = await patch(caller, school.admin, school.student.user_id, disabled=True)
    assert disabled.json()["disabled"] is True
    assert (await caller.get(school.student, "/api/auth/me")).status_code == 401
    assert (await sign_in(caller.http, account)).status_code == 401
    await patch(caller, school.admin, school.student.user_id, disabled=False)
    assert (await caller.get(school.student, "/api/auth/me")).status_code == 401
    assert (await sign_in(caller.http, account)).status_code == 200


async def test_the_last_admin_stays(caller: Caller, school: School, database: Database) -> None:
    admin = school.admin.user_id
    for refused in (
        await patch(caller, school.admin, admin, disabled=True),
        await revoke(caller, school.admin, admin, role="admin"),
    ):
        assert (refused.status_code, refused.json()["code"]) == (409, "last_admin")
    # A course's admin lets nobody in, so that counts for nothing.
    place = {"scope": "course", "scopeId": str(school.course_id)}
    await grant(caller, school.admin, school.teacher.user_id, role="admin", **place)
    assert (await revoke(caller, school.admin, admin, role="admin")).status_code == 409
    async with database.system_transaction() as tx:
        other = await enrol(tx, school.tenant_id, "admin")
    both = await asyncio.gather(
        revoke(caller, school.admin, other.user_id, role="admin"),
        revoke(caller, other, admin, role="admin"),
    )
    assert sorted(reply.status_code for reply in both) in ([200, 403], [200, 409])


@pytest.mark.parametrize("role", ["teacher", "assistant", "student", "course admin"])
async def test_only_the_tenants_admins_manage_people(
    caller: Caller, school: School, database: Database, role: str
) -> None:
    if role == "course admin":
        async with database.system_transaction() as tx:
            who = await enrol(tx, school.tenant_id, "admin", school.course_id)
    else:
        who = getattr(school, role)
    assert (await caller.get(who, USERS)).status_code == 403
    assert (await grant(caller, who, who.user_id, role="admin")).status_code == 403
    assert (await patch(caller, who, who.user_id, name="Me")).status_code == 403
    assert (await caller.get(who, "/api/audit")).status_code == 403


async def test_a_role_is_held_in_a_place_that_is_there(
    caller: Caller, school: School, other_school: School
) -> None:
    student = school.student.user_id
    place = {"scope": "course", "scopeId": str(school.course_id)}
    for _ in range(2):
        granted = await grant(caller, school.admin, student, role="assistant", **place)
        held = granted.json()["roles"]
        assert sum(one["name"] == "assistant" for one in held) == 1
    foreign = {"scope": "course", "scopeId": str(other_school.course_id)}
    for wrong, status in (
        (foreign, 404),
        ({"scope": "session", "scopeId": str(school.course_id)}, 404),
        ({"scope": "course"}, 422),
        ({"scopeId": str(school.course_id)}, 422),
    ):
        reply = await grant(caller, school.admin, student, role="assistant", **wrong)
        assert reply.status_code == status
    listed = (await caller.get(school.admin, f"{USERS}/{student}/roles")).json()["items"]
    assert {"name": "assistant", **place} in listed
    taken = await revoke(caller, school.admin, student, role="assistant", **place)
    assert {"name": "assistant", **place} not in taken.json()["roles"]
    gone = await revoke(caller, school.admin, student, role="teacher", **place)
    assert gone.status_code == 404
