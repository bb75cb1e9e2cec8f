"""Signing in and out, by token and by cookie."""

from datetime import UTC, datetime, timedelta
from uuid import uuid4

import httpx
import pytest
import sqlalchemy as sa
from litestar import Litestar

from orchestrator.auth.passwords import common_passwords
from orchestrator.auth.seed import display_name
from orchestrator.auth.signin.browser import cookie, cookie_name
from orchestrator.auth.signin.sessions import SignIns
from orchestrator.auth.tables import auth_sessions, users
from orchestrator.core.database import Database
from orchestrator.settings import Settings
from tests.support.school import Caller, School, bearer
from tests.support.signing_in import ORIGIN, PASSWORD, Account, browser_at, sign_in


def token_in(reply: httpx.Response) -> dict[str, str]:
    return {"Authorization": f"Bearer {reply.json()['token']}"}


async def works(http: httpx.AsyncClient, headers: dict[str, str]) -> bool:
    return (await http.get("/api/auth/me", headers=headers)).status_code == 200


async def test_login_me_logout(caller: Caller, school: School, account: Account) -> None:
    reply = await sign_in(caller.http, account, email=f" {account.email.upper()} ")
    assert set(reply.json()) == {"token", "expiresAt", "user"}
    caller.http.cookies.clear()
    headers = token_in(reply)
    me = (await caller.http.get("/api/auth/me", headers=headers)).json()
    assert me["user"] == reply.json()["user"]
    assert me["user"]["tenantId"] == str(school.tenant_id)
    assert me["roles"] == [{"name": "teacher", "scope": "tenant", "scopeId": None}]
    assert (await caller.http.post("/api/auth/logout", headers=headers)).status_code == 204
    assert not await works(caller.http, headers)


@pytest.mark.parametrize(
    "wrong",
    [{"password": "wrong"}, {"email": "nobody@school.test"}, {"password": ""}],
    ids=["password", "address", "empty"],
)
async def test_wrong_credentials_all_look_the_same(
    caller: Caller, account: Account, wrong: dict[str, str]
) -> None:
    reply = await sign_in(caller.http, account, **wrong)
    assert reply.status_code == 401
    assert reply.json() == {
        "code": "bad_credentials",
        "message": "The address or the password is wrong.",
    }
    assert "set-cookie" not in reply.headers


async def test_who_is_disabled_gets_the_same_answer(
    caller: Caller, account: Account, database: Database
) -> None:
    async with database.system_transaction() as tx:
        await tx.execute(sa.update(users).values(disabled_at=datetime.now(UTC)))
    reply = await sign_in(caller.http, account)
    assert (reply.status_code, reply.json()["code"]) == (401, "bad_credentials")


async def test_only_a_hash_of_the_token_is_stored(
    caller: Caller, account: Account, database: Database
) -> None:
    token = (await sign_in(caller.http, account)).json()["token"]
    assert len(token) >= 43  # 256 bits in base64
    async with database.system_transaction() as tx:
        rows = (await tx.execute(sa.select(auth_sessions))).all()
    assert token not in str(rows)


async def test_signing_in_again_ends_the_sign_in_before(caller: Caller, account: Account) -> None:
    """Whoever planted the old token in this browser is out."""
    first = token_in(await sign_in(caller.http, account))
    second = await caller.http.post("/api/auth/login", json=account.body, headers=ORIGIN)
    assert not await works(caller.http, first)
    assert await works(caller.http, token_in(second))


async def test_the_cookie_signs_in_and_scripts_cannot_read_it(
    caller: Caller, account: Account
) -> None:
    for header in (await sign_in(caller.http, account)).headers.get_list("set-cookie"):
        assert header.startswith(("lectern=", "lectern-device="))
        assert "HttpOnly" in header
        assert "samesite=lax" in header.lower()
    assert (await caller.http.get("/api/auth/me")).status_code == 200


def test_over_https_the_cookie_is_bound_to_the_host() -> None:
    https = Settings(public_url="https://class.example")
    assert cookie_name(https) == "__Host-lectern"
    made = cookie(https, "lectern", "x", 60)
    assert (made.secure, made.path, made.domain) == (True, "/", None)


async def test_a_bearer_token_needs_no_origin(caller: Caller, account: Account) -> None:
    headers = token_in(await sign_in(caller.http, account)) | {"Origin": "https://evil.example"}
    reply = await caller.http.post("/api/auth/logout-everywhere", headers=headers)
    assert reply.status_code == 204


async def age(database: Database, school: School, **moments: datetime) -> None:
    async with database.system_transaction() as tx:
        await tx.execute(
            sa.update(auth_sessions)
            .where(auth_sessions.c.user_id == school.student.user_id)
            .values(moments)
        )


@pytest.mark.parametrize(
    "moments",
    [{"expires_at": timedelta(seconds=-1)}, {"last_seen_at": timedelta(hours=-2, seconds=-1)}],
    ids=["after its time", "unused"],
)
async def test_a_sign_in_ends_by_itself(
    caller: Caller, school: School, database: Database, moments: dict[str, timedelta]
) -> None:
    now = datetime.now(UTC)
    await age(database, school, **{name: now + shift for name, shift in moments.items()})
    assert not await works(caller.http, bearer(school.student))
    async with database.system_transaction() as tx:
        assert await SignIns(Settings()).forget_expired(tx) == 1
    assert await works(caller.http, bearer(school.teacher))


async def test_use_keeps_a_sign_in_alive_and_is_noted_once_a_minute(
    caller: Caller, school: School, database: Database
) -> None:
    async def last_seen() -> datetime:
        wanted = sa.select(auth_sessions.c.last_seen_at).where(
            auth_sessions.c.user_id == school.student.user_id
        )
        async with database.system_transaction() as tx:
            found: datetime = await tx.scalar(wanted)
            return found

    for ago, is_noted in ((timedelta(seconds=30), False), (timedelta(seconds=90), True)):
        before = datetime.now(UTC) - ago
        await age(database, school, last_seen_at=before)
        assert await works(caller.http, bearer(school.student))
        assert (await last_seen() > before) is is_noted


async def test_signing_out_everywhere(caller: Caller, app: Litestar, account: Account) -> None:
    async with browser_at(app, "198.51.100.7") as phone:
        await sign_in(phone, account)
        await sign_in(caller.http, account)
        reply = await caller.http.post("/api/auth/logout-everywhere", headers=ORIGIN)
        assert reply.status_code == 204
        assert not await works(phone, {})
        assert not await works(caller.http, {})
        assert not await works(caller.http, bearer(account.member))


async def test_changing_the_password_ends_all_other_sign_ins(
    caller: Caller, app: Litestar, account: Account
) -> None:
    body = {"currentPassword": PASSWORD, "newPassword": "a staple of another battery"}
    async with browser_at(app, "198.51.100.7") as phone:
        await sign_in(phone, account)
        await sign_in(caller.http, account)
        reply = await caller.http.post("/api/auth/password", json=body, headers=ORIGIN)
        assert reply.status_code == 200
        assert not await works(phone, {})
        assert await works(caller.http, {})
        assert (await sign_in(phone, account)).status_code == 401
        assert (await sign_in(phone, account, password=body["newPassword"])).status_code == 200


async def test_a_new_password_is_long_and_not_a_common_one(
    caller: Caller, account: Account
) -> None:
    assert len(common_passwords()) >= 2_900
    await sign_in(caller.http, account)
    for new in ("short", "football", "FootBall", "x" * 257):
        body = {"currentPassword": PASSWORD, "newPassword": new}
        reply = await caller.http.post("/api/auth/password", json=body, headers=ORIGIN)
        assert (reply.status_code, reply.json()["code"]) == (422, "password_refused")
    body = {"currentPassword": "wrong", "newPassword": "long enough and rare"}
    reply = await caller.http.post("/api/auth/password", json=body, headers=ORIGIN)
    assert (reply.status_code, reply.json()["code"]) == (401, "bad_credentials")


async def test_an_unknown_bearer_token_is_not_rescued_by_a_cookie(
    caller: Caller, account: Account
) -> None:
    await sign_in(caller.http, account)
    assert not await works(caller.http, {"Authorization": f"Bearer {uuid4()}"})


def test_names_come_from_addresses() -> None:
    assert display_name("student2@demo.lectern") == "Student 2"
    assert display_name("teacher@demo.lectern") == "Teacher"
