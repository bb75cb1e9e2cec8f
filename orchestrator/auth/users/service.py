"""People of a tenant: added, changed, disabled. Called for its admins, and for the command line with no actor."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.exc import IntegrityError

from orchestrator.audit.service import record
from orchestrator.auth.domain import grants_of
from orchestrator.auth.signin.sessions import close_all
from orchestrator.auth.tables import roles, user_roles, users
from orchestrator.auth.users.admins import check_an_admin_stays
from orchestrator.core.clock import new_id, utc_now
from orchestrator.core.database import Transaction
from schema.auth import RoleGrant
from schema.errors import EmailTaken, NotFound
from schema.users import CreateUser, UpdateUser, UserRecord

# At most this many on one page.
PAGE = 100


async def listed(
    tx: Transaction, tenant_id: UUID, search: str = "", after: UUID | None = None
) -> list[UserRecord]:
    """A page in the order of ids, without guests; `search` is part of a name or address."""
    wanted = sa.select(users).where(users.c.tenant_id == tenant_id, sa.not_(users.c.guest))
    wanted = wanted.order_by(users.c.id).limit(PAGE)
    if search:
        found = (
            column.icontains(search, autoescape=True) for column in (users.c.name, users.c.email)
        )
        wanted = wanted.where(sa.or_(*found))
    if after is not None:
        wanted = wanted.where(users.c.id > after)
    rows = (await tx.execute(wanted)).mappings().all()
    held = await _grants(tx, [row["id"] for row in rows])
    return [_record(row, held.get(row["id"], [])) for row in rows]


async def get(tx: Transaction, tenant_id: UUID, user_id: UUID) -> UserRecord:
    """Raises NotFound."""
    found = await tx.execute(
        sa.select(users).where(users.c.tenant_id == tenant_id, users.c.id == user_id)
    )
    row = found.mappings().first()
    if row is None:
        raise NotFound("There is no such user.")
    held = await _grants(tx, [user_id])
    return _record(row, held.get(user_id, []))


async def create(
    tx: Transaction, tenant_id: UUID, command: CreateUser, *, actor_id: UUID | None
) -> UserRecord:
    """Without a role and without a password. Raises EmailTaken."""
    user_id = new_id()
    values = {
        "id": user_id,
        "tenant_id": tenant_id,
        "email": command.email.strip().lower(),
        "name": command.name.strip(),
        "hashed_password": "",
        "created_at": utc_now(),
    }
    async with _address_is_free(tx):
        await tx.execute(sa.insert(users).values(values))
    await record(
        tx, "user.created", tenant_id, actor_id=actor_id, target_id=user_id, email=values["email"]
    )
    return _record({**values, "disabled_at": None}, [])


async def update(
    tx: Transaction, tenant_id: UUID, user_id: UUID, command: UpdateUser, *, actor_id: UUID | None
) -> UserRecord:
    """Raises NotFound, EmailTaken, LastAdmin."""
    before = await get(tx, tenant_id, user_id)
    changes: dict[str, Any] = {}
    if command.name is not None:
        changes["name"] = command.name.strip()
    if command.email is not None:
        changes["email"] = command.email.strip().lower()
    if changes:
        async with _address_is_free(tx):
            await tx.execute(sa.update(users).where(users.c.id == user_id).values(changes))
        await record(tx, "user.updated", tenant_id, actor_id=actor_id, target_id=user_id, **changes)
    if command.disabled is not None and command.disabled != before.disabled:
        await _set_disabled(tx, tenant_id, user_id, actor_id, disabled=command.disabled)
    return await get(tx, tenant_id, user_id)


async def _set_disabled(
    tx: Transaction, tenant_id: UUID, user_id: UUID, actor_id: UUID | None, *, disabled: bool
) -> None:
    """A disabled person is out at once: their sign-ins end, and their API keys open nothing."""
    disabled_at = utc_now() if disabled else None
    async with check_an_admin_stays(tx, tenant_id):
        await tx.execute(
            sa.update(users).where(users.c.id == user_id).values(disabled_at=disabled_at)
        )
    if disabled:
        await close_all(tx, user_id)
    action: Any = "user.disabled" if disabled else "user.enabled"
    await record(tx, action, tenant_id, actor_id=actor_id, target_id=user_id)


@asynccontextmanager
async def _address_is_free(tx: Transaction) -> AsyncIterator[None]:
    try:
        async with tx.connection.begin_nested():
            yield
    except IntegrityError as error:
        if "uq_users_email" in str(error.orig):
            raise EmailTaken("Another account has this address.") from None
        raise


async def _grants(tx: Transaction, user_ids: list[UUID]) -> dict[UUID, list[RoleGrant]]:
    rows = await tx.execute(
        sa.select(
            user_roles.c.user_id,
            roles.c.name.label("role"),
            user_roles.c.scope,
            user_roles.c.scope_id,
        )
        .join(roles, roles.c.id == user_roles.c.role_id)
        .where(user_roles.c.user_id.in_(user_ids))
        .order_by(user_roles.c.id)
    )
    held: dict[UUID, list[RoleGrant]] = {}
    for row in rows.mappings():
        held.setdefault(row["user_id"], []).extend(grants_of([row]))
    return held


def _record(row: Any, held: list[RoleGrant]) -> UserRecord:
    return UserRecord(
        id=row["id"],
        email=row["email"],
        name=row["name"],
        disabled=row["disabled_at"] is not None,
        created_at=row["created_at"],
        roles=held,
    )
