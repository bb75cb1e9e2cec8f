"""The replies of finished writes, kept so that a repeated request gets the same one."""

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import JSONB

from orchestrator.core.database import metadata, time_column, uuid_column

idempotency_keys = sa.Table(
    "idempotency_keys",
    metadata,
    uuid_column("tenant_id", primary_key=True),
    uuid_column("principal_id", primary_key=True),
    sa.Column("route", sa.Text, primary_key=True),
    sa.Column("key", sa.Text, primary_key=True),
    sa.Column("request_hash", sa.LargeBinary, nullable=False),
    sa.Column("reply", JSONB, nullable=False),
    time_column("created_at", nullable=False),
    time_column("expires_at", nullable=False, index=True),
    sa.ForeignKeyConstraint(["tenant_id", "principal_id"], ["users.tenant_id", "users.id"]),
)
