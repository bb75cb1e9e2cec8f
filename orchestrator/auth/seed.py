"""A tenant with accounts, made once: what is there already stays as it is."""

from collections.abc import Sequence
from typing import Protocol
from uuid import UUID, uuid5

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import insert

from orchestrator.auth.passwords import Passwords
from orchestrator.auth.tables import roles, tenants, user_roles, users
from orchestrator.core.database import Transaction


class Account(Protocol):
    """`role` is a schema.auth.RoleName; the name is taken from the address."""

    @property
    def role(self) -> str: ...
    @property
    def email(self) -> str: ...
    @property
    def password(self) -> str: ...


async def seed_tenant(
    tx: Transaction,
    tenant_id: UUID,
    name: str,
    accounts: Sequence[Account],
    *,
    enrols_everybody: bool = False,
) -> None:
    """Ids are derived from the tenant's, so that a second run finds the same rows."""
    tenant = {"id": tenant_id, "name": name, "enrols_everybody": enrols_everybody}
    await tx.execute(insert(tenants).values(tenant).on_conflict_do_nothing())
    passwords = Passwords()
    for account in accounts:
        role_id = await _role(tx, tenant_id, account.role)
        user_id = await _user(tx, tenant_id, account, passwords)
        grant = {
            "id": uuid5(user_id, account.role),
            "tenant_id": tenant_id,
            "user_id": user_id,
            "role_id": role_id,
            "scope": "tenant",
        }
        await tx.execute(insert(user_roles).values(grant).on_conflict_do_nothing())


async def _role(tx: Transaction, tenant_id: UUID, name: str) -> UUID:
    role_id = uuid5(tenant_id, f"role:{name}")
    values = {"id": role_id, "tenant_id": tenant_id, "name": name}
    await tx.execute(insert(roles).values(values).on_conflict_do_nothing())
    return role_id


async def _user(tx: Transaction, tenant_id: UUID, account: Account, passwords: Passwords) -> UUID:
    known: UUID | None = await tx.scalar(
        sa.select(users.c.id).where(users.c.email == account.email)
    )
    if known is not None:
        return known
    user_id = uuid5(tenant_id, f"user:{account.email}")
    values = {
        "id": user_id,
        "tenant_id": tenant_id,
        "email": account.email,
        "name": display_name(account.email),
        "hashed_password": await passwords.hash(account.password),
    }
    await tx.execute(sa.insert(users).values(values))
    return user_id


def display_name(email: str) -> str:
    """`student2@demo.lectern` is Student 2."""
    local = email.partition("@")[0]
    word = local.rstrip("0123456789")
    return f"{word.capitalize()} {local[len(word) :]}".strip()
