"""Which events ask for a look at the room: what was decided of somebody, and who came in."""

import asyncio
from uuid import UUID

from orchestrator.core.clock import wait_at_most
from orchestrator.core.database import Transaction
from schema import events as e

# A burst of events, such as a class coming in, is one look.
CALM_S = 0.05

TELLING = (
    e.PermissionsChanged,
    e.RulesChanged,
    e.ParticipantRemoved,
    e.ParticipantReadmitted,
    # With a token that may be older than what was decided since.
    e.ParticipantConnected,
)


class Knocks:
    """Stands among the projectors: knocks when such an event is committed, by this process."""

    def __init__(self) -> None:
        self._sessions: set[UUID] = set()
        self._knocked = asyncio.Event()

    async def project(self, tx: Transaction, _tenant_id: UUID, event: e.StoredEvent) -> None:
        if isinstance(event.payload, TELLING):
            tx.on_commit(lambda: self._knock(event.session_id))

    async def wait(self, timeout_s: float) -> set[UUID]:
        """The sessions at whose door somebody knocked since the last call; none when the time runs out."""
        if await wait_at_most(timeout_s, self._knocked):
            await asyncio.sleep(CALM_S)
        self._knocked.clear()
        knocked, self._sessions = self._sessions, set()
        return knocked

    async def _knock(self, session_id: UUID) -> None:
        self._sessions.add(session_id)
        self._knocked.set()
