"""/api/webhook-endpoints: who is told of events."""

from typing import Annotated
from uuid import UUID

import msgspec
from litestar import Controller, delete, get, patch, post
from litestar.di import NamedDependency
from litestar.params import FromPath, FromQuery, JSONBody, QueryParameter

from orchestrator.auth.domain import Principal
from orchestrator.core.clock import utc_now
from orchestrator.core.database import Database, Transaction
from orchestrator.http.idempotency import Write
from orchestrator.outbound.domain import EVENT_TYPES
from orchestrator.outbound.sender import Message, Sender
from orchestrator.outbound.service import Endpoints
from schema.base import Command, Page
from schema.webhooks import (
    CreateWebhookEndpoint,
    ReplayWebhooks,
    UpdateWebhookEndpoint,
    WebhookAttempt,
    WebhookEndpoint,
    WebhookSecret,
    WebhookTest,
)

Limit = Annotated[int, QueryParameter(ge=1, le=200)]


class WebhookEndpointsController(Controller):
    path = "/api/webhook-endpoints"
    tags = ("webhooks",)

    @get()
    async def webhook_endpoints(
        self,
        principal: NamedDependency[Principal],
        database: NamedDependency[Database],
        endpoints: NamedDependency[Endpoints],
    ) -> Page[WebhookEndpoint]:
        async with database.transaction(principal.tenant_id) as tx:
            return Page(items=await endpoints.of_tenant(tx, principal.tenant_id))

    @get("/event-types")
    async def webhook_event_types(self) -> Page[str]:
        """All that an endpoint can ask for."""
        return Page(items=sorted(EVENT_TYPES))

    @post()
    async def create_webhook_endpoint(
        self,
        data: JSONBody[CreateWebhookEndpoint],
        principal: NamedDependency[Principal],
        write: NamedDependency[Write],
        database: NamedDependency[Database],
        endpoints: NamedDependency[Endpoints],
    ) -> WebhookSecret:
        """The secret is read from its row, so a repeated request shows it too and no stored reply holds it."""
        url = await endpoints.check_url(data.url)
        made = await write.once(
            data,
            lambda tx, _: endpoints.create(tx, principal.tenant_id, url or "", data),
            WebhookEndpoint,
        )
        return await _with_secret(database, endpoints, principal.tenant_id, made)

    @patch("/{endpoint_id:uuid}")
    async def update_webhook_endpoint(
        self,
        endpoint_id: FromPath[UUID],
        data: JSONBody[UpdateWebhookEndpoint],
        principal: NamedDependency[Principal],
        write: NamedDependency[Write],
        endpoints: NamedDependency[Endpoints],
    ) -> WebhookEndpoint:
        """What waits for a later try is tried at once."""
        url = await endpoints.check_url(data.url)
        return await write.once(
            data,
            lambda tx, _: endpoints.update(tx, principal.tenant_id, endpoint_id, url, data),
            WebhookEndpoint,
        )

    @delete("/{endpoint_id:uuid}")
    async def delete_webhook_endpoint(
        self,
        endpoint_id: FromPath[UUID],
        principal: NamedDependency[Principal],
        write: NamedDependency[Write],
        endpoints: NamedDependency[Endpoints],
    ) -> None:
        async def work(tx: Transaction, _: str) -> Command:
            await endpoints.delete(tx, principal.tenant_id, endpoint_id)
            return Command()

        await write.once(Command(), work, Command)

    @post("/{endpoint_id:uuid}/rotate-secret", status_code=200)
    async def rotate_webhook_secret(
        self,
        endpoint_id: FromPath[UUID],
        principal: NamedDependency[Principal],
        write: NamedDependency[Write],
        database: NamedDependency[Database],
        endpoints: NamedDependency[Endpoints],
    ) -> WebhookSecret:
        """The secret before signs beside the new one for a day."""
        rotated = await write.once(
            Command(),
            lambda tx, _: endpoints.rotate(tx, principal.tenant_id, endpoint_id),
            WebhookEndpoint,
        )
        return await _with_secret(database, endpoints, principal.tenant_id, rotated)

    @post("/{endpoint_id:uuid}/replay", status_code=202)
    async def replay_webhooks(
        self,
        endpoint_id: FromPath[UUID],
        data: JSONBody[ReplayWebhooks],
        principal: NamedDependency[Principal],
        write: NamedDependency[Write],
        endpoints: NamedDependency[Endpoints],
    ) -> None:
        """Each event keeps its `webhook-id`, so a receiver can leave out what it has."""

        async def work(tx: Transaction, _: str) -> Command:
            await endpoints.replay(tx, principal.tenant_id, endpoint_id, data)
            return Command()

        await write.once(data, work, Command)

    @post("/{endpoint_id:uuid}/test", status_code=200)
    async def test_webhook_endpoint(
        self,
        endpoint_id: FromPath[UUID],
        principal: NamedDependency[Principal],
        database: NamedDependency[Database],
        endpoints: NamedDependency[Endpoints],
        sender: NamedDependency[Sender],
    ) -> WebhookTest:
        """Sends a `ping` now and says what came back; nothing of it is kept."""
        async with database.transaction(principal.tenant_id) as tx:
            endpoint = await endpoints.get(tx, principal.tenant_id, endpoint_id)
            secret = await endpoints.secret(tx, principal.tenant_id, endpoint_id)
        now = utc_now()
        ping = {"type": "ping", "timestamp": now, "data": {"endpointId": endpoint_id}}
        message = Message(f"ping-{endpoint_id}", endpoint.url, msgspec.json.encode(ping), (secret,))
        sent = await sender.send(message, now)
        return WebhookTest(
            delivered=sent.answer.delivered,
            status=sent.answer.status,
            error=sent.answer.error,
            duration_ms=sent.duration_ms,
        )

    @get("/{endpoint_id:uuid}/attempts")
    async def webhook_attempts(
        self,
        endpoint_id: FromPath[UUID],
        principal: NamedDependency[Principal],
        database: NamedDependency[Database],
        endpoints: NamedDependency[Endpoints],
        cursor: FromQuery[UUID | None] = None,
        limit: Limit = 50,
    ) -> Page[WebhookAttempt]:
        """Newest first, of the last seven days."""
        async with database.transaction(principal.tenant_id) as tx:
            items = await endpoints.tries(tx, principal.tenant_id, endpoint_id, cursor, limit)
        return Page(items=items, next_cursor=str(items[-1].id) if len(items) == limit else None)


async def _with_secret(
    database: Database, endpoints: Endpoints, tenant_id: UUID, endpoint: WebhookEndpoint
) -> WebhookSecret:
    async with database.transaction(tenant_id) as tx:
        secret = await endpoints.secret(tx, tenant_id, endpoint.id)
    return WebhookSecret(endpoint=endpoint, secret=secret.reveal())
