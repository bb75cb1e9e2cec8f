"""The picture that stands for a class: the newest still of its programme."""

from uuid import UUID

import sqlalchemy as sa

from orchestrator.auth.domain import Principal
from orchestrator.core.database import Database
from orchestrator.core.storage import Storage
from orchestrator.recordings.domain import poster_key
from orchestrator.recordings.tables import recordings
from orchestrator.sessions.roles import reader

PROGRAMME = (
    sa.select(recordings.c.key)
    .where(recordings.c.session_id == sa.bindparam("session_id"), recordings.c.kind == "programme")
    .order_by(recordings.c.started_at_unix_ms)
)


class Posters:
    def __init__(self, database: Database, storage: Storage) -> None:
        self._database = database
        self._storage = storage

    async def newest(self, principal: Principal, session_id: UUID) -> str | None:
        """Its object key; a programme that has only begun has none yet. Raises NotFound, StorageUnavailable."""
        async with self._database.transaction(principal.tenant_id) as tx:
            await reader(tx, principal, session_id)
            found = await tx.execute(PROGRAMME, {"session_id": session_id})
            playlist = found.scalars().first()
        key = poster_key(playlist) if playlist else None
        return key if key and await self._storage.exists(key) else None
