"""What an administrator should look at: destinations that a live class has given up."""

from uuid import UUID

import sqlalchemy as sa

from orchestrator.core.database import Transaction
from orchestrator.destinations.tables import destinations
from orchestrator.egress.selection import table as chosen
from orchestrator.sessions.tables import sessions
from schema.destinations import DestinationFailure

MOST = 50


async def of_tenant(tx: Transaction, tenant_id: UUID) -> list[DestinationFailure]:
    """The latest first."""
    rows = await tx.execute(
        sa.select(
            sessions.c.id.label("session_id"),
            sessions.c.title.label("session_title"),
            destinations.c.id.label("destination_id"),
            destinations.c.name,
            chosen.c.reason,
            chosen.c.changed_at.label("at"),
        )
        .join(sessions, sessions.c.id == chosen.c.session_id)
        .join(destinations, destinations.c.id == chosen.c.destination_id)
        .where(
            chosen.c.tenant_id == tenant_id,
            chosen.c.selected,
            chosen.c.status == "failed",
            sessions.c.status == "live",
        )
        .order_by(chosen.c.changed_at.desc())
        .limit(MOST)
    )
    return [DestinationFailure(**row) for row in rows.mappings()]
