"""Courses: plain rows of a tenant. What has sessions is archived, never lost."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

import sqlalchemy as sa

from orchestrator.auth.domain import Principal
from orchestrator.auth.tables import tenants
from orchestrator.auth.users.roles import put_in_course
from orchestrator.core.clock import new_id, utc_now
from orchestrator.core.database import Transaction
from orchestrator.courses import roster
from orchestrator.courses.reading import locked, seen, to_course, visible
from orchestrator.courses.tables import courses, lessons
from schema.courses import Course, CreateCourse, Removal, UpdateCourse
from schema.errors import StaleEdit

# Another feature's table, of which a course only has to know whether there is a row.
sessions = sa.table("sessions", sa.column("lesson_id"))


async def create(tx: Transaction, principal: Principal, command: CreateCourse) -> Course:
    """Its maker becomes its teacher when they would not see it otherwise."""
    values = {
        "id": new_id(),
        "tenant_id": principal.tenant_id,
        "title": command.title,
        "description": command.description,
        "enrols_everybody": await _everybody(tx, principal, command.enrols_everybody),
        "created_at": utc_now(),
    }
    made = await tx.execute(sa.insert(courses).values(values).returning(courses))
    course = to_course(made.mappings().one())
    if not principal.sees_all:
        await put_in_course(tx, principal.tenant_id, course.id, {principal.user_id: "teacher"})
    if course.enrols_everybody:
        await roster.put_everybody(tx, principal.tenant_id, course.id)
    return course


async def _everybody(tx: Transaction, principal: Principal, wanted: bool | None) -> bool:
    if wanted is not None:
        return wanted
    usual = sa.select(tenants.c.enrols_everybody).where(tenants.c.id == principal.tenant_id)
    return bool(await tx.scalar(usual))


async def listed(tx: Transaction, principal: Principal, *, archived: bool) -> list[Course]:
    """In the order in which they were made."""
    wanted = sa.select(courses).where(
        visible(principal),
        courses.c.archived_at.is_not(None) if archived else courses.c.archived_at.is_(None),
    )
    rows = await tx.execute(wanted.order_by(courses.c.created_at, courses.c.id))
    return [to_course(row) for row in rows.mappings()]


async def update(
    tx: Transaction,
    principal: Principal,
    course_id: UUID,
    command: UpdateCourse,
    based_on: int | None,
) -> Course:
    """Raises NotFound, Forbidden, StaleEdit."""
    course = await locked(tx, principal, course_id)
    StaleEdit.check(course.version, based_on)
    changes = edits(command.title, command.description, command.archived)
    if command.enrols_everybody is not None:
        changes = {**changes, "enrols_everybody": command.enrols_everybody}
    if changes:
        await tx.execute(sa.update(courses).where(courses.c.id == course_id).values(changes))
        await touch(tx, course_id)
    if command.enrols_everybody and not course.enrols_everybody:
        await roster.put_everybody(tx, principal.tenant_id, course_id)
    return await seen(tx, principal, course_id)


async def remove(
    tx: Transaction, principal: Principal, course_id: UUID, based_on: int | None
) -> Removal:
    """Raises NotFound, Forbidden, StaleEdit."""
    course = await locked(tx, principal, course_id)
    StaleEdit.check(course.version, based_on)
    mine = sa.select(lessons.c.id).where(lessons.c.course_id == course_id)
    if await tx.scalar(sa.select(sa.exists().where(sessions.c.lesson_id.in_(mine)))):
        await tx.execute(
            sa.update(courses).where(courses.c.id == course_id).values(edits(archived=True))
        )
        await touch(tx, course_id)
        return Removal(outcome="archived")
    await roster.clear(tx, principal.tenant_id, course_id)
    await tx.execute(sa.delete(lessons).where(lessons.c.course_id == course_id))
    await tx.execute(sa.delete(courses).where(courses.c.id == course_id))
    return Removal(outcome="deleted")


async def touch(tx: Transaction, course_id: UUID) -> None:
    """Counts an edit."""
    await tx.execute(
        sa.update(courses).where(courses.c.id == course_id).values(version=courses.c.version + 1)
    )


def edits(
    title: str | None = None, description: str | None = None, archived: bool | None = None
) -> Mapping[str, Any]:
    """Columns of a course or lesson; None leaves one as it is."""
    changes: dict[str, Any] = {"title": title, "description": description}
    kept = {name: value for name, value in changes.items() if value is not None}
    if archived is not None:
        kept["archived_at"] = utc_now() if archived else None
    return kept
