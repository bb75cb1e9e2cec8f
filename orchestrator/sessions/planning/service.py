"""Schedule, edit and cancel: what happens to a session before it begins."""

from collections.abc import Awaitable, Callable
from typing import Any
from uuid import UUID

import sqlalchemy as sa

from orchestrator.auth.domain import STAFF, Principal
from orchestrator.core.clock import new_id, utc_now
from orchestrator.core.database import Transaction
from orchestrator.core.eventlog import EventLog
from orchestrator.courses.lessons import service as lessons
from orchestrator.courses.reading import require_open, seen
from orchestrator.sessions.planning import domain
from orchestrator.sessions.roles import reader, role_in
from orchestrator.sessions.service import to_session
from orchestrator.sessions.tables import sessions
from orchestrator.state.session import SessionState
from schema.base import Wire
from schema.courses import Lesson
from schema.errors import Archived, Forbidden, StaleEdit
from schema.events import DestinationsSelected, Event, SessionScheduled
from schema.sessions import CreateSession, Session, UpdateSession


class Planned(Wire, frozen=True):
    """A session and its version: the sequence of its last event."""

    session: Session
    version: int


# The destinations with which somebody's new sessions begin.
FirstChoice = Callable[[Transaction, Principal], Awaitable[list[UUID]]]


class Planning:
    """Works inside the caller's transaction; `key` is the event key of the request (orchestrator.http.idempotency)."""

    def __init__(self, events: EventLog[SessionState], chosen: FirstChoice) -> None:
        self._events = events
        self._chosen = chosen

    async def create(
        self, tx: Transaction, key: str, principal: Principal, command: CreateSession
    ) -> Session:
        """Raises InvalidField, NotFound, Forbidden, Archived."""
        domain.check_times(command.scheduled_start, command.scheduled_end)
        lesson = await _lesson(tx, principal, command.lesson_id)
        title = command.title or lesson.title
        plan: dict[str, Any] = {
            "lesson_id": lesson.id,
            "title": title,
            "scheduled_start": command.scheduled_start,
            "scheduled_end": command.scheduled_end,
        }
        row = {"id": new_id(), "tenant_id": principal.tenant_id, "created_at": utc_now(), **plan}
        await tx.execute(sa.insert(sessions).values(row))
        first: list[Event] = [SessionScheduled(**plan)]
        if chosen := await self._chosen(tx, principal):
            first.append(DestinationsSelected(destination_ids=chosen))
        await self._events.append(tx, principal.tenant_id, row["id"], key, lambda _: first)
        return Session(id=row["id"], status="scheduled", **plan)

    async def edit(
        self,
        tx: Transaction,
        key: str,
        principal: Principal,
        session_id: UUID,
        command: UpdateSession,
        based_on: int | None,
    ) -> Planned:
        """Raises NotFound, Forbidden, StaleEdit, SessionIsLive, SessionOver, InvalidField."""
        await role_in(tx, principal, session_id, STAFF)
        StaleEdit.check(await _locked(tx, session_id), based_on)
        await self._events.append(
            tx,
            principal.tenant_id,
            session_id,
            key,
            lambda state: domain.edit(
                state,
                principal.user_id,
                command.title,
                command.scheduled_start,
                command.scheduled_end,
            ),
        )
        return await get(tx, principal, session_id)

    async def cancel(
        self, tx: Transaction, key: str, principal: Principal, session_id: UUID
    ) -> Session:
        """Raises NotFound, Forbidden, SessionIsLive, SessionOver."""
        await role_in(tx, principal, session_id, STAFF)
        await self._events.append(
            tx,
            principal.tenant_id,
            session_id,
            key,
            lambda state: domain.cancel(state, principal.user_id),
        )
        return (await get(tx, principal, session_id)).session


async def get(tx: Transaction, principal: Principal, session_id: UUID) -> Planned:
    """Raises NotFound."""
    await reader(tx, principal, session_id)
    found = await tx.execute(sa.select(sessions).where(sessions.c.id == session_id))
    row = found.mappings().one()
    return Planned(session=to_session(row), version=row["last_sequence"])


async def _lesson(tx: Transaction, principal: Principal, lesson_id: UUID) -> Lesson:
    """One in which this person may plan. Raises NotFound, Forbidden, Archived."""
    lesson = await lessons.get(tx, principal.tenant_id, lesson_id)
    if principal.role_in(lesson.course_id) not in STAFF:
        raise Forbidden("Your role does not allow this.")
    require_open(await seen(tx, principal, lesson.course_id))
    if lesson.archived:
        raise Archived("This lesson is archived; restore it first.")
    return lesson


async def _locked(tx: Transaction, session_id: UUID) -> int:
    """The sequence of the last event; the log's own lock is the same row's."""
    wanted = sa.select(sessions.c.last_sequence).where(sessions.c.id == session_id)
    return int(await tx.scalar(wanted.with_for_update()))
