"""Signing in and out, by token and by cookie."""

from datetime import UTC, datetime, timedelta
from uuid import uuid4

import httpx
import pytest
import sqlalchemy as sa

from orchestrator.auth.guards import cookie_name
from orchestrator.auth.passwords import Passwords
from orchestrator.auth.seed import display_name
from orchestrator.auth.service import forget_expired
from orchestrator.auth.tables import auth_sessions, users
from orchestrator.auth.throttle import MAX_FAILURES, WINDOW, Throttle
from orchestrator.core.database import Database
from orchestrator.settings import Settings
from schema.errors import TooManyAttempts
from tests.support.school import Caller, School

PASSWORD = "correct horse battery staple"


@pytest.fixture
async def account(database: Database, school: School) -> dict[str, str]:
    """The teacher's address and password."""
    async with database.system_transaction() as tx:
        await tx.execute(
            sa.update(users)
            .where(users.c.id == school.teacher.user_id)
            .values(email="emma@school.test", hashed_password=await Passwords().hash(PASSWORD))
        )
    return {"email": "emma@school.test", "password": PASSWORD}


async def sign_in(caller: Caller, account: dict[str, str]) -> httpx.Response:
    return await caller.http.post("/api/auth/login", json=account)


async def test_login_me_logout(caller: Caller, school: School, account: dict[str, str]) -> None:
    reply = await sign_in(caller, {**account, "email": " Emma@School.test "})
    assert set(reply.json()) == {"token", "expiresAt", "user"}
    caller.http.cookies.clear()
    headers = {"Authorization": f"Bearer {reply.json()['token']}"}
    me = (await caller.http.get("/api/auth/me", headers=headers)).json()
    assert me["user"] == reply.json()["user"]
    assert me["user"]["tenantId"] == str(school.tenant_id)
    assert me["roles"] == [{"name": "teacher", "scope": "tenant", "scopeId": None}]
    assert (await caller.http.post("/api/auth/logout", headers=headers)).status_code == 204
    assert (await caller.http.get("/api/auth/me", headers=headers)).status_code == 401


@pytest.mark.parametrize(
    "wrong",
    [{"password": "wrong"}, {"email": "nobody@school.test"}, {"password": ""}],
    ids=["password", "address", "empty"],
)
async def test_wrong_credentials_all_look_the_same(
    caller: Caller, account: dict[str, str], wrong: dict[str, str]
) -> None:
    reply = await sign_in(caller, account | wrong)
    assert reply.status_code == 401
    assert reply.json() == {
        "code": "bad_credentials",
        "message": "The address or the password is wrong.",
    }
    assert "set-cookie" not in reply.headers


async def test_only_a_hash_of_the_token_is_stored(
    caller: Caller, account: dict[str, str], database: Database
) -> None:
    token = (await sign_in(caller, account)).json()["token"]
    assert len(token) >= 43  # 256 bits in base64
    async with database.system_transaction() as tx:
        rows = (await tx.execute(sa.select(auth_sessions))).all()
    assert token not in str(rows)


async def test_the_cookie_signs_in_and_scripts_cannot_read_it(
    caller: Caller, account: dict[str, str]
) -> None:
    cookie = (await sign_in(caller, account)).headers["set-cookie"]
    assert cookie.startswith("lectern=")
    assert "HttpOnly" in cookie
    assert "samesite=lax" in cookie.lower()
    assert (await caller.http.get("/api/auth/me")).status_code == 200


def test_over_https_the_cookie_is_bound_to_the_host() -> None:
    assert cookie_name(Settings(public_url="https://class.example")) == "__Host-lectern"


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({}, 403),
        ({"Origin": "https://evil.example"}, 403),
        ({"Sec-Fetch-Site": "cross-site", "Origin": "https://evil.example"}, 403),
        ({"Sec-Fetch-Site": "same-site"}, 403),
        ({"Origin": "null"}, 403),
        ({"Sec-Fetch-Site": "same-origin"}, 201),
        ({"Origin": "http://127.0.0.1:5000"}, 201),
    ],
)
async def test_a_write_by_cookie_must_come_from_our_own_page(
    caller: Caller, account: dict[str, str], headers: dict[str, str], status: int
) -> None:
    await sign_in(caller, account)
    reply = await caller.http.post(
        "/api/courses", json={"title": "Poems"}, headers={**headers, "Idempotency-Key": "k1"}
    )
    assert reply.status_code == status


async def test_a_bearer_token_needs_no_origin(caller: Caller, account: dict[str, str]) -> None:
    token = (await sign_in(caller, account)).json()["token"]
    reply = await caller.http.post(
        "/api/courses",
        json={"title": "Poems"},
        headers={
            "Authorization": f"Bearer {token}",
            "Origin": "https://evil.example",
            "Idempotency-Key": "k1",
        },
    )
    assert reply.status_code == 201


async def test_guessing_is_slowed_down(caller: Caller, account: dict[str, str]) -> None:
    wrong = account | {"password": "guess"}
    for _ in range(MAX_FAILURES):
        assert (await sign_in(caller, wrong)).status_code == 401
    refused = await sign_in(caller, account)
    assert (refused.status_code, refused.json()["code"]) == (429, "too_many_attempts")
    assert 0 < int(refused.headers["Retry-After"]) <= WINDOW.total_seconds()


def test_the_wait_ends_and_other_addresses_are_not_touched() -> None:
    now = [datetime(2026, 11, 21, tzinfo=UTC)]
    throttle = Throttle(lambda: now[0])
    for _ in range(MAX_FAILURES + 5):
        throttle.failed("emma", "10.0.0.1")
    throttle.check("emma", "10.0.0.2")
    throttle.check("jane", "10.0.0.1")
    with pytest.raises(TooManyAttempts) as refused:
        throttle.check("emma", "10.0.0.1")
    assert refused.value.retry_after_s == WINDOW.total_seconds()
    now[0] += WINDOW
    throttle.check("emma", "10.0.0.1")


async def test_a_sign_in_ends_by_itself(caller: Caller, school: School, database: Database) -> None:
    over = datetime.now(UTC) - timedelta(seconds=1)
    async with database.system_transaction() as tx:
        await tx.execute(
            sa.update(auth_sessions)
            .where(auth_sessions.c.user_id == school.student.user_id)
            .values(expires_at=over)
        )
    assert (await caller.get(school.student, "/api/auth/me")).status_code == 401
    async with database.system_transaction() as tx:
        assert await forget_expired(tx, datetime.now(UTC)) == 1
    assert (await caller.get(school.teacher, "/api/auth/me")).status_code == 200


async def test_an_unknown_bearer_token_is_not_rescued_by_a_cookie(
    caller: Caller, account: dict[str, str]
) -> None:
    await sign_in(caller, account)
    headers = {"Authorization": f"Bearer {uuid4()}"}
    assert (await caller.http.get("/api/auth/me", headers=headers)).status_code == 401


def test_names_come_from_addresses() -> None:
    assert display_name("student2@demo.lectern") == "Student 2"
    assert display_name("teacher@demo.lectern") == "Teacher"
