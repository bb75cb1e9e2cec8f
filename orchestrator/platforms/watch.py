"""Asks each platform every hour whether the accounts still work, so that a page never shows Connected for what is not."""

from datetime import timedelta

import sqlalchemy as sa
import structlog

from orchestrator.core.clock import Clock, every, utc_now
from orchestrator.core.database import Database
from orchestrator.platforms.flow import forget_departures
from orchestrator.platforms.service import Connections
from orchestrator.platforms.tables import integrations as table
from schema.errors import DomainError

log = structlog.get_logger(__name__)

# Twitch demands a check at least every hour (dev.twitch.tv/docs/authentication/validate-tokens).
CHECK_AFTER = timedelta(minutes=50)
LOOK_EVERY_S = 60.0
AT_ONCE = 50


class Watch:
    def __init__(
        self, database: Database, connections: Connections, clock: Clock = utc_now
    ) -> None:
        self._database = database
        self._connections = connections
        self._clock = clock

    async def run(self) -> None:
        """Until cancelled."""
        await every(LOOK_EVERY_S, self.look, "accounts not checked")

    async def look(self) -> None:
        """Raises DatabaseUnavailable; a platform that is away is asked again at the next look."""
        due = sa.or_(table.c.checked_at.is_(None), table.c.checked_at < self._clock() - CHECK_AFTER)
        async with self._database.system_transaction() as tx:
            await forget_departures(tx, self._clock)
            found = await tx.execute(
                sa.select(table.c.tenant_id, table.c.id)
                .where(table.c.status.in_(("connected", "error")), due)
                .order_by(table.c.checked_at)
                .limit(AT_ONCE)
            )
            rows = found.all()
        for row in rows:
            try:
                await self._connections.check(row.tenant_id, row.id)
            except DomainError as error:
                log.warning("account not checked", connection_id=str(row.id), code=error.code)
