"""States kept beside the log, so that nobody folds a long log from its beginning; they may be lost at any time."""

import asyncio
import hashlib
from collections.abc import Sequence
from pathlib import Path
from types import ModuleType
from typing import Generic, TypeVar
from uuid import UUID

import msgspec
import sqlalchemy as sa
import structlog

from orchestrator.core.clock import Clock, utc_now
from orchestrator.core.database import Database, Transaction, metadata, time_column, uuid_column
from schema.errors import DatabaseUnavailable

log = structlog.get_logger(__name__)

S = TypeVar("S")

# A cold reader folds at most about this many events after a snapshot.
EVERY_EVENTS = 100

table = sa.Table(
    "session_snapshots",
    metadata,
    uuid_column("tenant_id", nullable=False),
    uuid_column("session_id", primary_key=True),
    sa.Column("sequence", sa.Integer, primary_key=True),
    # Fingerprint of the code that folded it; another code's snapshots do not count.
    sa.Column("format", sa.Text, nullable=False),
    sa.Column("state", sa.LargeBinary, nullable=False),
    time_column("created_at", nullable=False),
    sa.ForeignKeyConstraint(["tenant_id", "session_id"], ["sessions.tenant_id", "sessions.id"]),
)

NEAREST = """
select sequence, state from session_snapshots
 where session_id = $1 and sequence <= $2 and format = $3 order by sequence desc limit 1
"""
EVERY = """
select sequence, state from session_snapshots
 where session_id = $1 and format = $2 order by sequence
"""
SAVE = """
insert into session_snapshots (tenant_id, session_id, sequence, format, state, created_at)
 select tenant_id, id, $2, $3, $4, $5 from sessions where id = $1
 on conflict (session_id, sequence) do update set format = $3, state = $4, created_at = $5
"""
FORGET_OTHER_FORMATS = "delete from session_snapshots where session_id = $1 and format <> $2"


class Snapshots(Generic[S]):
    """`nearest` in any transaction; `offer` after a commit; `run` until cancelled, which writes what was offered."""

    def __init__(
        self, kind: type[S], reducer: Sequence[ModuleType], clock: Clock = utc_now
    ) -> None:
        """`reducer` are the packages whose code decides what a state is and how it comes about."""
        self._decoder = msgspec.msgpack.Decoder(kind)
        self._clock = clock
        self._offered: dict[UUID, tuple[int, S]] = {}
        self._waiting = asyncio.Event()
        self.format = fingerprint(reducer)

    async def nearest(
        self, tx: Transaction, session_id: UUID, sequence: int
    ) -> tuple[int, S] | None:
        """The newest at or before this sequence."""
        found = await tx.fetch(NEAREST, session_id, sequence, self.format)
        if not found:
            return None
        return found[0]["sequence"], self._decoder.decode(found[0]["state"])

    async def every(self, tx: Transaction, session_id: UUID) -> list[tuple[int, S]]:
        found = await tx.fetch(EVERY, session_id, self.format)
        return [(row["sequence"], self._decoder.decode(row["state"])) for row in found]

    def offer(self, session_id: UUID, sequence: int, state: S) -> None:
        """Costs nothing: the newest one of a session is written later, or lost with the process."""
        self._offered[session_id] = (sequence, state)
        self._waiting.set()

    async def run(self, database: Database) -> None:
        while True:
            await self._waiting.wait()
            try:
                await self.write_offered(database)
            except DatabaseUnavailable as error:
                log.warning("no snapshot", error=error.message)

    async def write_offered(self, database: Database) -> None:
        """Raises DatabaseUnavailable."""
        self._waiting.clear()
        while self._offered:
            session_id, (sequence, state) = self._offered.popitem()
            encoded = msgspec.msgpack.encode(state)
            async with database.system_transaction() as tx:
                await tx.fetch(SAVE, session_id, sequence, self.format, encoded, self._clock())
                await tx.fetch(FORGET_OTHER_FORMATS, session_id, self.format)


def fingerprint(packages: Sequence[ModuleType]) -> str:
    """Of their source: whatever may change a state, changes it. Too often is cheap, too seldom would be wrong."""
    digest = hashlib.sha256()
    for folder in (Path(place) for package in packages for place in package.__path__):
        for path in sorted(folder.glob("*.py")):
            digest.update(path.read_bytes())
    return digest.hexdigest()[:16]
