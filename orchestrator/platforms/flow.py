"""Connecting an account: sends the browser to the platform, and takes it back once, from the same person."""

import base64
import hashlib
import hmac
import secrets
from collections.abc import Awaitable, Callable
from datetime import timedelta
from uuid import UUID

import sqlalchemy as sa

from orchestrator.audit.service import record
from orchestrator.auth.domain import Principal
from orchestrator.core.clock import Clock, new_id, utc_now
from orchestrator.core.crypto import Keyring
from orchestrator.core.database import Database, Transaction
from orchestrator.platforms.oauth import OAuth, Tokens
from orchestrator.platforms.port import Account, Platform, TokenRefused
from orchestrator.platforms.service import Connections
from orchestrator.platforms.tables import departures
from orchestrator.platforms.tables import integrations as table
from orchestrator.settings import Settings
from schema.errors import ConnectionRefused, PlatformNotSetUp
from schema.platforms import PlatformConnection, PlatformName

LIFETIME = timedelta(minutes=10)
Welcome = Callable[[Transaction, PlatformConnection], Awaitable[None]]


class Flow:
    """`welcome` is called for each account that was connected, in the same transaction."""

    def __init__(
        self,
        settings: Settings,
        database: Database,
        keyring: Keyring,
        connections: Connections,
        oauth: OAuth,
        welcome: Welcome,
        clock: Clock = utc_now,
    ) -> None:
        self._settings = settings
        self._database = database
        self._verifiers = keyring.derive("oauth verifier")
        self._connections = connections
        self._oauth = oauth
        self._welcome = welcome
        self._clock = clock

    async def depart(self, principal: Principal, name: PlatformName) -> str:
        """Where the browser goes. Raises PlatformNotSetUp."""
        platform = self._ready(name)
        state = secrets.token_urlsafe(32)
        away = {
            "state_hash": _hashed(state),
            "tenant_id": principal.tenant_id,
            "user_id": principal.user_id,
            "platform": name,
            "expires_at": self._clock() + LIFETIME,
        }
        async with self._database.transaction(principal.tenant_id) as tx:
            await tx.execute(sa.insert(departures).values(away))
        return self._oauth.departure(
            platform.app, self._redirect_uri(name), state, self._verifier(state)
        )

    async def arrive(
        self, principal: Principal, name: PlatformName, code: str, state: str
    ) -> PlatformConnection:
        """Raises ConnectionRefused, PlatformNotSetUp, PlatformRefused, PlatformUnavailable."""
        platform = self._ready(name)
        await self._check(principal, name, state)
        if not code:
            raise ConnectionRefused(f"{platform.name} was not allowed; nothing is connected.")
        tokens = await self._oauth.exchange(
            platform.app, code, self._redirect_uri(name), self._verifier(state)
        )
        try:
            account = await platform.account(tokens.access)
        except TokenRefused:
            raise ConnectionRefused(
                f"{platform.name} does not take its own token; begin again."
            ) from None
        async with self._database.transaction(principal.tenant_id) as tx:
            return await self._keep(tx, principal, name, account, tokens)

    async def _check(self, principal: Principal, name: PlatformName, state: str) -> None:
        """Uses the state up, whatever comes of it. Raises ConnectionRefused."""
        mine = sa.and_(
            departures.c.state_hash == _hashed(state),
            departures.c.user_id == principal.user_id,
            departures.c.platform == name,
        )
        async with self._database.transaction(principal.tenant_id) as tx:
            until = await tx.scalar(
                sa.delete(departures).where(mine).returning(departures.c.expires_at)
            )
        if until is None or until < self._clock():
            raise ConnectionRefused("This connection was not begun here; begin again.")

    async def _keep(
        self,
        tx: Transaction,
        principal: Principal,
        name: PlatformName,
        account: Account,
        tokens: Tokens,
    ) -> PlatformConnection:
        row_id = await _row_of(tx, principal, name, account, self._clock)
        await self._connections.keep(tx, principal.tenant_id, row_id, tokens)
        kept = await self._connections.find(tx, principal.tenant_id, name, row_id)
        await record(
            tx,
            "account.connected",
            principal.tenant_id,
            actor_id=principal.user_id,
            platform=name,
            account=kept.account,
        )
        await self._welcome(tx, kept)
        return await self._connections.find(tx, principal.tenant_id, name, row_id)

    def _ready(self, name: PlatformName) -> Platform:
        platform = self._connections.platforms[name]
        if platform.app.missing:
            missing = " and ".join(platform.app.missing)
            raise PlatformNotSetUp(
                f"An administrator of this server has to set {missing} first.",
                {"missing": list(platform.app.missing)},
            )
        return platform

    def _redirect_uri(self, name: PlatformName) -> str:
        """One for each platform, so that no answer of one can pass for another's."""
        return f"{self._settings.public_url}/api/platforms/connections/{name}/callback"

    def _verifier(self, state: str) -> str:
        """RFC 7636 §4.1: made from the state with a key of ours, so that it is nowhere kept."""
        digest = hmac.digest(self._verifiers, state.encode(), "sha256")
        return base64.urlsafe_b64encode(digest).rstrip(b"=").decode()


async def forget_departures(tx: Transaction, clock: Clock = utc_now) -> int:
    """Of browsers that never came back."""
    done = await tx.execute(sa.delete(departures).where(departures.c.expires_at < clock()))
    return done.rowcount


async def _row_of(
    tx: Transaction, principal: Principal, name: PlatformName, account: Account, clock: Clock
) -> UUID:
    """The account's own row: the one it had before, else a new one."""
    tenant_id = principal.tenant_id
    mine = sa.and_(
        table.c.tenant_id == tenant_id, table.c.platform == name, table.c.account == account.id
    )
    known: UUID | None = await tx.scalar(
        sa.update(table)
        .where(mine)
        .values(account_name=account.name, connected_by=principal.user_id)
        .returning(table.c.id)
    )
    if known is not None:
        return known
    made, now = new_id(), clock()
    row = {
        "id": made,
        "tenant_id": tenant_id,
        "platform": name,
        "account": account.id,
        "account_name": account.name,
        "status": "disconnected",
        "connected_by": principal.user_id,
        "created_at": now,
        "updated_at": now,
    }
    await tx.execute(sa.insert(table).values(row))
    return made


def _hashed(state: str) -> bytes:
    return hashlib.sha256(state.encode()).digest()
