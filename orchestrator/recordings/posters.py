"""The picture that stands for a class: the newest still of its programme."""

from uuid import UUID

import sqlalchemy as sa

from orchestrator.auth.domain import Principal
from orchestrator.core.database import Database
from orchestrator.core.storage import Storage
from orchestrator.recordings.domain import POSTER
from orchestrator.recordings.tables import recordings
from orchestrator.sessions.service import reader

PROGRAMMES = (
    sa.select(recordings.c.key)
    .where(recordings.c.session_id == sa.bindparam("session_id"), recordings.c.kind == "programme")
    .order_by(recordings.c.started_at_unix_ms.desc())
)


class Posters:
    def __init__(self, database: Database, storage: Storage) -> None:
        self._database = database
        self._storage = storage

    async def newest(self, principal: Principal, session_id: UUID) -> str | None:
        """Its object key; a programme that has only begun has none yet. Raises NotFound, StorageUnavailable."""
        async with self._database.transaction(principal.tenant_id) as tx:
            await reader(tx, principal, session_id)
            found = await tx.execute(PROGRAMMES, {"session_id": session_id})
            keys = [f"{playlist.rpartition('/')[0]}/{POSTER}" for playlist in found.scalars()]
        for key in keys:
            if await self._storage.exists(key):
                return key
        return None
