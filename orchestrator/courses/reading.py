"""Which courses somebody sees, and which they may change."""

from uuid import UUID

import sqlalchemy as sa

from orchestrator.auth.domain import STAFF, Principal
from orchestrator.core.database import Transaction
from orchestrator.courses.tables import courses
from schema.courses import Course
from schema.errors import Archived, Forbidden, NotFound


def visible(principal: Principal) -> sa.ColumnElement[bool]:
    """A condition on `courses`."""
    of_tenant = courses.c.tenant_id == principal.tenant_id
    if principal.sees_all:
        return of_tenant
    return sa.and_(of_tenant, courses.c.id.in_(principal.places("course")))


async def seen(tx: Transaction, principal: Principal, course_id: UUID) -> Course:
    """Raises NotFound, also for who has no role in it."""
    found = await tx.execute(
        sa.select(courses).where(visible(principal), courses.c.id == course_id)
    )
    row = found.mappings().first()
    if row is None:
        raise NotFound("There is no such course.")
    return to_course(row)


async def locked(tx: Transaction, principal: Principal, course_id: UUID) -> Course:
    """For a change by its staff, one at a time. Raises NotFound, Forbidden."""
    wanted = sa.select(courses).where(
        courses.c.id == course_id, courses.c.tenant_id == principal.tenant_id
    )
    row = (await tx.execute(wanted.with_for_update())).mappings().first()
    if row is None:
        raise NotFound("There is no such course.")
    if principal.role_in(course_id) not in STAFF:
        raise Forbidden("Your role does not allow this.")
    return to_course(row)


def require_open(course: Course) -> None:
    """Raises Archived."""
    if course.archived:
        raise Archived("This course is archived; restore it first.")


def to_course(row: sa.RowMapping) -> Course:
    return Course(
        id=row["id"],
        title=row["title"],
        description=row["description"],
        enrols_everybody=row["enrols_everybody"],
        archived=row["archived_at"] is not None,
        version=row["version"],
    )
