"""A crowd for the load: students of the demo course who are signed in, without the second that a password costs each."""

import secrets
from datetime import datetime, timedelta
from uuid import UUID, uuid4

import msgspec
import sqlalchemy as sa

from orchestrator.auth.signin.sessions import token_hash
from orchestrator.auth.tables import auth_sessions, roles, user_roles, users
from orchestrator.core.clock import utc_now
from orchestrator.core.database import Database
from orchestrator.courses.seed import COURSE_ID, TENANT_ID


class Student(msgspec.Struct, frozen=True):
    token: str

    @property
    def headers(self) -> dict[str, str]:
        return {"Authorization": f"Bearer {self.token}", "Content-Type": "application/json"}


async def gather_crowd(database: Database, count: int) -> list[Student]:
    """Students of the demo course."""
    now = utc_now()
    people = [(uuid4(), Student(secrets.token_urlsafe(32))) for _ in range(count)]
    async with database.system_transaction() as tx:
        role_id = await tx.scalar(
            sa.select(roles.c.id).where(roles.c.tenant_id == TENANT_ID, roles.c.name == "student")
        )
        for table, rows in (
            (users, [_user(n, user_id) for n, (user_id, _) in enumerate(people)]),
            (user_roles, [_enrolment(user_id, role_id) for user_id, _ in people]),
            (auth_sessions, [_sign_in(user_id, one.token, now) for user_id, one in people]),
        ):
            await tx.execute(sa.insert(table), rows)
    return [student for _, student in people]


def _user(number: int, user_id: UUID) -> dict[str, object]:
    return {
        "id": user_id,
        "tenant_id": TENANT_ID,
        "email": f"{user_id}@bench.lectern",
        "name": f"Student {number}",
        "hashed_password": "",
    }


def _enrolment(user_id: UUID, role_id: UUID) -> dict[str, object]:
    return {
        "id": uuid4(),
        "tenant_id": TENANT_ID,
        "user_id": user_id,
        "role_id": role_id,
        "scope": "course",
        "scope_id": COURSE_ID,
    }


def _sign_in(user_id: UUID, token: str, now: datetime) -> dict[str, object]:
    return {
        "id": uuid4(),
        "tenant_id": TENANT_ID,
        "user_id": user_id,
        "token_hash": token_hash(token),
        "created_at": now,
        "expires_at": now + timedelta(hours=1),
    }
