"""Guests: users without an address and a password, whose one role is in one session."""

from datetime import datetime
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import insert

from orchestrator.auth.domain import user_of
from orchestrator.auth.signin.sessions import close_all
from orchestrator.auth.tables import user_roles, users
from orchestrator.auth.users.roles import role_id
from orchestrator.core.clock import new_id
from orchestrator.core.database import Transaction
from schema.auth import User


async def known_guest(tx: Transaction, tenant_id: UUID, guest_id: UUID) -> User | None:
    found = await tx.execute(
        sa.select(users).where(users.c.id == guest_id, users.c.tenant_id == tenant_id)
    )
    row = found.mappings().first()
    return None if row is None else user_of(row)


async def add_guest(
    tx: Transaction, tenant_id: UUID, guest_id: UUID, name: str, session_id: UUID, now: datetime
) -> User:
    """As a student of this session, and nothing else."""
    values = {
        "id": guest_id,
        "tenant_id": tenant_id,
        "name": name,
        "guest": True,
        "hashed_password": "",
        "created_at": now,
    }
    await tx.execute(sa.insert(users).values(values))
    grant = {
        "id": new_id(),
        "tenant_id": tenant_id,
        "user_id": guest_id,
        "role_id": await role_id(tx, tenant_id, "student"),
        "scope": "session",
        "scope_id": session_id,
    }
    await tx.execute(insert(user_roles).values(grant))
    return User(id=guest_id, email="", name=name, tenant_id=tenant_id, guest=True)


async def dismiss_guest(tx: Transaction, guest_id: UUID) -> None:
    """Their role and sign-ins end; what they said in class keeps its author."""
    await tx.execute(sa.delete(user_roles).where(user_roles.c.user_id == guest_id))
    await close_all(tx, guest_id)
