"""Sign-in, sign-out, and who a token belongs to."""

import hashlib
import secrets
from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa

from orchestrator.auth.domain import Principal
from orchestrator.auth.passwords import Passwords
from orchestrator.auth.tables import auth_sessions, roles, user_roles, users
from orchestrator.auth.throttle import Throttle
from orchestrator.core.clock import Clock, new_id, utc_now
from orchestrator.core.database import Database, Transaction
from schema.auth import Login, LoginReply, RoleGrant, User
from schema.errors import BadCredentials, NotSignedIn

SESSION_TTL = timedelta(hours=12)
TOKEN_BYTES = 32


def token_hash(token: str) -> bytes:
    return hashlib.sha256(token.encode()).digest()


class Accounts:
    def __init__(self, database: Database, clock: Clock = utc_now) -> None:
        self._database = database
        self._clock = clock
        self._passwords = Passwords()
        self._throttle = Throttle(clock)

    async def login(self, login: Login, address: str) -> LoginReply:
        """Raises BadCredentials, the same for an unknown account and a wrong password, and TooManyAttempts."""
        email = login.email.strip().lower()
        self._throttle.check(email, address)
        async with self._database.system_transaction() as tx:
            found = await tx.execute(sa.select(users).where(users.c.email == email))
            row = found.mappings().first()
        # Outside the transaction: a hash takes 0.13 s and may queue.
        stored = None if row is None else row["hashed_password"]
        if not await self._passwords.verify(stored, login.password) or row is None:
            self._throttle.failed(email, address)
            raise BadCredentials("The address or the password is wrong.")
        self._throttle.succeeded(email, address)
        return await self._open(_user(row))

    async def logout(self, token: str) -> None:
        async with self._database.system_transaction() as tx:
            await tx.execute(
                sa.delete(auth_sessions).where(auth_sessions.c.token_hash == token_hash(token))
            )

    async def principal(self, token: str) -> Principal:
        """Raises NotSignedIn for a token that is unknown, expired or signed out."""
        async with self._database.system_transaction() as tx:
            rows = (await tx.execute(self._signed_in(token))).mappings().all()
        if not rows:
            raise NotSignedIn("Sign in first.")
        grants = [
            RoleGrant(name=row["role"], scope=row["scope"], scope_id=row["scope_id"])
            for row in rows
            if row["role"] is not None
        ]
        return Principal(_user(rows[0]), tuple(grants))

    def _signed_in(self, token: str) -> sa.Select[Any]:
        """The user once per role grant, or once without: every request asks this, so it is one statement."""
        return (
            sa.select(users, roles.c.name.label("role"), user_roles.c.scope, user_roles.c.scope_id)
            .join(auth_sessions, auth_sessions.c.user_id == users.c.id)
            .outerjoin(user_roles, user_roles.c.user_id == users.c.id)
            .outerjoin(roles, roles.c.id == user_roles.c.role_id)
            .where(
                auth_sessions.c.token_hash == token_hash(token),
                auth_sessions.c.expires_at > self._clock(),
            )
            .order_by(roles.c.name)
        )

    async def _open(self, user: User) -> LoginReply:
        token, now = secrets.token_urlsafe(TOKEN_BYTES), self._clock()
        values = {
            "id": new_id(),
            "tenant_id": user.tenant_id,
            "user_id": user.id,
            "token_hash": token_hash(token),
            "created_at": now,
            "expires_at": now + SESSION_TTL,
        }
        async with self._database.system_transaction() as tx:
            await tx.execute(sa.insert(auth_sessions).values(values))
        return LoginReply(token=token, expires_at=now + SESSION_TTL, user=user)


async def forget_expired(tx: Transaction, now: datetime) -> int:
    """Deletes sign-ins past their end; returns how many."""
    done = await tx.execute(sa.delete(auth_sessions).where(auth_sessions.c.expires_at < now))
    return done.rowcount


def _user(row: sa.RowMapping) -> User:
    return User(id=row["id"], email=row["email"], name=row["name"], tenant_id=row["tenant_id"])
