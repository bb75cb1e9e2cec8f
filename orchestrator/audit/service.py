"""Writing and reading the audit log; an entry is written in the transaction of what it tells about."""

from typing import Any
from uuid import UUID

import sqlalchemy as sa

from orchestrator.audit.tables import audit_log
from orchestrator.core.clock import new_id, utc_now
from orchestrator.core.database import Transaction, metadata
from schema.audit import AuditAction, AuditEntry


async def record(
    tx: Transaction,
    action: AuditAction,
    tenant_id: UUID,
    *,
    actor_id: UUID | None,
    target_id: UUID | None = None,
    **details: Any,
) -> None:
    """`details` become JSON as they are: never a secret."""
    values = {
        "id": new_id(),
        "tenant_id": tenant_id,
        "action": action,
        "actor_id": actor_id,
        "target_id": target_id,
        "details": details,
        "at": utc_now(),
    }
    await tx.execute(sa.insert(audit_log).values(values))


async def entries(
    tx: Transaction, tenant_id: UUID, before: UUID | None, limit: int
) -> list[AuditEntry]:
    """Newest first, older than `before`; ids sort by time."""
    # By name: the tables of people belong to a layer above.
    users = metadata.tables["users"]
    actor, target = users.alias(), users.alias()
    wanted = (
        sa.select(
            audit_log,
            actor.c.name.label("actor_name"),
            target.c.name.label("target_name"),
        )
        .outerjoin(actor, actor.c.id == audit_log.c.actor_id)
        .outerjoin(
            target,
            (target.c.id == audit_log.c.target_id) & (target.c.tenant_id == tenant_id),
        )
        .where(audit_log.c.tenant_id == tenant_id)
        .order_by(audit_log.c.id.desc())
        .limit(limit)
    )
    if before is not None:
        wanted = wanted.where(audit_log.c.id < before)
    return [_entry(row) for row in (await tx.execute(wanted)).mappings()]


def _entry(row: sa.RowMapping) -> AuditEntry:
    return AuditEntry(**{field: row[field] for field in AuditEntry.__struct_fields__})
