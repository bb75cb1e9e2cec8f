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

    async def open(
        self, tx: Transaction, user: User, *, until: datetime | None = None
    ) -> LoginReply:
        """Ends at `until` at the latest."""
        token, now = new_token(), self._clock()
        expires_at = now + self._lifetimes.absolute
        if until is not None:
            expires_at = min(expires_at, until)
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

    def alive(self) -> sa.ColumnElement[bool]:
        """The condition that a row of auth_sessions still counts."""
        expires_at, last_seen_at = self.alive_after()
        return sa.and_(
            auth_sessions.c.expires_at > expires_at, auth_sessions.c.last_seen_at > last_seen_at
        )

    def alive_after(self) -> tuple[datetime, datetime]:
        """What its `expires_at` and `last_seen_at` have to be later than."""
        now = self._clock()
        return now, now - self._lifetimes.idle

    def is_untouched(self, last_seen_at: datetime) -> bool:
        """For so long that its use is to be written down."""
        return self._clock() - last_seen_at >= TOUCH_EVERY

    async def touch(self, tx: Transaction, token: str) -> None:
        await tx.execute(
            sa.update(auth_sessions)
            .where(auth_sessions.c.token_hash == token_hash(token))
            .values(last_seen_at=self._clock())
        )

    async def close(self, tx: Transaction, token: str | None) -> None:
        if token is not None:
            await tx.execute(
                sa.delete(auth_sessions).where(auth_sessions.c.token_hash == token_hash(token))
            )

    async def forget_expired(self, tx: Transaction) -> int:
        """Deletes sign-ins past their end; returns how many."""
        done: sa.CursorResult[Any] = await tx.execute(
            sa.delete(auth_sessions).where(sa.not_(self.alive()))
        )
        return done.rowcount


async def close_all(tx: Transaction, user_id: UUID) -> None:
    await tx.execute(sa.delete(auth_sessions).where(auth_sessions.c.user_id == user_id))


def new_token() -> str:
    return secrets.token_urlsafe(TOKEN_BYTES)


def token_hash(token: str) -> bytes:
    return hashlib.sha256(token.encode()).digest()
