"""API keys: made, used, listed and revoked. A key can do what its maker may still do, and no more than it was made for."""

from datetime import timedelta
from typing import Any
from uuid import UUID

import sqlalchemy as sa

from orchestrator.audit.service import record
from orchestrator.auth.domain import Principal, covers, grants_of, user_of
from orchestrator.auth.keys.domain import NewKey
from orchestrator.auth.signin.sessions import token_hash
from orchestrator.auth.tables import api_keys, roles, user_roles, users
from orchestrator.core.clock import new_id, utc_now
from orchestrator.core.database import Database, Transaction
from orchestrator.core.guard.limits import Limit, Limiter
from schema.auth import RoleGrant
from schema.errors import Forbidden, InvalidField, NotFound, NotSignedIn
from schema.keys import ApiKey, CreateApiKey

PER_KEY = Limit(600, 60)
TOUCH_EVERY = timedelta(minutes=1)


class Keys:
    """What a key opens."""

    def __init__(self, database: Database, limiter: Limiter, limit: Limit = PER_KEY) -> None:
        self._database = database
        self._limiter = limiter
        self._limit = limit

    async def principal(self, secret: str) -> Principal:
        """Raises NotSignedIn for a key that is unknown, expired or revoked or whose maker is disabled; TooManyAttempts."""
        async with self._database.system_transaction() as tx:
            rows = (await tx.execute(_holder(secret))).mappings().all()
            if not rows:
                raise NotSignedIn("This API key is unknown, expired or revoked.")
            key = rows[0]
            await self._limiter.spend("api-key", str(key["key_id"]), self._limit)
            await _touch(tx, key)
        grant = RoleGrant(name=key["key_role"], scope=key["key_scope"], scope_id=key["key_place"])
        held = (grant,) if covers(grants_of(rows), grant) else ()
        return Principal(user_of(key), held, key["key_id"])


async def create(tx: Transaction, maker: Principal, command: CreateApiKey, new: NewKey) -> ApiKey:
    """Raises Forbidden for more than its maker holds, InvalidField for an end in the past or a scope without its id."""
    if (command.scope == "tenant") != (command.scope_id is None):
        raise InvalidField(
            "scopeId", "Name the course or session; for the whole tenant leave it out."
        )
    if command.expires_at is not None and command.expires_at <= utc_now():
        raise InvalidField("expiresAt", "This moment is already over.")
    grant = RoleGrant(name=command.role, scope=command.scope, scope_id=command.scope_id)
    if not covers(maker.roles, grant):
        raise Forbidden("A key can have a role that you hold there yourself, and no higher one.")
    values = {
        "id": new_id(),
        "tenant_id": maker.tenant_id,
        "user_id": maker.user_id,
        "name": command.name,
        "prefix": new.prefix,
        "secret_hash": token_hash(new.secret),
        "role": grant.name,
        "scope": grant.scope,
        "scope_id": grant.scope_id,
        "created_at": utc_now(),
        "expires_at": command.expires_at,
    }
    await tx.execute(sa.insert(api_keys).values(values))
    await _note(tx, "api_key.created", maker, values)
    return _api_key({**values, "last_used_at": None, "user_name": maker.user.name})


async def listed(tx: Transaction, principal: Principal) -> list[ApiKey]:
    """One's own; an admin of the tenant sees all."""
    wanted = (
        sa.select(api_keys, users.c.name.label("user_name"))
        .join(users, users.c.id == api_keys.c.user_id)
        .where(_reachable(principal))
        .order_by(api_keys.c.id.desc())
    )
    return [_api_key(row) for row in (await tx.execute(wanted)).mappings()]


async def revoke(tx: Transaction, principal: Principal, key_id: UUID) -> None:
    """Raises NotFound."""
    gone = await tx.execute(
        sa.delete(api_keys)
        .where(_reachable(principal), api_keys.c.id == key_id)
        .returning(*api_keys.c)
    )
    row = gone.mappings().first()
    if row is None:
        raise NotFound("There is no such API key.")
    await _note(tx, "api_key.revoked", principal, row)


def _reachable(principal: Principal) -> sa.ColumnElement[bool]:
    own = api_keys.c.tenant_id == principal.tenant_id
    if principal.holds({"admin"}, tenant_wide=True):
        return own
    return own & (api_keys.c.user_id == principal.user_id)


def _holder(secret: str) -> sa.Select[Any]:
    """Key and maker once per grant of the maker, or once without."""
    return (
        sa.select(
            users,
            roles.c.name.label("role"),
            user_roles.c.scope,
            user_roles.c.scope_id,
            api_keys.c.id.label("key_id"),
            api_keys.c.role.label("key_role"),
            api_keys.c.scope.label("key_scope"),
            api_keys.c.scope_id.label("key_place"),
            api_keys.c.last_used_at,
        )
        .join(api_keys, api_keys.c.user_id == users.c.id)
        .outerjoin(user_roles, user_roles.c.user_id == users.c.id)
        .outerjoin(roles, roles.c.id == user_roles.c.role_id)
        .where(
            api_keys.c.secret_hash == token_hash(secret),
            sa.func.coalesce(api_keys.c.expires_at > utc_now(), True),
            users.c.disabled_at.is_(None),
        )
    )


async def _touch(tx: Transaction, key: sa.RowMapping) -> None:
    now = utc_now()
    if key["last_used_at"] is None or now - key["last_used_at"] >= TOUCH_EVERY:
        await tx.execute(
            sa.update(api_keys).where(api_keys.c.id == key["key_id"]).values(last_used_at=now)
        )


async def _note(tx: Transaction, action: Any, actor: Principal, key: Any) -> None:
    await record(
        tx,
        action,
        actor.tenant_id,
        actor_id=actor.user_id,
        target_id=key["user_id"],
        name=key["name"],
        prefix=key["prefix"],
        role=key["role"],
        scope=key["scope"],
    )


def _api_key(row: Any) -> ApiKey:
    grant = RoleGrant(name=row["role"], scope=row["scope"], scope_id=row["scope_id"])
    kept = [field for field in ApiKey.__struct_fields__ if field != "grant"]
    return ApiKey(grant=grant, **{field: row[field] for field in kept})
