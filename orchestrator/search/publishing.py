"""A finished index goes into rows, in the transaction that completes its job; and what is taken back goes at once."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

import sqlalchemy as sa

from orchestrator.core.database import Transaction
from orchestrator.core.storage import Storage
from orchestrator.search.tables import entries
from schema import events as e

INSERT = """
insert into search_entries (tenant_id, session_id, kind, source_id, start_ms, text, speaker)
select $1, $2, kind, "sourceId", "startMs", text, speaker
  from jsonb_to_recordset($3::text::jsonb)
    as entry(kind text, "sourceId" text, "startMs" bigint, text text, speaker text)
on conflict (session_id, kind, source_id) do nothing
"""


class Index:
    def __init__(self, storage: Storage) -> None:
        self._storage = storage

    async def publish(self, tx: Transaction, job: Mapping[str, Any], key: str) -> None:
        """In place of all that was there. Raises NotFound, StorageUnavailable."""
        content = await self._storage.get(key)
        await tx.execute(sa.delete(entries).where(entries.c.session_id == job["session_id"]))
        await tx.fetch(INSERT, job["tenant_id"], job["session_id"], content.decode())


async def project(tx: Transaction, tenant_id: UUID, event: e.StoredEvent) -> None:
    """Nobody finds what was deleted, not even until the index is made anew."""
    match event.payload:
        case e.ChatDeleted(message_id=key):
            await _take_back(tx, event.session_id, entries.c.source_id == str(key))
        case e.CaptionsRedacted():
            await _take_back(tx, event.session_id, entries.c.kind == "transcript")
        case _:
            pass


async def _take_back(tx: Transaction, session_id: UUID, which: sa.ColumnElement[bool]) -> None:
    await tx.execute(sa.delete(entries).where(entries.c.session_id == session_id, which))
