"""What platforms said, for those who look at a session."""

from collections import defaultdict
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import distinct_on

from orchestrator.core.database import Transaction
from orchestrator.destinations.tables import ingests
from orchestrator.egress.health.tables import health as table
from schema.platforms import PlatformHealth, PlatformIssue

# Three questions without an answer; what was said before is no news then.
FRESH = timedelta(minutes=3)


async def newest(tx: Transaction, session_id: UUID, now: datetime) -> Mapping[UUID, PlatformHealth]:
    """Of each destination whose platform answered lately."""
    asked = sa.and_(
        ingests.c.session_id == table.c.session_id,
        ingests.c.destination_id == table.c.destination_id,
    )
    rows = await tx.execute(
        sa.select(table)
        .ext(distinct_on(table.c.destination_id))
        .join(ingests, asked)
        .where(table.c.session_id == session_id, ingests.c.heard_at > now - FRESH)
        .order_by(table.c.destination_id, table.c.since.desc())
    )
    return {row["destination_id"]: from_row(row) for row in rows.mappings()}


async def of_session(tx: Transaction, session_id: UUID) -> Mapping[UUID, list[PlatformHealth]]:
    """All that was said, oldest first."""
    rows = await tx.execute(
        sa.select(table).where(table.c.session_id == session_id).order_by(table.c.since)
    )
    found: defaultdict[UUID, list[PlatformHealth]] = defaultdict(list)
    for row in rows.mappings():
        found[row["destination_id"]].append(from_row(row))
    return found


def from_row(row: Any) -> PlatformHealth:
    return PlatformHealth(
        since=row["since"],
        status=row["status"],
        issues=[PlatformIssue(**issue) for issue in row["issues"]],
    )
