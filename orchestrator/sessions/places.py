"""The places that a role can be limited to."""

from uuid import UUID

import sqlalchemy as sa

from orchestrator.core.database import Transaction
from orchestrator.courses.tables import courses
from orchestrator.sessions.tables import sessions
from schema.auth import RoleScope


async def place_exists(tx: Transaction, tenant_id: UUID, scope: RoleScope, place_id: UUID) -> bool:
    """Whether the tenant has this course or session."""
    table = courses if scope == "course" else sessions
    wanted = sa.select(table.c.id).where(table.c.tenant_id == tenant_id, table.c.id == place_id)
    return await tx.scalar(wanted) is not None
