"""The lessons of a course, in their order; whoever changes them holds the course's row."""

from uuid import UUID

import sqlalchemy as sa

from orchestrator.auth.domain import Principal
from orchestrator.core.clock import new_id, utc_now
from orchestrator.core.database import Transaction
from orchestrator.courses.lessons import domain
from orchestrator.courses.reading import locked, require_open, seen, visible
from orchestrator.courses.service import edits, sessions, touch
from orchestrator.courses.tables import courses, lessons
from schema.courses import CreateLesson, Lesson, OrderLessons, Removal, UpdateLesson
from schema.errors import NotFound, StaleEdit


async def create(
    tx: Transaction, principal: Principal, course_id: UUID, command: CreateLesson
) -> Lesson:
    """Raises NotFound, Forbidden, Archived."""
    require_open(await locked(tx, principal, course_id))
    place = command.order
    if place is None:
        place = await _last(tx, course_id) + 1
    else:
        await _make_room(tx, course_id, place)
    values = {
        "id": new_id(),
        "tenant_id": principal.tenant_id,
        "course_id": course_id,
        "title": command.title,
        "description": command.description,
        "order": place,
        "created_at": utc_now(),
    }
    made = await tx.execute(sa.insert(lessons).values(values).returning(lessons))
    await touch(tx, course_id)
    return _lesson(made.mappings().one())


async def listed(
    tx: Transaction, principal: Principal, course_id: UUID, *, archived: bool
) -> list[Lesson]:
    """One course's, in its order. Raises NotFound."""
    await seen(tx, principal, course_id)
    every = await _of_course(tx, course_id)
    return [lesson for lesson in every if lesson.archived == archived]


async def everywhere(tx: Transaction, principal: Principal) -> list[Lesson]:
    """Of every course that the principal sees, also archived ones: their sessions are still there. In the courses' order."""
    wanted = sa.select(lessons).join(courses, courses.c.id == lessons.c.course_id)
    wanted = wanted.where(visible(principal)).order_by(
        courses.c.created_at, courses.c.id, lessons.c.order
    )
    rows = await tx.execute(wanted)
    return [_lesson(row) for row in rows.mappings()]


async def get(tx: Transaction, tenant_id: UUID, lesson_id: UUID) -> Lesson:
    """Raises NotFound."""
    found = await tx.execute(
        sa.select(lessons).where(lessons.c.id == lesson_id, lessons.c.tenant_id == tenant_id)
    )
    row = found.mappings().first()
    if row is None:
        raise NotFound("There is no such lesson.")
    return _lesson(row)


async def update(
    tx: Transaction,
    principal: Principal,
    course_id: UUID,
    lesson_id: UUID,
    command: UpdateLesson,
    based_on: int | None,
) -> Lesson:
    """Raises NotFound, Forbidden, StaleEdit."""
    await _locked(tx, principal, course_id, lesson_id, based_on)
    changes = edits(command.title, command.description, command.archived)
    if changes:
        await _change(tx, lesson_id, **changes)
    return await get(tx, principal.tenant_id, lesson_id)


async def remove(
    tx: Transaction,
    principal: Principal,
    course_id: UUID,
    lesson_id: UUID,
    based_on: int | None,
) -> Removal:
    """Raises NotFound, Forbidden, StaleEdit."""
    await _locked(tx, principal, course_id, lesson_id, based_on)
    if await tx.scalar(sa.select(sa.exists().where(sessions.c.lesson_id == lesson_id))):
        await _change(tx, lesson_id, **edits(archived=True))
        return Removal(outcome="archived")
    await tx.execute(sa.delete(lessons).where(lessons.c.id == lesson_id))
    return Removal(outcome="deleted")


async def order(
    tx: Transaction,
    principal: Principal,
    course_id: UUID,
    command: OrderLessons,
    based_on: int | None,
) -> list[Lesson]:
    """All at once; `based_on` is the course's version. Raises NotFound, Forbidden, StaleEdit, InvalidField."""
    course = await locked(tx, principal, course_id)
    StaleEdit.check(course.version, based_on)
    places = domain.places(await _of_course(tx, course_id), command.lesson_ids)
    if places:
        await tx.execute(
            sa.update(lessons)
            .where(lessons.c.id.in_(places))
            .values(order=sa.case(places, value=lessons.c.id))
        )
        await touch(tx, course_id)
    return await listed(tx, principal, course_id, archived=False)


async def _locked(
    tx: Transaction, principal: Principal, course_id: UUID, lesson_id: UUID, based_on: int | None
) -> None:
    await locked(tx, principal, course_id)
    lesson = await get(tx, principal.tenant_id, lesson_id)
    if lesson.course_id != course_id:
        raise NotFound("There is no such lesson.")
    StaleEdit.check(lesson.version, based_on)


async def _of_course(tx: Transaction, course_id: UUID) -> list[Lesson]:
    wanted = sa.select(lessons).where(lessons.c.course_id == course_id)
    rows = await tx.execute(wanted.order_by(lessons.c.order))
    return [_lesson(row) for row in rows.mappings()]


async def _last(tx: Transaction, course_id: UUID) -> int:
    last = sa.select(sa.func.coalesce(sa.func.max(lessons.c.order), 0))
    return int(await tx.scalar(last.where(lessons.c.course_id == course_id)))


async def _make_room(tx: Transaction, course_id: UUID, place: int) -> None:
    """Pushes back what stands there and behind it; nothing when the place is free."""
    here = lessons.c.course_id == course_id
    if await tx.scalar(sa.select(lessons.c.id).where(here, lessons.c.order == place)):
        await tx.execute(
            sa.update(lessons)
            .where(here, lessons.c.order >= place)
            .values(order=lessons.c.order + 1)
        )


async def _change(tx: Transaction, lesson_id: UUID, **values: object) -> None:
    await tx.execute(
        sa.update(lessons)
        .where(lessons.c.id == lesson_id)
        .values(**values, version=lessons.c.version + 1)
    )


def _lesson(row: sa.RowMapping) -> Lesson:
    return Lesson(
        id=row["id"],
        course_id=row["course_id"],
        title=row["title"],
        order=row["order"],
        description=row["description"],
        archived=row["archived_at"] is not None,
        version=row["version"],
    )
