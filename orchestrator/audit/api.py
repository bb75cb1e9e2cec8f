"""/api/audit: the tenant's audit log, for its admins."""

from typing import Annotated, Any
from uuid import UUID

from litestar import Controller, Request, get
from litestar.di import NamedDependency
from litestar.params import QueryParameter

from orchestrator.audit import service
from orchestrator.core.database import Database
from orchestrator.http.idempotency import Actor
from schema.audit import AuditEntry
from schema.base import Page


class AuditController(Controller):
    path = "/api/audit"
    tags = ("audit",)

    @get()
    async def audit_log(
        self,
        request: Request[Actor, Any, Any],
        database: NamedDependency[Database],
        before: Annotated[UUID | None, QueryParameter(description="The last `id` seen.")] = None,
        limit: Annotated[int, QueryParameter(ge=1, le=200)] = 50,
    ) -> Page[AuditEntry]:
        """Newest first; `nextCursor` is the next `before`."""
        async with database.transaction(request.user.tenant_id) as tx:
            items = await service.entries(tx, request.user.tenant_id, before, limit)
        more = len(items) == limit
        return Page(items=items, next_cursor=str(items[-1].id) if more else None)
