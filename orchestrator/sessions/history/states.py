"""The state of a session at any place of its log, as its members may see it."""

from datetime import UTC, datetime
from uuid import UUID

from orchestrator.auth.domain import Principal
from orchestrator.core.database import Database, Transaction
from orchestrator.core.eventlog import EventLog
from orchestrator.core.log import rows
from orchestrator.sessions.roles import reader
from orchestrator.state.session import SessionState
from orchestrator.state.view import view
from schema.errors import InvalidField
from schema.state import SessionView

# Sequences are 32-bit; a larger number is a time in Unix milliseconds (the smallest is in January 1970).
MAX_SEQUENCE = 2**31 - 1

Place = int | datetime

AT_SEQUENCE = """
select sequence, created_at from session_state_events where session_id = $1 and sequence = $2
"""
AT_TIME = """
select sequence, created_at from session_state_events
 where session_id = $1 and created_at <= $2 order by created_at desc, sequence desc limit 1
"""


class States:
    def __init__(self, database: Database, log: EventLog[SessionState]) -> None:
        self._database = database
        self._log = log

    async def view(self, principal: Principal, session_id: UUID, at: str | None) -> SessionView:
        """`at` as in `place`; None is now. Raises NotFound, InvalidField for a place that the log has not reached."""
        wanted = None if at is None else place(at)
        async with self._database.transaction(principal.tenant_id) as tx:
            await reader(tx, principal, session_id)
            last = await rows.last_sequence(tx, session_id)
            sequence, moment = await _find(tx, session_id, last if wanted is None else wanted)
            if isinstance(wanted, int) and wanted > sequence:
                raise InvalidField("at", f"The log has {last} events.")
            state = await self._log.state_at(tx, session_id, sequence)
        return view(state, sequence, moment)


def place(text: str) -> Place:
    """A sequence, a time in Unix milliseconds, or an ISO 8601 time with its zone. Raises InvalidField."""
    try:
        if text.isascii() and text.isdigit():
            number = int(text)
            in_ms = number > MAX_SEQUENCE
            return datetime.fromtimestamp(number / 1000, UTC) if in_ms else number
        moment = datetime.fromisoformat(text)
    except (ValueError, OverflowError, OSError) as error:
        raise InvalidField("at", "Give a sequence, a time, or Unix milliseconds.") from error
    if moment.tzinfo is None:
        raise InvalidField("at", "A time needs its zone, as in 2026-01-31T09:00:00Z.")
    return moment


async def _find(tx: Transaction, session_id: UUID, at: Place) -> tuple[int, datetime | None]:
    """The last event at or before this place, and when it was written; (0, None) before the first."""
    found = await tx.fetch(AT_SEQUENCE if isinstance(at, int) else AT_TIME, session_id, at)
    return (found[0]["sequence"], found[0]["created_at"]) if found else (0, None)
