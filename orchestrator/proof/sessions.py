"""The session itself and who was in it."""

from collections.abc import Sequence
from uuid import UUID

import sqlalchemy as sa

from orchestrator.core.database import Transaction
from orchestrator.proof.facts import Facts, columns_of, plain, rows_of
from orchestrator.sessions.tables import session_participants, sessions
from orchestrator.state.people import ParticipantState
from orchestrator.state.session import SessionState
from schema.events import SessionScheduled, StoredEvent

SESSION = (
    "status",
    "title",
    "scheduled_start",
    "scheduled_end",
    "room",
    "started_at",
    "ended_at",
)
RULES = ("students_may_publish", "locked")
ALIKE = ("user_id", "name", "role", "sids", "seen", "hand_raised_at", "removed", "guest")


def folded(state: SessionState, events: Sequence[StoredEvent]) -> Facts:
    return {
        "last_sequence": events[-1].sequence if events else 0,
        "events in the log": len(events),
        **_plan(events),
        **{name: getattr(state, name) for name in SESSION},
        **{name: getattr(state.rules, name) for name in RULES},
        **{f"participant {p.id}": _person(p) for p in state.participants.values()},
    }


async def stored(tx: Transaction, session_id: UUID) -> Facts:
    row = (
        (await tx.execute(sa.select(sessions).where(sessions.c.id == session_id))).mappings().one()
    )
    people = await rows_of(tx, session_participants, session_id)
    return {
        "events in the log": row["last_sequence"],
        **columns_of(row),
        **{f"participant {person['id']}": _row(person) for person in people},
    }


def _plan(events: Sequence[StoredEvent]) -> Facts:
    for event in reversed(events):
        if isinstance(event.payload, SessionScheduled):
            return {"lesson_id": event.payload.lesson_id, "created_at": event.created_at}
    return {}


def _person(known: ParticipantState) -> Facts:
    return {name: getattr(known, name) for name in ALIKE} | {
        "join_time": known.joined_at,
        "leave_time": known.left_at,
        "permissions": plain(known.permissions),
    }


def _row(row: sa.RowMapping) -> Facts:
    """The connections in no order."""
    return columns_of(row) | {name: frozenset(row[name]) for name in ("sids", "seen")}
