"""One-time links with which a person chooses a password; made by an admin, who hands them on."""

from datetime import timedelta
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import insert

from orchestrator.audit.service import record
from orchestrator.auth.domain import user_of
from orchestrator.auth.passwords import Passwords, check_acceptable
from orchestrator.auth.service import set_password
from orchestrator.auth.signin.sessions import new_token, token_hash
from orchestrator.auth.tables import password_links, users
from orchestrator.core.clock import Clock, utc_now
from orchestrator.core.database import Database, Transaction
from schema.auth import SetPassword, User
from schema.errors import NotFound
from schema.users import PasswordLink

LIFETIME = timedelta(days=3)


async def make_link(
    tx: Transaction, user: User, public_url: str, *, actor_id: UUID | None, clock: Clock = utc_now
) -> PasswordLink:
    """Ends the link before it. The token stands after the #, so that no server's log sees it."""
    token, expires_at = new_token(), clock() + LIFETIME
    fresh = {"token_hash": token_hash(token), "expires_at": expires_at}
    await tx.execute(
        insert(password_links)
        .values(user_id=user.id, tenant_id=user.tenant_id, **fresh)
        .on_conflict_do_update(index_elements=["user_id"], set_=fresh)
    )
    await record(tx, "password.link_made", user.tenant_id, actor_id=actor_id, target_id=user.id)
    return PasswordLink(url=f"{public_url}/set-password#{token}", expires_at=expires_at)


class Links:
    def __init__(self, database: Database, passwords: Passwords, clock: Clock = utc_now) -> None:
        self._database = database
        self._passwords = passwords
        self._clock = clock

    async def use(self, command: SetPassword) -> None:
        """Raises PasswordRefused, and NotFound for a link that is unknown, over or used."""
        check_acceptable(command.password)
        async with self._database.system_transaction() as tx:
            await self._owner(tx, command.token)
        hashed = await self._passwords.hash(command.password)
        async with self._database.system_transaction() as tx:
            user = await self._owner(tx, command.token)
            await tx.execute(sa.delete(password_links).where(password_links.c.user_id == user.id))
            await set_password(tx, user, hashed)
            await record(
                tx, "password.set_by_link", user.tenant_id, actor_id=user.id, target_id=user.id
            )

    async def _owner(self, tx: Transaction, token: str) -> User:
        found = await tx.execute(
            sa.select(users)
            .join(password_links, password_links.c.user_id == users.c.id)
            .where(
                password_links.c.token_hash == token_hash(token),
                password_links.c.expires_at > self._clock(),
                users.c.disabled_at.is_(None),
            )
            .with_for_update(of=password_links)
        )
        row = found.mappings().first()
        if row is None:
            raise NotFound("This link was used or is over; ask for a new one.")
        return user_of(row)
