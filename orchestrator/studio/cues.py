"""Which events change what a programme may show."""

import asyncio
from uuid import UUID

from orchestrator.core.clock import wait_at_most
from orchestrator.core.database import Transaction
from schema import events as e

TELLING = (
    e.SessionStarted,
    e.SceneChanged,
    e.SceneDeleted,
    e.SceneActivated,
    e.SceneDeactivated,
    e.AssetRemoved,
    e.WhiteboardShown,
    e.WhiteboardHidden,
)


class Cues:
    """Stands among the projectors: says which sessions such an event was committed for, by this process."""

    def __init__(self) -> None:
        self._sessions: set[UUID] = set()
        self._cued = asyncio.Event()

    async def project(self, tx: Transaction, _tenant_id: UUID, event: e.StoredEvent) -> None:
        if isinstance(event.payload, TELLING):
            self.cue_after(tx, event.session_id)

    def cue_after(self, tx: Transaction, session_id: UUID) -> None:
        """Once the transaction is committed."""
        tx.on_commit(lambda: self._cue(session_id))

    async def wait(self, timeout_s: float) -> set[UUID]:
        """At once when there is one; none when the time runs out."""
        await wait_at_most(timeout_s, self._cued)
        self._cued.clear()
        cued, self._sessions = self._sessions, set()
        return cued

    async def _cue(self, session_id: UUID) -> None:
        self._sessions.add(session_id)
        self._cued.set()
