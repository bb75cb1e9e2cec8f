"""Proves for one session that its read models say what its log says: two maps of facts, compared."""

from functools import reduce
from uuid import UUID

import sqlalchemy as sa

from orchestrator.core.database import Transaction
from orchestrator.core.eventlog import EventLog
from orchestrator.proof import (
    artifacts,
    audience,
    egress,
    invitations,
    polls,
    recordings,
    sessions,
    snapshots,
    studio,
)
from orchestrator.proof.facts import Facts, differences
from orchestrator.sessions.tables import sessions as sessions_table
from orchestrator.state.session import SessionState, evolve
from schema.events import StoredEvent

# One module a feature, with `folded(state, events)` and `stored(tx, session_id)`.
PROOFS = (sessions, egress, recordings, artifacts, audience, polls, studio, invitations)


async def verify(tx: Transaction, session_id: UUID) -> list[str]:
    """Every difference between fold(log) and the rows or snapshots, in words; an empty list is the proof."""
    known = sa.select(sessions_table.c.id).where(sessions_table.c.id == session_id)
    if await tx.scalar(known) is None:
        return [f"there is no session {session_id}"]
    log = await _whole_log(tx, session_id)
    state = reduce(evolve, log, SessionState())
    folded: Facts = {}
    stored: Facts = {}
    for proof in PROOFS:
        folded |= proof.folded(state, log)
        stored |= await proof.stored(tx, session_id)
    return differences(folded, stored) + await snapshots.differences(tx, session_id, log)


async def _whole_log(tx: Transaction, session_id: UUID) -> list[StoredEvent]:
    log = EventLog(SessionState(), evolve)
    events: list[StoredEvent] = []
    while page := await log.read(tx, session_id, after=events[-1].sequence if events else 0):
        events += page
    return events
