"""A tenant with one person of each role, signed in, the student enrolled in its course, and a client that acts for them over HTTP."""

import asyncio
import secrets
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from typing import Any, cast
from uuid import UUID, uuid4

import httpx
import msgspec
import sqlalchemy as sa
from litestar import Litestar

from orchestrator.auth.domain import Principal
from orchestrator.auth.signin.sessions import token_hash
from orchestrator.auth.tables import auth_sessions, roles, tenants, user_roles, users
from orchestrator.auth.users.roles import put_in_course
from orchestrator.core.database import Database, Transaction
from orchestrator.courses.tables import courses, lessons
from schema.auth import RoleGrant, RoleName, RoleScope, User
from schema.events import SessionScheduled

NOW = datetime(2026, 11, 21, 9, tzinfo=UTC)
ROLES: tuple[RoleName, ...] = ("teacher", "assistant", "student", "admin")


class Member(msgspec.Struct, frozen=True):
    tenant_id: UUID
    user_id: UUID
    role: str
    token: str


class School(msgspec.Struct, frozen=True):
    tenant_id: UUID
    course_id: UUID
    lesson_id: UUID
    members: dict[RoleName, Member]

    def __getattr__(self, role: str) -> Member:
        """`school.teacher`, `school.student`, ..."""
        try:
            return self.members[role]  # type: ignore[index]
        except KeyError:
            raise AttributeError(role) from None


async def found_school(database: Database, name: str = "School") -> School:
    tenant_id, course_id, lesson_id = uuid4(), uuid4(), uuid4()
    members = {role: _new_member(tenant_id, role) for role in ROLES}
    named = {role: {"id": uuid4(), "tenant_id": tenant_id, "name": role} for role in ROLES}
    async with database.system_transaction() as tx:
        await tx.execute(sa.insert(tenants).values(id=tenant_id, name=name))
        await tx.execute(sa.insert(roles), list(named.values()))
        # A statement for all of them: every second test begins with a school.
        await _admit(
            tx,
            list(members.values()),
            [{"role_id": named[role]["id"], "scope": "tenant"} for role in members],
        )
        owned: dict[str, Any] = {"tenant_id": tenant_id, "created_at": NOW}
        await tx.execute(sa.insert(courses).values(id=course_id, title="Novels", **owned))
        await put_in_course(tx, tenant_id, course_id, {members["student"].user_id: "student"})
        await tx.execute(
            sa.insert(lessons).values(
                id=lesson_id, course_id=course_id, title="Emma", order=1, **owned
            )
        )
    return School(tenant_id, course_id, lesson_id, members)


async def enrol(
    tx: Transaction,
    tenant_id: UUID,
    role: RoleName,
    place_id: UUID | None = None,
    scope: RoleScope = "course",
) -> Member:
    """A new user with this role in one place or, without one, in the whole tenant; signed in without a password."""
    member, role_id = _new_member(tenant_id, role), uuid4()
    known = await tx.scalar(
        sa.select(roles.c.id).where(roles.c.tenant_id == tenant_id, roles.c.name == role)
    )
    if known is None:
        await tx.execute(sa.insert(roles).values(id=role_id, tenant_id=tenant_id, name=role))
    granted = {
        "role_id": known or role_id,
        "scope": "tenant" if place_id is None else scope,
        "scope_id": place_id,
    }
    await _admit(tx, [member], [granted])
    return member


def _new_member(tenant_id: UUID, role: RoleName) -> Member:
    return Member(tenant_id, uuid4(), role, secrets.token_urlsafe(32))


async def _admit(tx: Transaction, members: list[Member], granted: list[dict[str, Any]]) -> None:
    """Each with what is granted to them, and signed in."""
    now = datetime.now(UTC)
    owned = [{"tenant_id": member.tenant_id, "user_id": member.user_id} for member in members]
    await tx.execute(
        sa.insert(users),
        [
            {
                "id": member.user_id,
                "tenant_id": member.tenant_id,
                "email": f"{member.user_id}@school.test",
                "name": member.role.capitalize(),
                "hashed_password": "",
            }
            for member in members
        ],
    )
    await tx.execute(
        sa.insert(user_roles),
        [{"id": uuid4()} | owner | grant for owner, grant in zip(owned, granted, strict=True)],
    )
    await tx.execute(
        sa.insert(auth_sessions),
        [
            {
                "id": uuid4(),
                "token_hash": token_hash(member.token),
                "created_at": now,
                "expires_at": now + timedelta(hours=1),
            }
            | owner
            for member, owner in zip(members, owned, strict=True)
        ],
    )


def principal_of(school: School, role: RoleName) -> Principal:
    """Who acts in a service called without HTTP: of this role in the school's course."""
    member = school.members[role]
    user = User(id=member.user_id, tenant_id=member.tenant_id, email="", name=role)
    return Principal(user, (RoleGrant(name=role, scope="course", scope_id=school.course_id),))


class Caller:
    """Sends requests as somebody; a write gets a fresh key unless it is given one (`key=""` sends none)."""

    def __init__(self, http: httpx.AsyncClient, internal_token: str = "") -> None:
        self.http = http
        self._internal = {"Authorization": f"Bearer {internal_token}"}

    async def get(self, who: Member | None, path: str) -> httpx.Response:
        return await self.http.get(path, headers=bearer(who))

    async def post(
        self, who: Member | None, path: str, body: Any, key: str | None = None
    ) -> httpx.Response:
        chosen = str(uuid4()) if key is None else key
        headers = bearer(who) | ({"Idempotency-Key": chosen} if chosen else {})
        return await self.http.post(path, json=body, headers=headers)

    async def report(self, path: str, body: Any) -> httpx.Response:
        """As one of Lectern's own programs."""
        return await self.http.post(f"/api/internal{path}", json=body, headers=self._internal)

    async def patch(
        self, who: Member | None, path: str, body: Any, based_on: str | None = None
    ) -> httpx.Response:
        """`based_on` is the `If-Match`."""
        return await self.write("PATCH", who, path, body, based_on)

    async def delete(
        self, who: Member | None, path: str, based_on: str | None = None
    ) -> httpx.Response:
        return await self.write("DELETE", who, path, None, based_on)

    async def write(
        self, method: str, who: Member | None, path: str, body: Any, based_on: str | None = None
    ) -> httpx.Response:
        headers = bearer(who) | {"Idempotency-Key": str(uuid4())}
        headers |= {} if based_on is None else {"If-Match": based_on}
        return await self.http.request(method, path, json=body, headers=headers)

    async def new_session(self, school: School) -> UUID:
        reply = await self.post(school.teacher, "/api/sessions", schedule(school))
        assert reply.status_code == 201, reply.text
        return UUID(reply.json()["id"])

    async def command(
        self, verb: str, who: Member | None, session_id: UUID, key: str | None = None
    ) -> httpx.Response:
        """`verb` is start, join or end."""
        return await self.post(who, f"/api/sessions/{verb}", {"sessionId": str(session_id)}, key)


@asynccontextmanager
async def calling(app: Litestar) -> AsyncIterator[Caller]:
    """The application with its background loops, in this event loop: Litestar's own test client would block it."""
    transport = httpx.ASGITransport(app=cast("Any", app), raise_app_exceptions=False)
    async with (
        _lifespan(app),
        httpx.AsyncClient(transport=transport, base_url="http://127.0.0.1:5000") as http,
    ):
        yield Caller(http, app.state["settings"].internal_token.reveal())


@asynccontextmanager
async def _lifespan(app: Litestar) -> AsyncIterator[None]:
    """In a task of its own, because pytest may leave a fixture from another task than it entered."""
    running, leave = asyncio.Event(), asyncio.Event()

    async def live() -> None:
        async with app.lifespan():
            running.set()
            await leave.wait()

    task = asyncio.create_task(live())
    await running.wait()
    try:
        yield
    finally:
        leave.set()
        await task


def bearer(who: Member | None) -> dict[str, str]:
    return {} if who is None else {"Authorization": f"Bearer {who.token}"}


def scheduled(lesson_id: UUID, title: str = "") -> SessionScheduled:
    """The first event of a session whose row a test has written itself, at NOW for an hour."""
    return SessionScheduled(
        lesson_id=lesson_id,
        title=title,
        scheduled_start=NOW,
        scheduled_end=NOW + timedelta(hours=1),
    )


def schedule(school: School, **changes: Any) -> dict[str, Any]:
    return {
        "lessonId": str(school.lesson_id),
        "scheduledStart": "2026-11-21T10:00:00Z",
        "scheduledEnd": "2026-11-21T11:00:00Z",
        **changes,
    }
