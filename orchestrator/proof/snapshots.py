"""Every snapshot is what the log comes to at its place."""

from collections.abc import Sequence
from itertools import accumulate
from uuid import UUID

from orchestrator.core.database import Transaction
from orchestrator.sessions.history.snapshots import session_snapshots
from orchestrator.state.session import SessionState, evolve
from schema.events import StoredEvent


async def differences(tx: Transaction, session_id: UUID, log: Sequence[StoredEvent]) -> list[str]:
    kept = dict(await session_snapshots().every(tx, session_id))
    states = enumerate(accumulate(log, evolve, initial=SessionState()))
    folded = {sequence: state for sequence, state in states if sequence in kept}
    return [
        f"snapshot {sequence}: the log says otherwise"
        for sequence, state in kept.items()
        if folded.get(sequence) != state
    ]
