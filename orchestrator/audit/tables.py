"""What people did outside of sessions; the database refuses to change or delete an entry."""

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import JSONB

from orchestrator.core.database import metadata, time_column, uuid_column

audit_log = sa.Table(
    "audit_log",
    metadata,
    uuid_column("id", primary_key=True),
    uuid_column("tenant_id", sa.ForeignKey("tenants.id"), nullable=False),
    sa.Column("action", sa.Text, nullable=False),
    # Null for the command line and for who did not get in.
    uuid_column("actor_id", nullable=True),
    uuid_column("target_id", nullable=True),
    sa.Column("details", JSONB, nullable=False),
    time_column("at", nullable=False),
    sa.ForeignKeyConstraint(["tenant_id", "actor_id"], ["users.tenant_id", "users.id"]),
    sa.Index("ix_audit_log_tenant_id_id", "tenant_id", "id"),
)
