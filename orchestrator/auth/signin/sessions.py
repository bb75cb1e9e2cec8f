"""Sign-ins as rows: opened, used and ended; only a hash of the token is kept."""

import hashlib
import secrets
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import msgspec
import sqlalchemy as sa

from orchestrator.auth.tables import auth_sessions
from orchestrator.core.clock import Clock, new_id, utc_now
from orchestrator.core.database import Transaction
from orchestrator.settings import Settings
from schema.auth import LoginReply, User

TOKEN_BYTES = 32
# Every request uses its sign-in; writing that down more often would tell nothing more.
TOUCH_EVERY = timedelta(minutes=1)


# The user once per role grant, or once without: every request asks this, so it is one statement and plain SQL.
HOLDER = """
select u.*, r.name as role, g.scope, g.scope_id, s.last_seen_at
from auth_sessions s
join users u on u.id = s.user_id
left join user_roles g on g.user_id = u.id
left join roles r on r.id = g.role_id
where s.token_hash = $1 and s.expires_at > $2 and s.last_seen_at > $3 and u.disabled_at is null
order by r.name
"""


class Lifetimes(msgspec.Struct, frozen=True):
    """A sign-in ends `absolute` after it began, and `idle` after it was last used."""

    absolute: timedelta
    idle: timedelta


class SignIns:
    def __init__(self, settings: Settings, clock: Clock = utc_now) -> None:
        self._lifetimes = Lifetimes(
            timedelta(seconds=settings.session_max_s), timedelta(seconds=settings.session_idle_s)
        )
        self._clock = clock

    async def open(self, tx: Transaction, user: User) -> LoginReply:
        token, now = new_token(), self._clock()
        expires_at = now + self._lifetimes.absolute
        values = {
            "id": new_id(),
            "tenant_id": user.tenant_id,
            "user_id": user.id,
            "token_hash": token_hash(token),
            "created_at": now,
            "last_seen_at": now,
            "expires_at": expires_at,
        }
        await tx.execute(sa.insert(auth_sessions).values(values))
        return LoginReply(token=token, expires_at=expires_at, user=user)

    async def holder(self, tx: Transaction, token: str) -> list[dict[str, Any]]:
        """Rows of `users` with `role`, `scope`, `scope_id` and `last_seen_at`; none for a token that opens nothing."""
        now = self._clock()
        found = await tx.fetch(HOLDER, token_hash(token), now, now - self._lifetimes.idle)
        return [dict(row) for row in found]

    async def touch(self, tx: Transaction, token: str, last_seen_at: datetime) -> None:
        now = self._clock()
        if now - last_seen_at >= TOUCH_EVERY:
            await tx.execute(
                sa.update(auth_sessions)
                .where(auth_sessions.c.token_hash == token_hash(token))
                .values(last_seen_at=now)
            )

    async def close(self, tx: Transaction, token: str | None) -> None:
        if token is not None:
            await tx.execute(
                sa.delete(auth_sessions).where(auth_sessions.c.token_hash == token_hash(token))
            )

    async def forget_expired(self, tx: Transaction) -> int:
        """Deletes sign-ins past their end; returns how many."""
        now = self._clock()
        done: sa.CursorResult[Any] = await tx.execute(
            sa.delete(auth_sessions).where(
                sa.or_(
                    auth_sessions.c.expires_at <= now,
                    auth_sessions.c.last_seen_at <= now - self._lifetimes.idle,
                )
            )
        )
        return done.rowcount


async def close_all(tx: Transaction, user_id: UUID) -> None:
    await tx.execute(sa.delete(auth_sessions).where(auth_sessions.c.user_id == user_id))


def new_token() -> str:
    return secrets.token_urlsafe(TOKEN_BYTES)


def token_hash(token: str) -> bytes:
    return hashlib.sha256(token.encode()).digest()
