"""All that was ever made of a class: the list of a kind's versions, and what differs between two."""

import asyncio
from uuid import UUID

import msgspec
import sqlalchemy as sa

from orchestrator.artifacts.differences import changes
from orchestrator.artifacts.readable import Names, readable
from orchestrator.auth.domain import STAFF, Principal
from orchestrator.core.database import Database, Transaction
from orchestrator.core.storage import Storage
from orchestrator.recordings.tables import versions
from orchestrator.sessions import roles
from orchestrator.sessions.tables import session_participants
from schema.errors import NotFound
from schema.jobs import ArtifactKind, ArtifactVersion, Change, Comparison


class Versions:
    """Raises NotFound."""

    def __init__(self, database: Database, storage: Storage) -> None:
        self._database = database
        self._storage = storage

    async def listed(
        self, principal: Principal, session_id: UUID, kind: ArtifactKind
    ) -> list[ArtifactVersion]:
        """The newest first."""
        async with self._database.transaction(principal.tenant_id) as tx:
            await roles.role_in(tx, principal, session_id, STAFF)
            rows = await _rows(tx, session_id, kind)
        return [msgspec.convert(row, ArtifactVersion, from_attributes=True) for row in rows]

    async def compared(
        self,
        principal: Principal,
        session_id: UUID,
        kind: ArtifactKind,
        asked: tuple[int | None, int | None],
    ) -> Comparison:
        async with self._database.transaction(principal.tenant_id) as tx:
            await roles.role_in(tx, principal, session_id, STAFF)
            keys = {row.version: row.key for row in await _rows(tx, session_id, kind)}
            names = await _names(tx, session_id)
        newer = asked[1] or max(keys, default=0)
        pair = (asked[0] or newer - 1, newer)
        if not keys.keys() >= set(pair):
            raise NotFound("There is no such version.")
        contents = [await self._storage.get(keys[n]) for n in pair]
        # Seconds of computing, where everybody's requests are answered.
        lines = await asyncio.to_thread(_compared, kind, names, *contents)
        return Comparison(kind=kind, from_version=pair[0], to_version=pair[1], lines=lines)


async def _rows(
    tx: Transaction, session_id: UUID, kind: ArtifactKind
) -> list["sa.Row[tuple[int, str]]"]:
    wanted = (versions.c.session_id == session_id) & (versions.c.kind == kind)
    newest_first = versions.c.version.desc()
    rows = await tx.execute(sa.select(versions).where(wanted).order_by(newest_first))
    return list(rows.all())


def _compared(kind: ArtifactKind, names: Names, before: bytes, after: bytes) -> list[Change]:
    return changes(readable(kind, before, names), readable(kind, after, names))


async def _names(tx: Transaction, session_id: UUID) -> dict[str, str]:
    own = session_participants.c.session_id == session_id
    rows = await tx.execute(
        sa.select(session_participants.c.id, session_participants.c.name).where(own)
    )
    return {str(row.id): row.name for row in rows}
