"""The destinations of the programme."""

from collections.abc import Sequence
from uuid import UUID

from orchestrator.core.database import Transaction
from orchestrator.egress.selection import table as session_destinations
from orchestrator.proof.facts import Facts, columns_of, rows_of
from orchestrator.state.session import SessionState
from schema.events import StoredEvent

DESTINATION = ("status", "selected", "attempt", "next_attempt_at", "reason", "changed_at", "lives")


def folded(state: SessionState, _: Sequence[StoredEvent]) -> Facts:
    return {
        f"destination {key}": {name: getattr(found, name) for name in DESTINATION}
        for key, found in state.destinations.items()
    }


async def stored(tx: Transaction, session_id: UUID) -> Facts:
    rows = await rows_of(tx, session_destinations, session_id)
    return {
        f"destination {row['destination_id']}": columns_of(row, "destination_id") for row in rows
    }
