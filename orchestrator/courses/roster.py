"""The rows behind enrolment: a role with scope course is the enrolment in that course, so there is one truth."""

from collections.abc import Mapping
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import insert

from orchestrator.auth.tables import roles, tenants, user_roles, users
from orchestrator.core.clock import new_id
from orchestrator.core.database import Transaction
from schema.courses import CourseRole, Enrolment


async def put(
    tx: Transaction, tenant_id: UUID, course_id: UUID, people: Mapping[UUID, CourseRole]
) -> None:
    """Users of this tenant; who is enrolled already gets the new role."""
    ids = {name: await _role_id(tx, tenant_id, name) for name in sorted(set(people.values()))}
    rows = [
        {
            "id": new_id(),
            "tenant_id": tenant_id,
            "user_id": user_id,
            "role_id": ids[role],
            "scope": "course",
            "scope_id": course_id,
        }
        # Sorted, so that two teachers who enrol the same class at once do not lock each other out.
        for user_id, role in sorted(people.items())
    ]
    new = insert(user_roles).values(rows)
    await tx.execute(
        new.on_conflict_do_update(
            index_elements=["user_id", "scope_id"],
            index_where=sa.text("scope = 'course'"),
            set_={"role_id": new.excluded.role_id},
        )
    )


async def put_everybody(tx: Transaction, tenant_id: UUID, course_id: UUID) -> None:
    """Every student of the tenant, in a tenant that wants that."""
    students = (
        sa.select(user_roles.c.user_id)
        .join(roles, roles.c.id == user_roles.c.role_id)
        .join(tenants, tenants.c.id == user_roles.c.tenant_id)
        .where(
            user_roles.c.tenant_id == tenant_id,
            user_roles.c.scope == "tenant",
            roles.c.name == "student",
            tenants.c.enrols_everybody,
        )
    )
    found = (await tx.execute(students)).scalars().all()
    if found:
        await put(tx, tenant_id, course_id, dict.fromkeys(found, "student"))


async def listed(tx: Transaction, tenant_id: UUID, course_id: UUID) -> list[Enrolment]:
    """Teachers first, then by name."""
    rank = sa.func.array_position(["teacher", "assistant", "student"], roles.c.name)
    wanted = (
        sa.select(users.c.id, users.c.name, users.c.email, roles.c.name.label("role"))
        .join(user_roles, user_roles.c.user_id == users.c.id)
        .join(roles, roles.c.id == user_roles.c.role_id)
        .where(*_of(tenant_id, course_id))
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


async def _role_id(tx: Transaction, tenant_id: UUID, name: CourseRole) -> UUID:
    """A tenant's row for a role is made when it is first needed."""
    new = insert(roles).values(id=new_id(), tenant_id=tenant_id, name=name)
    await tx.execute(new.on_conflict_do_nothing())
    found: UUID = await tx.scalar(
        sa.select(roles.c.id).where(roles.c.tenant_id == tenant_id, roles.c.name == name)
    )
    return found
