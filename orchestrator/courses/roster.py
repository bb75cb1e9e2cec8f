"""The rows behind enrolment: a role with scope course is the enrolment in that course, so there is one truth."""

from uuid import UUID

import sqlalchemy as sa

from orchestrator.auth.tables import roles, user_roles, users
from orchestrator.auth.users.roles import put_in_course
from orchestrator.core.database import Transaction
from schema.courses import Enrolment


async def put_everybody(tx: Transaction, tenant_id: UUID, course_id: UUID) -> None:
    """Every student of the tenant, unless they have a role in the course already."""
    enrolled = sa.select(user_roles.c.user_id).where(*_of(tenant_id, course_id))
    students = (
        sa.select(user_roles.c.user_id)
        .join(roles, roles.c.id == user_roles.c.role_id)
        .where(
            user_roles.c.tenant_id == tenant_id,
            user_roles.c.scope == "tenant",
            roles.c.name == "student",
            user_roles.c.user_id.not_in(enrolled),
        )
    )
    found = (await tx.execute(students)).scalars().all()
    if found:
        await put_in_course(tx, tenant_id, course_id, dict.fromkeys(found, "student"))


async def listed(tx: Transaction, tenant_id: UUID, course_id: UUID) -> list[Enrolment]:
    """Teachers first, then by name; whose account is disabled is left out."""
    rank = sa.func.array_position(["teacher", "assistant", "student"], roles.c.name)
    wanted = (
        sa.select(users.c.id, users.c.name, users.c.email, roles.c.name.label("role"))
        .join(user_roles, user_roles.c.user_id == users.c.id)
        .join(roles, roles.c.id == user_roles.c.role_id)
        .where(*_of(tenant_id, course_id), users.c.disabled_at.is_(None))
        .order_by(rank, users.c.name, users.c.email)
    )
    rows = await tx.execute(wanted)
    return [
        Enrolment(user_id=row.id, name=row.name, email=row.email, role=row.role) for row in rows
    ]


async def take_out(tx: Transaction, tenant_id: UUID, course_id: UUID, user_id: UUID) -> bool:
    """Whether they were enrolled."""
    done = await tx.execute(
        sa.delete(user_roles).where(*_of(tenant_id, course_id), user_roles.c.user_id == user_id)
    )
    return done.rowcount > 0


async def clear(tx: Transaction, tenant_id: UUID, course_id: UUID) -> None:
    await tx.execute(sa.delete(user_roles).where(*_of(tenant_id, course_id)))


def _of(tenant_id: UUID, course_id: UUID) -> tuple[sa.ColumnElement[bool], ...]:
    return (
        user_roles.c.tenant_id == tenant_id,
        user_roles.c.scope == "course",
        user_roles.c.scope_id == course_id,
    )
