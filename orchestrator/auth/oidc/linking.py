"""Whose account an identity opens: the one it is linked to, else the one with its verified address, else a new one."""

from collections.abc import Sequence
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import insert

from orchestrator.audit.service import record
from orchestrator.auth.domain import user_of
from orchestrator.auth.oidc.claims import Identity
from orchestrator.auth.tables import tenants, user_identities, users
from orchestrator.auth.users.roles import give_in_tenant
from orchestrator.auth.users.service import create
from orchestrator.core.clock import utc_now
from orchestrator.core.database import Transaction
from orchestrator.settings import Settings
from schema.auth import RoleName, User
from schema.errors import EmailTaken, IdentityUnknown
from schema.users import CreateUser


async def account_of(tx: Transaction, settings: Settings, identity: Identity) -> User:
    """Raises IdentityUnknown for who is disabled or has no account and can get none."""
    linked = await _linked(tx, identity)
    if linked is not None:
        return linked
    tenant_id = await tenant_of(tx, settings)
    user = await _by_email(tx, tenant_id, identity) or await _new(tx, settings, tenant_id, identity)
    await _link(tx, user, identity)
    return user


async def tenant_of(tx: Transaction, settings: Settings) -> UUID:
    """The tenant whose people the issuer knows. Raises IdentityUnknown when the settings leave that open."""
    if settings.oidc_tenant_id:
        return UUID(settings.oidc_tenant_id)
    found: Sequence[UUID] = (await tx.execute(sa.select(tenants.c.id).limit(2))).scalars().all()
    if len(found) != 1:
        raise IdentityUnknown("Ask your school for an account.")
    return found[0]


async def _linked(tx: Transaction, identity: Identity) -> User | None:
    row = await _one(
        tx,
        sa.select(users)
        .join(user_identities, user_identities.c.user_id == users.c.id)
        .where(
            user_identities.c.issuer == identity.issuer,
            user_identities.c.subject == identity.subject,
        ),
    )
    return None if row is None else user_of(row)


async def _by_email(tx: Transaction, tenant_id: UUID, identity: Identity) -> User | None:
    if identity.email is None:
        return None
    row = await _one(
        tx,
        sa.select(users).where(users.c.tenant_id == tenant_id, users.c.email == identity.email),
    )
    return None if row is None else user_of(row)


async def _one(tx: Transaction, wanted: sa.Select[tuple[object, ...]]) -> sa.RowMapping | None:
    row = (await tx.execute(wanted)).mappings().first()
    if row is not None and row["disabled_at"] is not None:
        raise IdentityUnknown("This account is disabled; ask your school.")
    return row


async def _new(tx: Transaction, settings: Settings, tenant_id: UUID, identity: Identity) -> User:
    if identity.email is None:
        raise IdentityUnknown("The identity provider has not verified your e-mail address.")
    command = CreateUser(email=identity.email, name=identity.name)
    try:
        made = await create(tx, tenant_id, command, actor_id=None)
    except EmailTaken:
        raise IdentityUnknown("Ask your school for an account.") from None
    if settings.oidc_default_role:
        await _give(tx, tenant_id, made.id, settings.oidc_default_role)
    return User(id=made.id, email=made.email, name=made.name, tenant_id=tenant_id)


async def _give(tx: Transaction, tenant_id: UUID, user_id: UUID, role: RoleName) -> None:
    await give_in_tenant(tx, tenant_id, user_id, role)
    await record(
        tx, "role.granted", tenant_id, actor_id=None, target_id=user_id, role=role, scope="tenant"
    )


async def _link(tx: Transaction, user: User, identity: Identity) -> None:
    """Raises IdentityUnknown when another person of this issuer already has the account."""
    values = {
        "issuer": identity.issuer,
        "subject": identity.subject,
        "tenant_id": user.tenant_id,
        "user_id": user.id,
        "created_at": utc_now(),
    }
    done = await tx.execute(insert(user_identities).values(values).on_conflict_do_nothing())
    if not done.rowcount:
        raise IdentityUnknown("This account belongs to another sign-in of the identity provider.")
    await record(
        tx,
        "identity.linked",
        user.tenant_id,
        actor_id=user.id,
        target_id=user.id,
        issuer=identity.issuer,
    )
