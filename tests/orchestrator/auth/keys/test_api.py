"""API keys: shown once, as strong as their makers at most, and dead when they should be."""

from datetime import UTC, datetime, timedelta
from typing import Any

import httpx
import pytest
import sqlalchemy as sa

from orchestrator.auth.access import ACCESS, for_people_only
from orchestrator.auth.keys.service import Keys
from orchestrator.auth.tables import api_keys, user_roles, users
from orchestrator.core.database import Database
from orchestrator.core.guard.limits import Limit, Limiter
from orchestrator.settings import Settings
from schema.errors import TooManyAttempts
from tests.orchestrator.auth.routes import concrete
from tests.support.school import Caller, Member, School, bearer, enrol

KEYS = "/api/api-keys"


async def make(caller: Caller, who: Member, key: str | None = None, **body: Any) -> httpx.Response:
    return await caller.post(who, KEYS, {"name": "Timetable", "role": "teacher", **body}, key)


def holding(secret: str) -> dict[str, str]:
    return {"Authorization": f"Bearer {secret}"}


async def secret_of(caller: Caller, who: Member, **body: Any) -> str:
    reply = await make(caller, who, **body)
    assert reply.status_code == 201, reply.text
    return str(reply.json()["secret"])


async def me(caller: Caller, secret: str) -> httpx.Response:
    return await caller.http.get("/api/auth/me", headers=holding(secret))


async def test_a_key_acts_for_its_maker_with_its_own_role(caller: Caller, school: School) -> None:
    secret = await secret_of(caller, school.admin, role="teacher")
    seen = (await me(caller, secret)).json()
    assert seen["user"]["id"] == str(school.admin.user_id)
    assert seen["roles"] == [{"name": "teacher", "scope": "tenant", "scopeId": None}]
    made = await caller.http.post(
        "/api/courses",
        json={"title": "Poems"},
        headers=holding(secret) | {"Idempotency-Key": "k1"},
    )
    assert made.status_code == 201


async def test_the_secret_is_shown_once_and_kept_nowhere(
    caller: Caller, school: School, database: Database
) -> None:
    first = (await make(caller, school.teacher, "k1")).json()
    again = (await make(caller, school.teacher, "k1")).json()
    assert first["secret"].startswith(first["key"]["prefix"])
    assert again == {"key": first["key"], "secret": None}
    listed = (await caller.get(school.teacher, KEYS)).json()["items"]
    assert [key["id"] for key in listed] == [first["key"]["id"]]
    async with database.system_transaction() as tx:
        for table in ("api_keys", "idempotency_keys", "audit_log"):
            rows = (await tx.execute(sa.text(f"select * from {table}"))).all()
            assert rows
            assert first["secret"][20:] not in str(rows)


@pytest.mark.parametrize(
    ("maker", "body", "status"),
    [
        ("teacher", {"role": "admin"}, 403),
        ("student", {"role": "assistant"}, 403),
        ("student", {"role": "student"}, 201),
        ("teacher", {"role": "student"}, 201),
        ("teacher", {"scope": "course"}, 422),
        ("teacher", {"scopeId": "019aa5b0-0000-7000-8000-000000000000"}, 422),
        ("teacher", {"expiresAt": "2020-01-01T00:00:00Z"}, 422),
        ("teacher", {"expiresAt": "2027-01-01T00:00:00"}, 422),
        ("teacher", {"name": ""}, 422),
    ],
)
async def test_a_key_is_no_stronger_than_its_maker(
    caller: Caller, school: School, maker: str, body: dict[str, Any], status: int
) -> None:
    assert (await make(caller, getattr(school, maker), **body)).status_code == status


async def test_a_course_teachers_key_stays_in_the_course(
    caller: Caller, school: School, database: Database
) -> None:
    async with database.system_transaction() as tx:
        teacher = await enrol(tx, school.tenant_id, "teacher", school.course_id)
    assert (await make(caller, teacher)).status_code == 403
    place = {"scope": "course", "scopeId": str(school.course_id)}
    seen = (await me(caller, await secret_of(caller, teacher, **place))).json()
    assert seen["roles"] == [{"name": "teacher", **place}]


async def test_a_key_falls_with_its_makers_role(
    caller: Caller, school: School, database: Database
) -> None:
    secret = await secret_of(caller, school.teacher)
    async with database.system_transaction() as tx:
        await tx.execute(
            sa.delete(user_roles).where(user_roles.c.user_id == school.teacher.user_id)
        )
    assert (await me(caller, secret)).json()["roles"] == []
    refused = await caller.http.get("/api/courses", headers=holding(secret))
    assert refused.status_code == 403


async def test_expired_revoked_and_disabled_keys_open_nothing(
    caller: Caller, school: School, database: Database
) -> None:
    expiring, revoked, orphan = [await secret_of(caller, school.teacher) for _ in range(3)]
    listed = {
        key["prefix"]: key["id"] for key in (await caller.get(school.teacher, KEYS)).json()["items"]
    }
    path = f"{KEYS}/{listed[revoked[:16]]}"
    headers = bearer(school.teacher) | {"Idempotency-Key": "k1"}
    assert (await caller.http.delete(path, headers=headers)).status_code == 204
    async with database.system_transaction() as tx:
        await tx.execute(
            sa.update(api_keys)
            .where(api_keys.c.prefix == expiring[:16])
            .values(expires_at=datetime.now(UTC) - timedelta(seconds=1))
        )
    for secret, status in ((expiring, 401), (revoked, 401), (orphan, 200)):
        assert (await me(caller, secret)).status_code == status
    async with database.system_transaction() as tx:
        await tx.execute(
            sa.update(users)
            .where(users.c.id == school.teacher.user_id)
            .values(disabled_at=datetime.now(UTC))
        )
    assert (await me(caller, orphan)).status_code == 401


async def test_a_key_opens_nothing_that_would_outlive_it(caller: Caller, school: School) -> None:
    secret = await secret_of(caller, school.admin, role="admin")
    closed = [route for route in ACCESS if for_people_only(route)]
    assert {"POST /api/api-keys", "POST /api/users/{user_id}/roles"} < set(closed)
    for route in closed:
        if ACCESS[route].who != "public":
            method, path = concrete(route)
            reply = await caller.http.request(method, path, json={}, headers=holding(secret))
            assert (reply.status_code, reply.json()["code"]) == (403, "forbidden"), route


async def test_others_keys_are_not_there_but_for_admins(
    caller: Caller, school: School, other_school: School
) -> None:
    key_id = (await make(caller, school.teacher)).json()["key"]["id"]
    for who, found in (
        (school.student, False),
        (other_school.admin, False),
        (school.admin, True),
    ):
        listed = (await caller.get(who, KEYS)).json()["items"]
        assert [key["id"] for key in listed] == ([key_id] if found else [])
        headers = bearer(who) | {"Idempotency-Key": "k1"}
        reply = await caller.http.delete(f"{KEYS}/{key_id}", headers=headers)
        assert reply.status_code == (204 if found else 404)


async def test_each_key_has_a_limit_of_its_own(
    caller: Caller, school: School, database: Database, settings: Settings
) -> None:
    busy, idle = [await secret_of(caller, school.teacher) for _ in range(2)]
    limiter = Limiter(settings.redis_url)
    keys = Keys(database, limiter, Limit(2, 60))
    try:
        for secret in (busy, busy, idle):
            assert (await keys.principal(secret)).api_key_id is not None
        with pytest.raises(TooManyAttempts):
            await keys.principal(busy)
    finally:
        await limiter.close()
