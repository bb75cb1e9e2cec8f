"""Roles of a person, given and taken. Only a tenant's admins come here, and no role is above theirs."""

from collections.abc import Awaitable, Callable, Mapping
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import insert

from orchestrator.audit.service import record
from orchestrator.auth.tables import roles, user_roles
from orchestrator.auth.users.admins import check_an_admin_stays
from orchestrator.auth.users.service import get
from orchestrator.core.clock import new_id
from orchestrator.core.database import Transaction
from schema.auth import RoleName, RoleScope
from schema.errors import InvalidField, NotFound
from schema.users import GrantRole, UserRecord

# Another feature's table: which courses a new student is in by themselves.
courses = sa.table(
    "courses",
    sa.column("id"),
    sa.column("tenant_id"),
    sa.column("enrols_everybody", sa.Boolean),
    sa.column("archived_at"),
)
# Whether the tenant has this course or session; both belong to layers above.
PlaceExists = Callable[[Transaction, UUID, RoleScope, UUID], Awaitable[bool]]


class Roles:
    def __init__(self, place_exists: PlaceExists) -> None:
        self._place_exists = place_exists

    async def grant(
        self,
        tx: Transaction,
        tenant_id: UUID,
        user_id: UUID,
        command: GrantRole,
        *,
        actor_id: UUID | None,
    ) -> UserRecord:
        """What is held already stays as it is; in a course it takes the place of another role. Raises NotFound, InvalidField."""
        if (command.scope == "tenant") != (command.scope_id is None):
            raise InvalidField(
                "scopeId", "Name the course or session; for the whole tenant leave it out."
            )
        await get(tx, tenant_id, user_id)
        if command.scope_id is not None and not await self._place_exists(
            tx, tenant_id, command.scope, command.scope_id
        ):
            raise NotFound(f"There is no such {command.scope}.")
        if await _given(tx, tenant_id, user_id, command):
            await _note(tx, "role.granted", tenant_id, user_id, command, actor_id)
        return await get(tx, tenant_id, user_id)

    async def revoke(
        self,
        tx: Transaction,
        tenant_id: UUID,
        user_id: UUID,
        command: GrantRole,
        *,
        actor_id: UUID | None,
    ) -> UserRecord:
        """Raises NotFound for what is not held, LastAdmin."""
        async with check_an_admin_stays(tx, tenant_id):
            done = await tx.execute(
                sa.delete(user_roles).where(
                    user_roles.c.tenant_id == tenant_id,
                    user_roles.c.user_id == user_id,
                    user_roles.c.role_id == await role_id(tx, tenant_id, command.role),
                    user_roles.c.scope == command.scope,
                    user_roles.c.scope_id.is_not_distinct_from(command.scope_id),
                )
            )
        if not done.rowcount:
            raise NotFound("This person does not hold this role there.")
        await _note(tx, "role.revoked", tenant_id, user_id, command, actor_id)
        return await get(tx, tenant_id, user_id)


async def put_in_course(
    tx: Transaction, tenant_id: UUID, course_id: UUID, people: Mapping[UUID, RoleName]
) -> int:
    """One role a person, in the place of another; returns how many have a new one."""
    ids = {name: await role_id(tx, tenant_id, name) for name in sorted(set(people.values()))}
    rows = [
        {
            "id": new_id(),
            "tenant_id": tenant_id,
            "user_id": user_id,
            "role_id": ids[role],
            "scope": "course",
            "scope_id": course_id,
        }
        # Sorted, so that two who enrol the same class at once do not lock each other out.
        for user_id, role in sorted(people.items())
    ]
    new = insert(user_roles).values(rows)
    done = await tx.execute(
        new.on_conflict_do_update(
            index_elements=["user_id", "scope_id"],
            index_where=sa.text("scope = 'course'"),
            set_={"role_id": new.excluded.role_id},
            where=user_roles.c.role_id != new.excluded.role_id,
        )
    )
    return done.rowcount


async def _given(tx: Transaction, tenant_id: UUID, user_id: UUID, command: GrantRole) -> bool:
    """Whether that is new."""
    if command.scope == "course" and command.scope_id is not None:
        people = {user_id: command.role}
        return await put_in_course(tx, tenant_id, command.scope_id, people) > 0
    if command.scope == "tenant":
        return await give_in_tenant(tx, tenant_id, user_id, command.role)
    return await _held(tx, tenant_id, user_id, command.role, command.scope, command.scope_id)


async def give_in_tenant(tx: Transaction, tenant_id: UUID, user_id: UUID, role: RoleName) -> bool:
    """A new student is enrolled in the courses that want everybody; returns whether the role is new."""
    new = await _held(tx, tenant_id, user_id, role, "tenant", None)
    if new and role == "student":
        await _enrol_in_open_courses(tx, tenant_id, user_id)
    return new


async def _held(
    tx: Transaction,
    tenant_id: UUID,
    user_id: UUID,
    role: RoleName,
    scope: RoleScope,
    scope_id: UUID | None,
) -> bool:
    values = {
        "id": new_id(),
        "tenant_id": tenant_id,
        "user_id": user_id,
        "role_id": await role_id(tx, tenant_id, role),
        "scope": scope,
        "scope_id": scope_id,
    }
    done = await tx.execute(insert(user_roles).values(values).on_conflict_do_nothing())
    return done.rowcount > 0


async def _enrol_in_open_courses(tx: Transaction, tenant_id: UUID, user_id: UUID) -> None:
    """Where they have no role already."""
    places = sa.select(courses.c.id).where(
        courses.c.tenant_id == tenant_id,
        courses.c.enrols_everybody,
        courses.c.archived_at.is_(None),
    )
    student = await role_id(tx, tenant_id, "student")
    rows = [
        {
            "id": new_id(),
            "tenant_id": tenant_id,
            "user_id": user_id,
            "role_id": student,
            "scope": "course",
            "scope_id": course_id,
        }
        for course_id in (await tx.execute(places)).scalars()
    ]
    if rows:
        await tx.execute(insert(user_roles).values(rows).on_conflict_do_nothing())


async def role_id(tx: Transaction, tenant_id: UUID, name: RoleName) -> UUID:
    """The tenant's row for this role, made when it is first needed."""
    values = {"id": new_id(), "tenant_id": tenant_id, "name": name}
    await tx.execute(insert(roles).values(values).on_conflict_do_nothing())
    found: UUID = await tx.scalar(
        sa.select(roles.c.id).where(roles.c.tenant_id == tenant_id, roles.c.name == name)
    )
    return found


async def _note(
    tx: Transaction,
    action: Any,
    tenant_id: UUID,
    user_id: UUID,
    command: GrantRole,
    actor_id: UUID | None,
) -> None:
    await record(
        tx,
        action,
        tenant_id,
        actor_id=actor_id,
        target_id=user_id,
        role=command.role,
        scope=command.scope,
        scope_id=command.scope_id and str(command.scope_id),
    )
