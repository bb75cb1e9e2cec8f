"""A guest comes by a link, sees one class, and leaves no other door open."""

from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

import httpx
import pytest
import sqlalchemy as sa

from orchestrator.core.database import Database
from orchestrator.invitations.tables import invitations
from orchestrator.proof.verify import verify
from tests.support.school import Caller, Member, School, bearer


@pytest.fixture
async def session_id(caller: Caller, school: School) -> UUID:
    session_id = await caller.new_session(school)
    await caller.command("start", school.teacher, session_id)
    return session_id


async def invite(
    caller: Caller, who: Member, session_id: UUID, body: Any = None, key: str | None = None
) -> httpx.Response:
    return await caller.post(who, f"/api/sessions/{session_id}/invitations", body or {}, key)


def secret(invited: httpx.Response) -> str:
    assert invited.status_code == 201, invited.text
    return str(invited.json()["url"].split("#")[1])


async def accept(
    caller: Caller, token: str, name: str = "Guest", key: str | None = None
) -> httpx.Response:
    body = {"token": token, "name": name}
    accepted = await caller.post(None, "/api/invitations/accept", body, key)
    # The next one to accept has a browser of their own.
    caller.http.cookies.clear()
    return accepted


def as_guest(school: School, accepted: httpx.Response) -> Member:
    assert accepted.status_code == 201, accepted.text
    reply = accepted.json()
    return Member(school.tenant_id, UUID(reply["user"]["id"]), "student", reply["token"])


async def revoke(
    caller: Caller, who: Member, session_id: UUID, invited: httpx.Response, query: str = ""
) -> httpx.Response:
    path = f"/api/sessions/{session_id}/invitations/{invited.json()['invitation']['id']}{query}"
    headers = bearer(who) | {"Idempotency-Key": str(uuid4())}
    return await caller.http.delete(path, headers=headers)


def refusal(reply: httpx.Response) -> tuple[int, str]:
    return reply.status_code, reply.json()["code"]


async def test_a_guest_takes_part_in_one_class(
    caller: Caller, school: School, session_id: UUID, database: Database
) -> None:
    accepted = await accept(caller, secret(await invite(caller, school.teacher, session_id)), "Cy")
    guest = as_guest(school, accepted)
    assert accepted.json()["sessionId"] == str(session_id)
    me = (await caller.get(guest, "/api/auth/me")).json()
    assert (me["user"]["guest"], me["user"]["email"]) == (True, "")
    assert me["roles"] == [{"name": "student", "scope": "session", "scopeId": str(session_id)}]
    joined = await caller.command("join", guest, session_id)
    assert joined.status_code == 200
    assert joined.json()["permissions"]["publish"] == []
    sent = {"sessionId": str(session_id), "content": "Hello"}
    assert (await caller.post(guest, "/api/chat", sent)).status_code == 201
    state = (await caller.get(guest, f"/api/sessions/{session_id}/state")).json()
    assert [one["guest"] for one in state["participants"]] == [False, True]
    async with database.system_transaction() as tx:
        assert await verify(tx, session_id) == []


async def test_a_guest_sees_nothing_else_of_the_school(
    caller: Caller, school: School, session_id: UUID
) -> None:
    other = await caller.new_session(school)
    await caller.command("start", school.teacher, other)
    guest = as_guest(
        school, await accept(caller, secret(await invite(caller, school.teacher, session_id)))
    )
    for path in ("/api/sessions", "/api/courses", "/api/lessons", "/api/api-keys", "/api/users"):
        assert refusal(await caller.get(guest, path)) == (403, "forbidden"), path
    for rest in ("", "/events", "/state", "/chat", "/questions"):
        assert (await caller.get(guest, f"/api/sessions/{other}{rest}")).status_code == 404, rest
    assert (await caller.command("join", guest, other)).status_code in {403, 404}
    course = await caller.get(guest, f"/api/courses/{school.course_id}/lessons")
    assert course.status_code in {403, 404}


async def test_the_link_is_shown_to_its_maker_and_only_its_hash_is_kept(
    caller: Caller, school: School, session_id: UUID, database: Database
) -> None:
    first = await invite(caller, school.teacher, session_id, {"name": "Ms Lee"}, key="one")
    again = await invite(caller, school.teacher, session_id, {"name": "Ms Lee"}, key="one")
    assert again.json() == first.json()
    assert len(secret(first)) == 43
    listed = await caller.get(school.teacher, f"/api/sessions/{session_id}/invitations")
    assert secret(first) not in listed.text
    assert [one["name"] for one in listed.json()["items"]] == ["Ms Lee"]
    events = await caller.get(school.student, f"/api/sessions/{session_id}/events")
    assert "Ms Lee" not in events.text
    async with database.system_transaction() as tx:
        row = (await tx.execute(sa.select(invitations))).mappings().one()
    assert secret(first) not in str(dict(row))


async def test_the_same_request_is_the_same_guest(
    caller: Caller, school: School, session_id: UUID
) -> None:
    token = secret(await invite(caller, school.teacher, session_id, {"maxUses": 1}))
    first = await accept(caller, token, "Cy", key="cy")
    again = await accept(caller, token, "Cy", key="cy")
    assert again.json()["user"] == first.json()["user"]
    assert again.json()["token"] != first.json()["token"]
    assert refusal(await accept(caller, token, "Di", key="cy")) == (422, "idempotency_key_reused")
    assert refusal(await accept(caller, token, "Di")) == (409, "invitation_over")
    missing = await accept(caller, token, "Di", key="")
    assert refusal(missing) == (400, "idempotency_key_missing")


async def test_what_is_unknown_expired_or_revoked_lets_nobody_in(
    caller: Caller, school: School, session_id: UUID, database: Database
) -> None:
    assert refusal(await accept(caller, "x" * 43)) == (404, "not_found")
    past = (datetime.now(UTC) - timedelta(minutes=1)).isoformat()
    old = await invite(caller, school.teacher, session_id, {"expiresAt": past})
    assert refusal(old) == (422, "invalid_field")
    invited = await invite(caller, school.teacher, session_id)
    revoked = await revoke(caller, school.teacher, session_id, invited)
    assert revoked.json()["revoked"] is True
    assert refusal(await accept(caller, secret(invited))) == (409, "invitation_over")
    open_one = await invite(caller, school.teacher, session_id)
    await caller.command("end", school.teacher, session_id)
    assert refusal(await accept(caller, secret(open_one))) == (409, "session_over")
    async with database.system_transaction() as tx:
        assert await verify(tx, session_id) == []


async def test_revoking_may_remove_who_came_by_it(
    caller: Caller, school: School, session_id: UUID, database: Database
) -> None:
    invited = await invite(caller, school.teacher, session_id)
    here = as_guest(school, await accept(caller, secret(invited), "Here"))
    late = as_guest(school, await accept(caller, secret(invited), "Late"))
    await caller.command("join", here, session_id)
    await revoke(caller, school.teacher, session_id, invited)
    assert (await caller.get(late, "/api/auth/me")).status_code == 200
    await revoke(caller, school.teacher, session_id, invited, "?removeGuests=true")
    for guest in (here, late):
        assert (await caller.get(guest, "/api/auth/me")).status_code == 401
    state = (await caller.get(school.teacher, f"/api/sessions/{session_id}/state")).json()
    assert [one["removed"] for one in state["participants"]] == [False, True]
    async with database.system_transaction() as tx:
        assert await verify(tx, session_id) == []


async def test_only_staff_of_the_class_invite(
    caller: Caller, school: School, other_school: School, session_id: UUID
) -> None:
    for who in (school.student, school.assistant):
        assert refusal(await invite(caller, who, session_id)) == (403, "forbidden")
    assert refusal(await invite(caller, other_school.teacher, session_id)) == (404, "not_found")
    guest = as_guest(
        school, await accept(caller, secret(await invite(caller, school.admin, session_id)))
    )
    assert refusal(await invite(caller, guest, session_id)) == (403, "forbidden")


async def test_guests_are_no_accounts(caller: Caller, school: School, session_id: UUID) -> None:
    token = secret(await invite(caller, school.teacher, session_id))
    guest = as_guest(school, await accept(caller, token, "Cy"))
    listed = (await caller.get(school.admin, "/api/users")).json()["items"]
    assert str(guest.user_id) not in {one["id"] for one in listed}
    change = {"currentPassword": "", "newPassword": "a long enough password"}
    assert (await caller.post(guest, "/api/auth/password", change)).status_code == 403
    signed_in = await caller.post(None, "/api/auth/login", {"email": "", "password": ""})
    assert signed_in.status_code == 401
