"""The session itself and who was in it."""

from collections.abc import Sequence
from uuid import UUID

import msgspec
import sqlalchemy as sa

from orchestrator.core.database import Transaction
from orchestrator.proof.facts import Facts, picked, rows_of
from orchestrator.sessions.tables import session_participants, sessions
from orchestrator.state.people import ParticipantState
from orchestrator.state.session import SessionState
from schema.events import StoredEvent
from schema.people import Permissions

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


def folded(state: SessionState, events: Sequence[StoredEvent]) -> Facts:
    return {
        "last sequence": events[-1].sequence if events else 0,
        "events in the log": len(events),
        **{name: getattr(state, name) for name in SESSION},
        **{name: getattr(state.rules, name) for name in RULES},
        **{f"participant {p.id}": p for p in state.participants.values()},
    }


async def stored(tx: Transaction, session_id: UUID) -> Facts:
    row = (
        (await tx.execute(sa.select(sessions).where(sessions.c.id == session_id))).mappings().one()
    )
    people = await rows_of(tx, session_participants, session_id)
    return {
        "last sequence": row["last_sequence"],
        "events in the log": row["last_sequence"],
        **picked(row, SESSION + RULES),
        **{f"participant {person['id']}": _participant(person) for person in people},
    }


def _participant(row: sa.RowMapping) -> ParticipantState:
    return ParticipantState(
        id=row["id"],
        user_id=row["user_id"],
        name=row["name"],
        role=row["role"],
        joined_at=row["join_time"],
        left_at=row["leave_time"],
        sids=frozenset(row["sids"]),
        seen=frozenset(row["seen"]),
        permissions=msgspec.convert(row["permissions"], Permissions),
        hand_raised_at=row["hand_raised_at"],
        removed=row["removed"],
        guest=row["guest"],
    )
