"""Events to the rows of `sessions` and `session_participants`; the same as the fold, see verify.py."""

from datetime import datetime
from uuid import UUID

import msgspec
import sqlalchemy as sa

from orchestrator.core.database import Transaction
from orchestrator.sessions.tables import session_participants as people
from orchestrator.sessions.tables import sessions
from orchestrator.state.people import permissions_at_entry
from schema import events as e

# A whole class comes at the same time: plain SQL. Who joins again is back, as in the fold.
JOINED = """
insert into session_participants (id, tenant_id, session_id, user_id, name, role, permissions, guest, join_time)
 values ($1, $2, $3, $4, $5, $6, $7::text::jsonb, $8, $9)
 on conflict (id) do update set user_id = excluded.user_id, name = excluded.name, role = excluded.role,
  permissions = excluded.permissions, leave_time = null
"""


async def project(tx: Transaction, tenant_id: UUID, event: e.StoredEvent) -> None:
    at = event.created_at
    match event.payload:
        case e.SessionScheduled(title=title):
            await _set(tx, event, title=title, created_at=at)
        case e.SessionEdited(title=title):
            await _set(tx, event, title=title)
        case e.SessionRescheduled(scheduled_start=start, scheduled_end=end):
            await _set(tx, event, scheduled_start=start, scheduled_end=end)
        case e.SessionCancelled():
            await _set(tx, event, status="cancelled")
        case e.SessionStarted(room=room):
            await _set(tx, event, status="live", room=room, started_at=at)
        case e.SessionEnded():
            await _set(tx, event, status="ended", ended_at=at)
        case e.ParticipantJoined() as joined:
            _joined(tx, tenant_id, event, joined)
        case e.ParticipantConnected(participant_id=pid, sid=sid):
            await _connected(tx, pid, sid)
        case e.ParticipantLeft(participant_id=pid, sid=sid):
            await _left(tx, pid, sid, at)
        case _:
            pass


async def _set(tx: Transaction, event: e.StoredEvent, **values: object) -> None:
    await tx.execute(sa.update(sessions).where(sessions.c.id == event.session_id).values(**values))


def _joined(
    tx: Transaction, tenant_id: UUID, event: e.StoredEvent, joined: e.ParticipantJoined
) -> None:
    tx.later(
        JOINED,
        joined.participant_id,
        tenant_id,
        event.session_id,
        joined.user_id,
        joined.name,
        joined.role,
        msgspec.json.encode(permissions_at_entry(joined)).decode(),
        joined.guest,
        event.created_at,
    )


async def _connected(tx: Transaction, pid: UUID, sid: str) -> None:
    await tx.execute(
        sa.update(people)
        .where(people.c.id == pid, sa.literal(sid) != sa.all_(people.c.seen))
        .values(
            sids=sa.func.array_append(people.c.sids, sid),
            seen=sa.func.array_append(people.c.seen, sid),
            leave_time=None,
        )
    )


async def _left(tx: Transaction, pid: UUID, sid: str, at: datetime) -> None:
    rest = sa.func.array_remove(people.c.sids, sid)
    fresh = sa.literal(sid) != sa.all_(people.c.seen)
    await tx.execute(
        sa.update(people)
        .where(people.c.id == pid)
        .values(
            sids=rest,
            seen=sa.case((fresh, sa.func.array_append(people.c.seen, sid)), else_=people.c.seen),
            leave_time=sa.case((sa.func.cardinality(rest) == 0, at), else_=people.c.leave_time),
        )
    )
