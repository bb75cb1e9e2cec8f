"""Connected accounts: their tokens, in clear only between here and the platform, renewed by one caller at a time."""

from collections.abc import Awaitable, Callable
from datetime import timedelta
from typing import Any, TypeVar
from uuid import UUID

import msgspec
import sqlalchemy as sa

from orchestrator.auth.domain import Principal
from orchestrator.core.clock import Clock, utc_now
from orchestrator.core.crypto import Keyring, Place, Undecryptable
from orchestrator.core.database import Database, Transaction
from orchestrator.platforms.oauth import GrantOver, OAuth, Tokens
from orchestrator.platforms.port import Account, Platform, TokenRefused
from orchestrator.platforms.tables import integrations as table
from orchestrator.platforms.vendors.registry import Platforms
from orchestrator.settings import Secret
from schema.errors import AccountExpired, Forbidden, NotFound, PlatformRefused
from schema.platforms import ConnectionStatus, PlatformConnection, PlatformName

R = TypeVar("R")
# A token that ends while the platform reads it is worth nothing.
SPARE = timedelta(seconds=60)
OVER = "The platform takes Lectern's permission no more; connect the account again."
# A table of another feature, as far as this one needs it: which destinations an account gives.
destinations = sa.table(
    "multistream_destinations",
    sa.column("id"),
    sa.column("integration_id"),
    sa.column("deleted_at"),
)
WITH_DESTINATIONS = sa.select(
    table,
    sa.func.array(
        sa.select(destinations.c.id)
        .where(destinations.c.integration_id == table.c.id, destinations.c.deleted_at.is_(None))
        .order_by(destinations.c.id)
        .scalar_subquery()
    ).label("destination_ids"),
)
UNREADABLE = "The stored permission cannot be opened; connect the account again."


class Stored(msgspec.Struct, frozen=True):
    """The plaintext of `credentials`."""

    access: str
    refresh: str


class Held(msgspec.Struct, frozen=True):
    """A connection with a token that should be good now."""

    platform: Platform
    account: str
    token: Secret


class Connections:
    """Calls of platforms happen outside the caller's transaction; those that renew a token hold the row meanwhile."""

    def __init__(
        self,
        database: Database,
        keyring: Keyring,
        platforms: Platforms,
        oauth: OAuth,
        clock: Clock = utc_now,
    ) -> None:
        self.platforms = platforms
        self._database = database
        self._keyring = keyring
        self._oauth = oauth
        self._clock = clock

    async def of_tenant(self, tx: Transaction, tenant_id: UUID) -> list[PlatformConnection]:
        """Oldest first, without those that were disconnected."""
        rows = await tx.execute(
            WITH_DESTINATIONS.where(
                table.c.tenant_id == tenant_id, table.c.status != "disconnected"
            ).order_by(table.c.created_at, table.c.id)
        )
        return [from_row(row) for row in rows.mappings()]

    async def find(
        self,
        tx: Transaction,
        tenant_id: UUID,
        platform: PlatformName,
        connection_id: UUID | None = None,
    ) -> PlatformConnection:
        """The named account of the platform, else the one connected last. Raises NotFound."""
        wanted = WITH_DESTINATIONS.where(
            table.c.tenant_id == tenant_id, table.c.platform == platform
        )
        if connection_id is not None:
            wanted = wanted.where(table.c.id == connection_id)
        else:
            wanted = wanted.where(table.c.status != "disconnected")
        row = (await tx.execute(wanted.order_by(table.c.id.desc()).limit(1))).mappings().first()
        if row is None:
            raise NotFound("This account is not connected.")
        return from_row(row)

    async def keep(
        self, tx: Transaction, tenant_id: UUID, connection_id: UUID, tokens: Tokens
    ) -> None:
        """The row must be there."""
        stored = Stored(tokens.access.reveal(), tokens.refresh.reveal())
        sealed = self._keyring.seal(
            Secret(msgspec.json.encode(stored).decode()), place(tenant_id, connection_id)
        )
        await self._set(
            tx, connection_id, "connected", credentials=sealed, expires_at=tokens.expires_at
        )

    async def use(
        self,
        tenant_id: UUID,
        connection_id: UUID,
        work: Callable[[Platform, Secret, str], Awaitable[R]],
    ) -> R:
        """`work(platform, token, account)`, once more with a renewed token when the platform refuses the first.

        Raises AccountExpired, PlatformRefused, PlatformUnavailable, NotFound.
        """
        held = await self._hold(tenant_id, connection_id, spent=None)
        try:
            return await work(held.platform, held.token, held.account)
        except TokenRefused:
            held = await self._hold(tenant_id, connection_id, spent=held.token)
        try:
            return await work(held.platform, held.token, held.account)
        except TokenRefused:
            await self._expire(tenant_id, connection_id)
            raise AccountExpired(OVER) from None

    async def check(self, tenant_id: UUID, connection_id: UUID) -> None:
        """Asks the platform whether the account still works; the row tells what came of it. Raises PlatformUnavailable."""

        async def ask(platform: Platform, token: Secret, _: str) -> Account:
            return await platform.account(token)

        try:
            found = await self.use(tenant_id, connection_id, ask)
        except AccountExpired:
            return
        except PlatformRefused as refused:
            async with self._database.transaction(tenant_id) as tx:
                await self._set(tx, connection_id, "error", last_error=refused.message)
            return
        async with self._database.transaction(tenant_id) as tx:
            await self._set(tx, connection_id, "connected", account_name=found.name)

    async def disconnect(self, tx: Transaction, principal: Principal, connection_id: UUID) -> None:
        """Forgets the tokens here; the platform is told after the commit, as far as it answers.

        Raises NotFound, and Forbidden for an account that somebody else connected, unless an administrator asks.
        """
        row = await _locked(tx, principal.tenant_id, connection_id)
        mine = row["connected_by"] == principal.user_id
        if not mine and not principal.holds({"admin"}, tenant_wide=True):
            raise Forbidden("Who connected this account or an administrator can disconnect it.")
        stored = self._opened(row)
        await self._set(tx, connection_id, "disconnected", credentials=None, expires_at=None)
        if stored is not None:
            app = self.platforms[row["platform"]].app
            tx.on_commit(lambda: self._oauth.forget(app, Secret(stored.refresh)))

    async def _hold(self, tenant_id: UUID, connection_id: UUID, spent: Secret | None) -> Held:
        """Raises AccountExpired, PlatformRefused, PlatformUnavailable, NotFound."""
        async with self._database.transaction(tenant_id) as tx:
            row = await _locked(tx, tenant_id, connection_id)
            held = await self._renewed(tx, row, spent)
        if held is None:
            raise AccountExpired(OVER if row["credentials"] else UNREADABLE)
        return held

    async def _renewed(self, tx: Transaction, row: Any, spent: Secret | None) -> Held | None:
        """With the row locked: who comes second finds the token that the first has brought. None when it is over."""
        platform: Platform = self.platforms[row["platform"]]
        stored = self._opened(row)
        if stored is None or row["status"] in {"expired", "disconnected"}:
            if row["status"] == "connected":
                await self._set(tx, row["id"], "error", last_error=UNREADABLE)
            return None
        token = Secret(stored.access)
        if token != spent and row["expires_at"] > self._clock() + SPARE:
            return Held(platform, row["account"], token)
        try:
            tokens = await self._oauth.refresh(platform.app, Secret(stored.refresh))
        except GrantOver:
            await self._set(tx, row["id"], "expired", last_error=OVER)
            return None
        await self.keep(tx, row["tenant_id"], row["id"], tokens)
        return Held(platform, row["account"], tokens.access)

    async def _expire(self, tenant_id: UUID, connection_id: UUID) -> None:
        async with self._database.transaction(tenant_id) as tx:
            await self._set(tx, connection_id, "expired", last_error=OVER)

    async def _set(
        self, tx: Transaction, connection_id: UUID, status: ConnectionStatus, **values: Any
    ) -> None:
        """Without a `last_error` there is none."""
        now = self._clock()
        known = {"status": status, "last_error": None, "checked_at": now, "updated_at": now}
        await tx.execute(
            sa.update(table).where(table.c.id == connection_id).values({**known, **values})
        )

    def _opened(self, row: Any) -> Stored | None:
        if row["credentials"] is None:
            return None
        try:
            plain = self._keyring.open(row["credentials"], place(row["tenant_id"], row["id"]))
        except Undecryptable:
            return None
        return msgspec.json.decode(plain.reveal(), type=Stored)


def place(tenant_id: UUID, connection_id: UUID) -> Place:
    return Place(table.name, table.c.credentials.name, tenant_id, connection_id)


def from_row(row: Any) -> PlatformConnection:
    return PlatformConnection(
        id=row["id"],
        tenant_id=row["tenant_id"],
        church_id=row["tenant_id"],
        platform=row["platform"],
        account=row["account_name"] or row["account"],
        status=row["status"],
        expires_at=row["expires_at"],
        last_error=row["last_error"],
        connected_by=row["connected_by"],
        destination_ids=row["destination_ids"],
        created_at=row["created_at"],
        updated_at=row["updated_at"],
    )


async def _locked(tx: Transaction, tenant_id: UUID, connection_id: UUID) -> dict[str, Any]:
    """Raises NotFound."""
    rows = await tx.execute(
        sa.select(table)
        .where(table.c.tenant_id == tenant_id, table.c.id == connection_id)
        .with_for_update()
    )
    row = rows.mappings().first()
    if row is None:
        raise NotFound("This account is not connected.")
    return dict(row)
