"""Courses and lessons: plain rows of a tenant."""

from uuid import UUID

import sqlalchemy as sa

from orchestrator.core.clock import new_id, utc_now
from orchestrator.core.database import Transaction
from orchestrator.courses.tables import courses, lessons
from schema.courses import Course, CreateCourse, CreateLesson, Lesson
from schema.errors import NotFound


async def create_course(tx: Transaction, tenant_id: UUID, command: CreateCourse) -> Course:
    course = Course(id=new_id(), title=command.title)
    values = {
        "id": course.id,
        "tenant_id": tenant_id,
        "title": course.title,
        "created_at": utc_now(),
    }
    await tx.execute(sa.insert(courses).values(values))
    return course


async def create_lesson(
    tx: Transaction, tenant_id: UUID, course_id: UUID, command: CreateLesson
) -> Lesson:
    """Raises NotFound for a course that is not there or another tenant's."""
    await _check_course(tx, tenant_id, course_id)
    lesson = Lesson(id=new_id(), course_id=course_id, title=command.title, order=command.order)
    values = {
        "id": lesson.id,
        "tenant_id": tenant_id,
        "course_id": course_id,
        "title": lesson.title,
        "order": lesson.order,
        "created_at": utc_now(),
    }
    await tx.execute(sa.insert(lessons).values(values))
    return lesson


async def list_courses(tx: Transaction, tenant_id: UUID) -> list[Course]:
    rows = await tx.execute(
        sa.select(courses).where(courses.c.tenant_id == tenant_id).order_by(courses.c.id)
    )
    return [Course(id=row.id, title=row.title) for row in rows]


async def list_lessons(
    tx: Transaction, tenant_id: UUID, course_id: UUID | None = None
) -> list[Lesson]:
    """All of the tenant's, or one course's. Raises NotFound as create_lesson does."""
    wanted = sa.select(lessons).where(lessons.c.tenant_id == tenant_id)
    if course_id is not None:
        await _check_course(tx, tenant_id, course_id)
        wanted = wanted.where(lessons.c.course_id == course_id)
    rows = await tx.execute(wanted.order_by(lessons.c.course_id, lessons.c.order, lessons.c.id))
    return [_lesson(row) for row in rows]


async def get_lesson(tx: Transaction, tenant_id: UUID, lesson_id: UUID) -> Lesson:
    """Raises NotFound."""
    found = await tx.execute(
        sa.select(lessons).where(lessons.c.id == lesson_id, lessons.c.tenant_id == tenant_id)
    )
    row = found.first()
    if row is None:
        raise NotFound("There is no such lesson.")
    return _lesson(row)


async def _check_course(tx: Transaction, tenant_id: UUID, course_id: UUID) -> None:
    found = await tx.scalar(
        sa.select(courses.c.id).where(courses.c.id == course_id, courses.c.tenant_id == tenant_id)
    )
    if found is None:
        raise NotFound("There is no such course.")


def _lesson(row: sa.Row[tuple[object, ...]]) -> Lesson:
    found = row._mapping  # noqa: SLF001 SQLAlchemy's documented way to the columns by name
    return Lesson(
        id=found["id"], course_id=found["course_id"], title=found["title"], order=found["order"]
    )
