"""All that was ever made of a class: the list of a kind's versions, and what differs between two."""

import difflib
from collections.abc import Iterator
from uuid import UUID

import msgspec
import sqlalchemy as sa

from orchestrator.auth.domain import Principal
from orchestrator.core.database import Database, Transaction
from orchestrator.core.storage import Storage
from orchestrator.recordings.tables import versions
from orchestrator.sessions import service as sessions
from schema.errors import NotFound
from schema.jobs import ArtifactKind, ArtifactVersion, Change, Comparison
from schema.recordings import TranscriptSegment

# Lines around a difference, as everywhere where changes are shown.
AROUND = 2


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
            await sessions.role_in(tx, principal, session_id, sessions.STAFF)
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
            await sessions.role_in(tx, principal, session_id, sessions.STAFF)
            keys = {row.version: row.key for row in await _rows(tx, session_id, kind)}
        newer = asked[1] or max(keys, default=0)
        pair = (asked[0] or newer - 1, newer)
        if not keys.keys() >= set(pair):
            raise NotFound("There is no such version.")
        before, after = [readable(kind, await self._storage.get(keys[n])) for n in pair]
        return Comparison(
            kind=kind, from_version=pair[0], to_version=pair[1], lines=list(changes(before, after))
        )


async def _rows(
    tx: Transaction, session_id: UUID, kind: ArtifactKind
) -> list["sa.Row[tuple[int, str]]"]:
    wanted = (versions.c.session_id == session_id) & (versions.c.kind == kind)
    newest_first = versions.c.version.desc()
    rows = await tx.execute(sa.select(versions).where(wanted).order_by(newest_first))
    return list(rows.all())


def readable(kind: ArtifactKind, content: bytes) -> list[str]:
    """Line by line: a transcript as it is read, anything else as its JSON."""
    if kind != "transcript":
        return msgspec.json.format(content, indent=2).decode().splitlines()
    spoken = msgspec.json.decode(content, type=list[TranscriptSegment])
    return [f"{s.start_ms // 1000} s {s.speaker}: {s.text}" for s in spoken]


def changes(before: list[str], after: list[str]) -> Iterator[Change]:
    matcher = difflib.SequenceMatcher(None, before, after, autojunk=False)
    for group in matcher.get_grouped_opcodes(AROUND):
        for tag, a, b, c, d in group:
            if tag == "equal":
                yield from (Change(op="same", text=line) for line in before[a:b])
            else:
                yield from (Change(op="removed", text=line) for line in before[a:b])
                yield from (Change(op="added", text=line) for line in after[c:d])
