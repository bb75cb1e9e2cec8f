"""Sign-in with a password, sign-out, and who a token belongs to."""

from collections.abc import Collection
from typing import Any

import msgspec
import sqlalchemy as sa

from orchestrator.audit.service import record
from orchestrator.audit.tables import audit_log
from orchestrator.auth.domain import Principal, grants_of, user_of
from orchestrator.auth.passwords import Passwords, check_acceptable
from orchestrator.auth.signin.allowance import Allowance, Attempt
from orchestrator.auth.signin.sessions import SignIns, close_all, token_hash
from orchestrator.auth.signin.signed import Devices
from orchestrator.auth.tables import users
from orchestrator.core.clock import new_id, utc_now
from orchestrator.core.database import Database, Transaction
from schema.auth import ChangePassword, Login, LoginReply, User
from schema.errors import BadCredentials, NotSignedIn


class Visit(msgspec.Struct, frozen=True):
    """The browser or program that signs in: its address, its device cookie and the token it had so far."""

    address: str
    device: str | None = None
    token: str | None = None


# The user once per role grant, or once without: every request asks this, so it is one statement, straight to the driver.
SIGNED_IN = """
select u.id, u.email, u.name, u.tenant_id, u.guest, r.name as role, g.scope, g.scope_id,
  s.last_seen_at, s.token_hash
 from auth_sessions s join users u on u.id = s.user_id
  left join user_roles g on g.user_id = u.id left join roles r on r.id = g.role_id
 where s.token_hash = any($1) and s.expires_at > $2 and s.last_seen_at > $3 and u.disabled_at is null
 order by r.name
"""


class Accounts:
    def __init__(
        self,
        database: Database,
        sign_ins: SignIns,
        passwords: Passwords,
        allowance: Allowance,
        devices: Devices,
    ) -> None:
        self._database = database
        self._sign_ins = sign_ins
        self._passwords = passwords
        self._allowance = allowance
        self._devices = devices

    async def login(self, login: Login, visit: Visit) -> LoginReply:
        """Ends the sign-in of `visit.token`. Raises BadCredentials, the same for whatever is wrong, and TooManyAttempts."""
        email = login.email.strip().lower()
        row = await self._account(email)
        device = None if row is None else self._devices.known(visit.device, row["id"])
        attempt = Attempt(email, visit.address, device)
        await self._allowance.take(attempt)
        # Outside of any transaction: a hash takes 0.13 s and may queue.
        stored = None if row is None else row["hashed_password"]
        fits = await self._passwords.verify(stored, login.password, known=device is not None)
        if not fits or row is None or row["disabled_at"] is not None:
            await self._allowance.failed(attempt)
            await self._note_failure(email, visit.address)
            raise BadCredentials("The address or the password is wrong.")
        await self._allowance.succeeded(attempt)
        async with self._database.system_transaction() as tx:
            return await self.admit(tx, user_of(row), visit, way="password")

    async def admit(self, tx: Transaction, user: User, visit: Visit, way: str) -> LoginReply:
        """Opens a new sign-in in place of the browser's old one, which whoever set it may know."""
        await self._sign_ins.close(tx, visit.token)
        await record(
            tx,
            "sign_in.succeeded",
            user.tenant_id,
            actor_id=user.id,
            target_id=user.id,
            way=way,
            address=visit.address,
        )
        return await self._sign_ins.open(tx, user)

    async def logout(self, token: str | None) -> None:
        async with self._database.system_transaction() as tx:
            await self._sign_ins.close(tx, token)

    async def logout_everywhere(self, principal: Principal) -> None:
        async with self._database.system_transaction() as tx:
            await close_all(tx, principal.user_id)
            await record(
                tx,
                "sign_in.ended_everywhere",
                principal.tenant_id,
                actor_id=principal.user_id,
                target_id=principal.user_id,
            )

    async def change_password(
        self, principal: Principal, change: ChangePassword, visit: Visit
    ) -> LoginReply:
        """Ends all sign-ins and opens a new one. Raises PasswordRefused, BadCredentials, TooManyAttempts."""
        check_acceptable(change.new_password)
        row = await self._account(principal.user.email)
        stored = None if row is None else row["hashed_password"]
        attempt = Attempt(principal.user.email, visit.address, principal.user_id)
        await self._allowance.take(attempt)
        if not await self._passwords.verify(stored, change.current_password, known=True):
            raise BadCredentials("The current password is wrong.")
        await self._allowance.succeeded(attempt)
        hashed = await self._passwords.hash(change.new_password)
        async with self._database.system_transaction() as tx:
            await set_password(tx, principal.user, hashed)
            await record(
                tx,
                "password.changed",
                principal.tenant_id,
                actor_id=principal.user_id,
                target_id=principal.user_id,
            )
            return await self._sign_ins.open(tx, principal.user)

    async def principal(self, token: str) -> Principal:
        """Raises NotSignedIn for a token that is unknown, expired or signed out, and for who has been disabled."""
        found = await self._database.system_fetch(
            SIGNED_IN, [token_hash(token)], *self._sign_ins.alive_after()
        )
        if not found:
            raise NotSignedIn("Sign in first.")
        if self._sign_ins.is_untouched(found[0]["last_seen_at"]):
            async with self._database.system_transaction() as tx:
                await self._sign_ins.touch(tx, token)
        return Principal(user_of(found[0]), grants_of(found))

    async def principals(self, tokens: Collection[str]) -> dict[str, Principal]:
        """Of those tokens that are still good, all at once: streams ask this every few seconds, and prolong nothing."""
        by_hash = {token_hash(token): token for token in tokens}
        rows = await self._database.system_fetch(
            SIGNED_IN, list(by_hash), *self._sign_ins.alive_after()
        )
        found: dict[str, list[Any]] = {}
        for row in rows:
            found.setdefault(by_hash[row["token_hash"]], []).append(row)
        return {token: Principal(user_of(own[0]), grants_of(own)) for token, own in found.items()}

    async def _account(self, email: str) -> sa.RowMapping | None:
        async with self._database.system_transaction() as tx:
            found = await tx.execute(sa.select(users).where(users.c.email == email))
            return found.mappings().first()

    async def _note_failure(self, email: str, address: str) -> None:
        """One statement for known and unknown accounts, without waiting for the disk: the time of the answer must not tell."""
        entry = sa.select(
            sa.literal(new_id()),
            users.c.tenant_id,
            sa.literal("sign_in.failed"),
            users.c.id,
            sa.literal({"address": address}, audit_log.c.details.type),
            sa.literal(utc_now()),
        ).where(users.c.email == email)
        columns = ["id", "tenant_id", "action", "target_id", "details", "at"]
        async with self._database.system_transaction() as tx:
            await tx.execute(sa.text("set local synchronous_commit = off"))
            await tx.execute(sa.insert(audit_log).from_select(columns, entry))


async def set_password(tx: Transaction, user: User, hashed: str) -> None:
    """Ends all sign-ins: whoever knew the old password is out."""
    await tx.execute(sa.update(users).where(users.c.id == user.id).values(hashed_password=hashed))
    await close_all(tx, user.id)
