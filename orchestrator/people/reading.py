"""What attendance is made of: the log of connections, and who is enrolled."""

from uuid import UUID

import sqlalchemy as sa

from orchestrator.auth.domain import STAFF, Principal
from orchestrator.auth.tables import roles, user_roles, users
from orchestrator.core.clock import utc_now
from orchestrator.core.database import Transaction
from orchestrator.core.log.rows import stored
from orchestrator.courses.tables import lessons
from orchestrator.people import attendance
from orchestrator.sessions.roles import role_in
from orchestrator.sessions.tables import sessions
from schema.people import Absentee, Attendance

TOLD = [
    "session.started",
    "session.ended",
    "participant.joined",
    "participant.connected",
    "participant.left",
]
# The columns that core.log.rows.stored takes.
READ = """
select id, sequence, event_type, event_payload::text as payload, created_at
from session_state_events where session_id = $1 and event_type = any($2) order by sequence
"""


async def attendance_of(tx: Transaction, principal: Principal, session_id: UUID) -> Attendance:
    """Raises NotFound, Forbidden."""
    await role_in(tx, principal, session_id, STAFF)
    found = await tx.fetch(READ, session_id, TOLD)
    log = [stored(session_id, row) for row in found]
    return attendance.attendance(log, await _enrolled(tx, session_id), utc_now())


async def _enrolled(tx: Transaction, session_id: UUID) -> list[Absentee]:
    """Students of the session's course, by name."""
    course = (
        sa.select(lessons.c.course_id)
        .join(sessions, sessions.c.lesson_id == lessons.c.id)
        .where(sessions.c.id == session_id)
        .scalar_subquery()
    )
    found = await tx.execute(
        sa.select(users.c.id, users.c.name)
        .join(user_roles, user_roles.c.user_id == users.c.id)
        .join(roles, roles.c.id == user_roles.c.role_id)
        .where(
            roles.c.name == "student",
            user_roles.c.scope == "course",
            user_roles.c.scope_id == course,
        )
        .order_by(users.c.name, users.c.id)
    )
    return [Absentee(user_id=row.id, name=row.name) for row in found]
