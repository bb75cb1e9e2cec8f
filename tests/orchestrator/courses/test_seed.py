"""The demo school: made once, and its students are in every course."""

import msgspec
import sqlalchemy as sa

from orchestrator.auth.tables import users
from orchestrator.core.database import Database
from orchestrator.courses.seed import seed_demo
from orchestrator.courses.tables import courses, lessons
from orchestrator.settings import Settings
from tests.support.school import Caller


class Account(msgspec.Struct):
    role: str
    email: str
    password: str


ACCOUNTS = [Account("teacher", "teacher@demo.lectern", "pw"), Account("student", "s@x.y", "pw")]


async def sign_in(caller: Caller, email: str) -> dict[str, str]:
    login = {"email": email, "password": "pw"}
    token = (await caller.http.post("/api/auth/login", json=login)).json()["token"]
    # The next one signs in from another browser.
    caller.http.cookies.clear()
    return {"Authorization": f"Bearer {token}", "Idempotency-Key": "k1"}


async def test_it_is_made_once_and_can_sign_in(
    settings: Settings, database: Database, caller: Caller
) -> None:
    for _ in range(2):
        await seed_demo(settings, ACCOUNTS)
    async with database.system_transaction() as tx:
        for table, count in ((users, 2), (courses, 1), (lessons, 1)):
            assert await tx.scalar(sa.select(sa.func.count()).select_from(table)) == count
    teacher = await sign_in(caller, "teacher@demo.lectern")
    me = (await caller.http.get("/api/auth/me", headers=teacher)).json()
    assert me["user"]["name"] == "Teacher"
    assert [role["name"] for role in me["roles"]] == ["teacher"]


async def test_its_students_are_in_every_course_also_in_new_ones(
    settings: Settings, caller: Caller
) -> None:
    await seed_demo(settings, ACCOUNTS)
    teacher, student = [await sign_in(caller, account.email) for account in ACCOUNTS]
    await caller.http.post("/api/courses", json={"title": "Poems"}, headers=teacher)
    seen = (await caller.http.get("/api/courses", headers=student)).json()["items"]
    assert [course["title"] for course in seen] == ["English Novels", "Poems"]
