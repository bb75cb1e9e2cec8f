"""A tenant always has somebody who can let others in."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from uuid import UUID

import sqlalchemy as sa

from orchestrator.auth.tables import roles, user_roles, users
from orchestrator.core.database import Transaction
from orchestrator.core.guard.locks import advisory_lock
from schema.errors import LastAdmin


@asynccontextmanager
async def check_an_admin_stays(tx: Transaction, tenant_id: UUID) -> AsyncIterator[None]:
    """One at a time for a tenant, so that two admins cannot remove each other. Raises LastAdmin after a change too many."""
    await advisory_lock(tx, "admins", tenant_id)
    had_one = await _count(tx, tenant_id) > 0
    yield
    if had_one and await _count(tx, tenant_id) == 0:
        raise LastAdmin("This is the last admin; make another person admin first.")


async def _count(tx: Transaction, tenant_id: UUID) -> int:
    counted: int = await tx.scalar(
        sa.select(sa.func.count())
        .select_from(user_roles)
        .join(roles, roles.c.id == user_roles.c.role_id)
        .join(users, users.c.id == user_roles.c.user_id)
        .where(
            user_roles.c.tenant_id == tenant_id,
            user_roles.c.scope == "tenant",
            roles.c.name == "admin",
            users.c.disabled_at.is_(None),
        )
    )
    return counted
