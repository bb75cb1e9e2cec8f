"""Order in class to the rows of `session_participants` and `sessions`."""

from uuid import UUID

import msgspec
import sqlalchemy as sa

from orchestrator.core.database import Transaction
from orchestrator.sessions.tables import session_participants as people
from orchestrator.sessions.tables import sessions
from orchestrator.state.people import SILENT, SPEAKING
from schema import events as e


async def project(tx: Transaction, _tenant_id: UUID, event: e.StoredEvent) -> None:
    match event.payload:
        case e.PermissionsChanged(participant_id=pid, permissions=given):
            await _participant(tx, pid, permissions=msgspec.to_builtins(given))
        case e.HandRaised(participant_id=pid):
            await _participant(tx, pid, hand_raised_at=event.created_at)
        case e.HandLowered(participant_id=pid):
            await _participant(tx, pid, hand_raised_at=None)
        case e.ParticipantRemoved(participant_id=pid):
            await _participant(tx, pid, removed=True)
        case e.ParticipantReadmitted(participant_id=pid):
            await _participant(tx, pid, removed=False)
        case e.RoomLocked():
            await _session(tx, event, locked=True)
        case e.RoomUnlocked():
            await _session(tx, event, locked=False)
        case e.RulesChanged(students_may_publish=may):
            await _session(tx, event, students_may_publish=may)
            await _rule(tx, event, students_may_publish=may)
        case _:
            pass


async def _participant(tx: Transaction, pid: UUID, **values: object) -> None:
    await tx.execute(sa.update(people).where(people.c.id == pid).values(**values))


async def _session(tx: Transaction, event: e.StoredEvent, **values: object) -> None:
    await tx.execute(sa.update(sessions).where(sessions.c.id == event.session_id).values(**values))


async def _rule(tx: Transaction, event: e.StoredEvent, *, students_may_publish: bool) -> None:
    """As state.people.under_rule."""
    usual = SPEAKING if students_may_publish else SILENT
    publish = sa.cast({"publish": list(usual.publish)}, people.c.permissions.type)
    await tx.execute(
        sa.update(people)
        .where(people.c.session_id == event.session_id, people.c.role == "student")
        .values(permissions=people.c.permissions.concat(publish))
    )
