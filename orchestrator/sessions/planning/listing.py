"""The sessions that somebody may see, by time."""

from collections.abc import Iterator
from datetime import datetime
from uuid import UUID

import msgspec
import sqlalchemy as sa

from orchestrator.auth.domain import Principal
from orchestrator.core.database import Transaction
from orchestrator.courses.tables import lessons
from orchestrator.sessions.service import to_session
from orchestrator.sessions.tables import sessions
from schema.errors import InvalidField
from schema.sessions import Session, SessionStatus

BY_TIME = (sessions.c.scheduled_start, sessions.c.id)


class Filter(msgspec.Struct, frozen=True):
    """`begin` and `end` bound a span of time that a session must touch."""

    course_id: UUID | None = None
    statuses: tuple[SessionStatus, ...] = ()
    begin: datetime | None = None
    end: datetime | None = None
    soonest_first: bool = False


async def listed(
    tx: Transaction, principal: Principal, wanted: Filter, cursor: UUID | None, limit: int
) -> list[Session]:
    """`cursor` is the id of the last one already seen. Raises InvalidField."""
    query = sa.select(sessions).join(lessons, lessons.c.id == sessions.c.lesson_id)
    query = query.where(visible(principal), *_conditions(wanted))
    if cursor is not None:
        seen = sa.tuple_(await _start(tx, cursor), cursor, types=[one.type for one in BY_TIME])
        place = sa.tuple_(*BY_TIME)
        query = query.where(place > seen if wanted.soonest_first else place < seen)
    order = BY_TIME if wanted.soonest_first else [column.desc() for column in BY_TIME]
    rows = await tx.execute(query.order_by(*order).limit(limit))
    return [to_session(row) for row in rows.mappings()]


def visible(principal: Principal) -> sa.ColumnElement[bool]:
    """A condition on `sessions` joined with `lessons`."""
    of_tenant = sessions.c.tenant_id == principal.tenant_id
    if principal.sees_all:
        return of_tenant
    mine = sa.or_(
        lessons.c.course_id.in_(principal.places("course")),
        sessions.c.id.in_(principal.places("session")),
    )
    return sa.and_(of_tenant, mine)


def _conditions(wanted: Filter) -> Iterator[sa.ColumnElement[bool]]:
    if wanted.course_id is not None:
        yield lessons.c.course_id == wanted.course_id
    if wanted.statuses:
        yield sessions.c.status.in_(wanted.statuses)
    if wanted.begin is not None:
        yield sessions.c.scheduled_end > wanted.begin
    if wanted.end is not None:
        yield sessions.c.scheduled_start < wanted.end


async def _start(tx: Transaction, session_id: UUID) -> datetime:
    start: datetime | None = await tx.scalar(
        sa.select(sessions.c.scheduled_start).where(sessions.c.id == session_id)
    )
    if start is None:
        raise InvalidField("cursor", "Give the `nextCursor` of the page before.")
    return start
