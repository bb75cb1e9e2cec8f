"""Objects that no row names: noted before they are put and when their row goes, so that a crash leaves none for good."""

from datetime import timedelta
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import TIMESTAMP, insert

from orchestrator.core.clock import Clock, utc_now
from orchestrator.core.database import Database, Transaction, metadata, uuid_column
from orchestrator.core.storage import Storage
from schema.errors import StorageUnavailable

loose_objects = sa.Table(
    "loose_objects",
    metadata,
    # Object key of a folder or of one object.
    sa.Column("place", sa.Text, primary_key=True),
    uuid_column("tenant_id", sa.ForeignKey("tenants.id"), nullable=False),
    sa.Column("since", TIMESTAMP(timezone=True), nullable=False, index=True),
)

# No upload takes as long, and whoever still shows what was replaced has loaded it.
GRACE = timedelta(hours=1)
MOST_AT_ONCE = 500
OLDEST = (
    sa.select(loose_objects.c.place)
    .where(loose_objects.c.since < sa.bindparam("before"))
    .order_by(loose_objects.c.since)
    .limit(1)
    .with_for_update(skip_locked=True)
    .scalar_subquery()
)
TAKE_OLDEST = (
    sa.delete(loose_objects).where(loose_objects.c.place == OLDEST).returning(loose_objects.c.place)
)


class Loose:
    """What uploads leave behind, and who clears it away."""

    def __init__(self, database: Database, storage: Storage, clock: Clock = utc_now) -> None:
        self._database = database
        self._storage = storage
        self._clock = clock

    async def expect(self, tenant_id: UUID, place: str) -> None:
        """Before the first object is put there."""
        async with self._database.transaction(tenant_id) as tx:
            await self.leave(tx, tenant_id, place)

    async def leave(self, tx: Transaction, tenant_id: UUID, place: str) -> None:
        """With the commit nothing names it any more."""
        row = {"place": place, "tenant_id": tenant_id, "since": self._clock()}
        await tx.execute(insert(loose_objects).values(row).on_conflict_do_nothing())

    async def sweep(self) -> int:
        """Deletes what has been loose for long; returns how many places. Raises DatabaseUnavailable, StorageUnavailable."""
        before = self._clock() - GRACE
        for swept in range(MOST_AT_ONCE):
            async with self._database.system_transaction() as tx:
                place = await tx.scalar(TAKE_OLDEST, {"before": before})
                if place is None:
                    return swept
                # Within the transaction: where the store is away the note stays.
                await self._storage.delete(await self._storage.list(place) or [place])
        return MOST_AT_ONCE


async def name(tx: Transaction, place: str) -> None:
    """With the commit a row names it. Raises StorageUnavailable when it was cleared away before."""
    done = await tx.execute(sa.delete(loose_objects).where(loose_objects.c.place == place))
    if done.rowcount == 0:
        raise StorageUnavailable("Storing the file took too long; try again shortly.")
