"""Classes to measure on: live sessions of the demo school with ids that SQL can compute, 1 to `count`."""

from datetime import timedelta
from functools import partial
from uuid import UUID

import sqlalchemy as sa

from orchestrator.core.clock import utc_now
from orchestrator.core.database import Database
from orchestrator.core.eventlog import EventLog
from orchestrator.courses.seed import LESSON_ID, TENANT_ID
from orchestrator.sessions.domain import room_name
from orchestrator.sessions.projection import project
from orchestrator.sessions.tables import sessions
from orchestrator.state.session import SessionState, evolve
from schema.events import Event, SessionStarted


def session_id(number: int) -> UUID:
    return UUID(int=number)


async def schedule(database: Database, first: int, count: int) -> list[UUID]:
    """Rows without a log yet."""
    now = utc_now()
    ids = [session_id(first + n) for n in range(count)]
    rows = [
        {
            "id": one,
            "tenant_id": TENANT_ID,
            "lesson_id": LESSON_ID,
            "title": "Measured",
            "scheduled_start": now,
            "scheduled_end": now + timedelta(hours=1),
            "created_at": now,
        }
        for one in ids
    ]
    async with database.system_transaction() as tx:
        await tx.execute(sa.insert(sessions), rows)
    return ids


async def begin(database: Database, first: int, count: int) -> list[UUID]:
    """Live ones, with a log; their rooms come with the first who joins."""
    ids = await schedule(database, first, count)
    log = EventLog(SessionState(), evolve, [project])
    for one in ids:
        begun: list[Event] = [SessionStarted(room=room_name(one), started_by=TENANT_ID)]
        async with database.transaction(TENANT_ID) as tx:
            await log.append(tx, TENANT_ID, one, "begun", partial(always, begun))
    return ids


def always(events: list[Event], _: SessionState) -> list[Event]:
    return events
