"""A tenant's webhook endpoints; a signing secret is in clear only between here and the reply or the signature that needs it."""

import base64
import secrets
from datetime import timedelta
from typing import Any
from urllib.parse import urlsplit
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import insert

from orchestrator.core.clock import Clock, new_id, utc_now
from orchestrator.core.crypto import Keyring, Place, Undecryptable
from orchestrator.core.database import Transaction
from orchestrator.core.guard.addresses import Resolver, check_host, resolve
from orchestrator.outbound import domain
from orchestrator.outbound.tables import attempts, cursors, endpoints
from orchestrator.sessions.tables import sessions
from orchestrator.settings import Secret, Settings
from schema.errors import NotFound, SecretUnreadable, TooManyEndpoints
from schema.webhooks import (
    CreateWebhookEndpoint,
    ReplayWebhooks,
    UpdateWebhookEndpoint,
    WebhookAttempt,
    WebhookEndpoint,
    WebhookStanding,
)

SECRET_BYTES = 32
# A receiver has so long to learn the new secret.
ROTATION = timedelta(hours=24)
MAX_ENDPOINTS = 20
UNREADABLE = "The signing secret cannot be opened; make a new one."


class Endpoints:
    """Works inside the caller's transaction; all of it is one tenant's. Raises NotFound for another's endpoint."""

    def __init__(
        self,
        keyring: Keyring,
        settings: Settings,
        resolver: Resolver = resolve,
        clock: Clock = utc_now,
    ) -> None:
        self._keyring = keyring
        self._embedded = settings.mode == "embedded"
        self._resolver = resolver
        self._clock = clock

    async def check_url(self, url: str | None) -> str | None:
        """Asks DNS, so do it outside a transaction. Raises InvalidField."""
        if url is None:
            return None
        checked = domain.check_url(url, allow_http=self._embedded)
        host = urlsplit(checked).hostname or ""
        await check_host("url", host, allow_loopback=self._embedded, resolver=self._resolver)
        return checked

    async def create(
        self, tx: Transaction, tenant_id: UUID, url: str, command: CreateWebhookEndpoint
    ) -> WebhookEndpoint:
        """Tells of what happens from now on. Raises InvalidField."""
        await _check_room(tx, tenant_id)
        name = new_id()
        row = {
            "id": name,
            "tenant_id": tenant_id,
            "url": url,
            "description": domain.check_description(command.description),
            "event_types": domain.check_types(command.event_types),
            "secret": self._seal(_new_secret(), tenant_id, name, "secret"),
            "created_at": self._clock(),
        }
        await tx.execute(sa.insert(endpoints).values(row))
        await _skip_the_past(tx, tenant_id, name)
        return await self.get(tx, tenant_id, name)

    async def update(
        self,
        tx: Transaction,
        tenant_id: UUID,
        endpoint_id: UUID,
        url: str | None,
        command: UpdateWebhookEndpoint,
    ) -> WebhookEndpoint:
        """Switching on again starts where it stopped. Raises InvalidField."""
        await self._row(tx, tenant_id, endpoint_id)
        values: dict[str, Any] = {}
        if url is not None:
            values["url"] = url
        if command.description is not None:
            values["description"] = domain.check_description(command.description)
        if command.event_types is not None:
            values["event_types"] = domain.check_types(command.event_types)
        if command.enabled is not None:
            values |= {"enabled": command.enabled, "reason": None, "failing_since": None}
        if values:
            await tx.execute(
                sa.update(endpoints).where(endpoints.c.id == endpoint_id).values(values)
            )
        # Who changes an endpoint has mended it: no waiting for the next try.
        await tx.execute(
            sa.update(cursors)
            .where(cursors.c.endpoint_id == endpoint_id)
            .values(attempts=0, next_attempt_at=None)
        )
        return await self.get(tx, tenant_id, endpoint_id)

    async def rotate(self, tx: Transaction, tenant_id: UUID, endpoint_id: UUID) -> WebhookEndpoint:
        """A new secret; the one before, if it can still be read, signs beside it for a day."""
        row = await self._row(tx, tenant_id, endpoint_id)
        values = {
            "secret": self._seal(_new_secret(), tenant_id, endpoint_id, "secret"),
            "old_secret": self._kept(row),
            "old_secret_until": self._clock() + ROTATION,
        }
        await tx.execute(sa.update(endpoints).where(endpoints.c.id == endpoint_id).values(values))
        return await self.get(tx, tenant_id, endpoint_id)

    async def delete(self, tx: Transaction, tenant_id: UUID, endpoint_id: UUID) -> None:
        await self._row(tx, tenant_id, endpoint_id)
        await tx.execute(sa.delete(endpoints).where(endpoints.c.id == endpoint_id))

    async def replay(
        self, tx: Transaction, tenant_id: UUID, endpoint_id: UUID, command: ReplayWebhooks
    ) -> None:
        """Moves the endpoint's place in the session's log back, never on. Raises NotFound."""
        await self._row(tx, tenant_id, endpoint_id)
        known = sa.select(sessions.c.id).where(
            sessions.c.id == command.session_id, sessions.c.tenant_id == tenant_id
        )
        if await tx.scalar(known) is None:
            raise NotFound("There is no such session.")
        back = {"sequence": command.after_sequence, "attempts": 0, "next_attempt_at": None}
        new = {"endpoint_id": endpoint_id, "session_id": command.session_id, "tenant_id": tenant_id}
        await tx.execute(
            insert(cursors)
            .values(**new, **back)
            .on_conflict_do_update(
                constraint=cursors.primary_key,
                set_={
                    **back,
                    "sequence": sa.func.least(cursors.c.sequence, command.after_sequence),
                },
            )
        )

    async def of_tenant(self, tx: Transaction, tenant_id: UUID) -> list[WebhookEndpoint]:
        """Oldest first."""
        found = await tx.execute(
            sa.select(endpoints)
            .where(endpoints.c.tenant_id == tenant_id)
            .order_by(endpoints.c.created_at, endpoints.c.id)
        )
        return [to_endpoint(row) for row in found.mappings()]

    async def get(self, tx: Transaction, tenant_id: UUID, endpoint_id: UUID) -> WebhookEndpoint:
        return to_endpoint(await self._row(tx, tenant_id, endpoint_id))

    async def secret(self, tx: Transaction, tenant_id: UUID, endpoint_id: UUID) -> Secret:
        """Raises SecretUnreadable."""
        row = await self._row(tx, tenant_id, endpoint_id)
        try:
            return self._open(row, "secret")
        except Undecryptable:
            raise SecretUnreadable(UNREADABLE) from None

    def signing(self, row: sa.RowMapping) -> tuple[Secret, ...]:
        """The secrets that sign now, newest first. Raises Undecryptable."""
        newest = self._open(row, "secret")
        until = row["old_secret_until"]
        if row["old_secret"] is None or until is None or until <= self._clock():
            return (newest,)
        return (newest, self._open(row, "old_secret"))

    async def tries(
        self, tx: Transaction, tenant_id: UUID, endpoint_id: UUID, before: UUID | None, limit: int
    ) -> list[WebhookAttempt]:
        """Newest first; `before` is the id of the last one already seen."""
        await self._row(tx, tenant_id, endpoint_id)
        wanted = sa.select(attempts).where(attempts.c.endpoint_id == endpoint_id)
        if before is not None:
            wanted = wanted.where(attempts.c.id < before)
        found = await tx.execute(wanted.order_by(attempts.c.id.desc()).limit(limit))
        return [_to_attempt(row) for row in found.mappings()]

    async def _row(self, tx: Transaction, tenant_id: UUID, endpoint_id: UUID) -> sa.RowMapping:
        found = await tx.execute(
            sa.select(endpoints).where(
                endpoints.c.id == endpoint_id, endpoints.c.tenant_id == tenant_id
            )
        )
        row = found.mappings().first()
        if row is None:
            raise NotFound("There is no such webhook endpoint.")
        return row

    def _seal(self, secret: Secret, tenant_id: UUID, endpoint_id: UUID, column: str) -> bytes:
        return self._keyring.seal(secret, _place(tenant_id, endpoint_id, column))

    def _kept(self, row: sa.RowMapping) -> bytes | None:
        try:
            old = self._open(row, "secret")
        except Undecryptable:
            return None
        return self._seal(old, row["tenant_id"], row["id"], "old_secret")

    def _open(self, row: sa.RowMapping, column: str) -> Secret:
        return self._keyring.open(row[column], _place(row["tenant_id"], row["id"], column))


def to_endpoint(row: sa.RowMapping) -> WebhookEndpoint:
    standing: WebhookStanding = "failing" if row["failing_since"] else "enabled"
    return WebhookEndpoint(
        id=row["id"],
        url=row["url"],
        description=row["description"],
        event_types=row["event_types"],
        status=standing if row["enabled"] else "disabled",
        reason=row["reason"],
        created_at=row["created_at"],
    )


def _to_attempt(row: sa.RowMapping) -> WebhookAttempt:
    return WebhookAttempt(**{name: row[name] for name in WebhookAttempt.__struct_fields__})


def _place(tenant_id: UUID, endpoint_id: UUID, column: str) -> Place:
    return Place("webhook_endpoints", column, tenant_id, endpoint_id)


def _new_secret() -> Secret:
    return Secret("whsec_" + base64.b64encode(secrets.token_bytes(SECRET_BYTES)).decode())


async def _check_room(tx: Transaction, tenant_id: UUID) -> None:
    count = await tx.scalar(
        sa.select(sa.func.count()).select_from(endpoints).where(endpoints.c.tenant_id == tenant_id)
    )
    if count >= MAX_ENDPOINTS:
        raise TooManyEndpoints(f"There are {MAX_ENDPOINTS} endpoints already; delete one first.")


async def _skip_the_past(tx: Transaction, tenant_id: UUID, endpoint_id: UUID) -> None:
    """A session without a cursor is told from its beginning, so those that are there get one at their end."""
    there = sa.select(
        sa.literal(endpoint_id), sessions.c.id, sessions.c.tenant_id, sessions.c.last_sequence
    ).where(sessions.c.tenant_id == tenant_id)
    columns = ["endpoint_id", "session_id", "tenant_id", "sequence"]
    await tx.execute(sa.insert(cursors).from_select(columns, there))
