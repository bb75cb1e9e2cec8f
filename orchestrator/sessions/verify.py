"""Proves for one session that its read models say what its log says."""

from typing import Any
from uuid import UUID

import sqlalchemy as sa

from orchestrator.core.database import Transaction
from orchestrator.core.eventlog import EventLog, events
from orchestrator.sessions.state import ParticipantState, SessionState, evolve
from orchestrator.sessions.tables import session_participants, sessions

CHECKED = ("status", "title", "room", "started_at", "ended_at")


async def verify(tx: Transaction, session_id: UUID) -> list[str]:
    """Every difference between fold(log) and the rows, in words; an empty list is the proof."""
    state = await EventLog(SessionState(), evolve).state(tx, session_id)
    found = await tx.execute(sa.select(sessions).where(sessions.c.id == session_id))
    row = found.mappings().first()
    if row is None:
        return [f"there is no session {session_id}"]
    differences = [
        _difference(name, getattr(state, name), row[name])
        for name in CHECKED
        if getattr(state, name) != row[name]
    ]
    return [
        *differences,
        *await _sequence_differences(tx, session_id, row["last_sequence"]),
        *await _people_differences(tx, session_id, state),
    ]


async def _sequence_differences(tx: Transaction, session_id: UUID, last: int) -> list[str]:
    found = await tx.execute(
        sa.select(
            sa.func.count().label("count"),
            sa.func.coalesce(sa.func.max(events.c.sequence), 0).label("highest"),
        ).where(events.c.session_id == session_id)
    )
    row = found.mappings().one()
    count, highest = row["count"], row["highest"]
    if count == highest == last:
        return []
    return [f"the log has {count} events up to {highest}, the session's row says {last}"]


async def _people_differences(tx: Transaction, session_id: UUID, state: SessionState) -> list[str]:
    rows = await tx.execute(
        sa.select(session_participants).where(session_participants.c.session_id == session_id)
    )
    stored = {row["id"]: _from_row(row) for row in rows.mappings()}
    return [
        _difference(f"participant {pid}", state.participants.get(pid), stored.get(pid))
        for pid in sorted(state.participants.keys() | stored.keys())
        if state.participants.get(pid) != stored.get(pid)
    ]


def _from_row(row: sa.RowMapping) -> ParticipantState:
    return ParticipantState(
        id=row["id"],
        user_id=row["user_id"],
        name=row["name"],
        role=row["role"],
        joined_at=row["join_time"],
        left_at=row["leave_time"],
        sids=frozenset(row["sids"]),
        seen=frozenset(row["seen"]),
    )


def _difference(what: str, folded: Any, stored: Any) -> str:
    return f"{what}: the log says {folded!r}, the row says {stored!r}"
