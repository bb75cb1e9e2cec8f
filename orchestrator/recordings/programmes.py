"""What can be seen of a class's programme: its newest still, and its playlist while the class is live."""

from uuid import UUID

import sqlalchemy as sa

from orchestrator.auth.domain import Principal
from orchestrator.core.database import Database, Transaction
from orchestrator.core.hls.programme import live_key
from orchestrator.core.storage import Storage
from orchestrator.recordings.domain import poster_key
from orchestrator.recordings.tables import recordings
from orchestrator.sessions import service
from orchestrator.sessions.roles import reader
from schema.errors import NotOnAir

PROGRAMME = (
    sa.select(recordings.c.key)
    .where(recordings.c.session_id == sa.bindparam("session_id"), recordings.c.kind == "programme")
    .order_by(recordings.c.started_at_unix_ms)
)


class Programmes:
    def __init__(self, database: Database, storage: Storage) -> None:
        self._database = database
        self._storage = storage

    async def poster(self, principal: Principal, session_id: UUID) -> str | None:
        """Its object key; a programme that has only begun has none yet. Raises NotFound, StorageUnavailable."""
        async with self._database.transaction(principal.tenant_id) as tx:
            await reader(tx, principal, session_id)
            playlist = await _recorded(tx, session_id)
        key = poster_key(playlist) if playlist else None
        return key if key and await self._storage.exists(key) else None

    async def live(self, principal: Principal, session_id: UUID) -> str:
        """The key under which it is watched. Raises NotFound, KeptOut, NotOnAir, StorageUnavailable."""
        async with self._database.transaction(principal.tenant_id) as tx:
            await reader(tx, principal, session_id)
            status = (await service.get(tx, principal, session_id)).status
            playlist = await _recorded(tx, session_id)
        if status != "live" or playlist is None or not await self._storage.exists(playlist):
            raise NotOnAir("Nothing of this class is on air now.", {"status": status})
        return live_key(playlist)


async def _recorded(tx: Transaction, session_id: UUID) -> str | None:
    """The playlist that the programme's recording began with."""
    found = await tx.execute(PROGRAMME, {"session_id": session_id})
    key: str | None = found.scalars().first()
    return key
