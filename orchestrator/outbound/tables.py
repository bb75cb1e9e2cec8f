"""Webhook endpoints, how far each is in each session's log, and the tries of the last days. The log itself is the outbox."""

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import ARRAY

from orchestrator.core.database import metadata, time_column, uuid_column


def owned() -> list[sa.schema.SchemaItem]:
    """What cursors and attempts have in common."""
    return [
        uuid_column("tenant_id", nullable=False),
        sa.ForeignKeyConstraint(
            ["tenant_id", "endpoint_id"],
            ["webhook_endpoints.tenant_id", "webhook_endpoints.id"],
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(["tenant_id", "session_id"], ["sessions.tenant_id", "sessions.id"]),
    ]


endpoints = sa.Table(
    "webhook_endpoints",
    metadata,
    uuid_column("id", primary_key=True),
    uuid_column("tenant_id", sa.ForeignKey("tenants.id"), nullable=False),
    sa.Column("url", sa.Text, nullable=False),
    sa.Column("description", sa.Text, nullable=False),
    sa.Column("event_types", ARRAY(sa.Text), nullable=False),
    sa.Column("secret", sa.LargeBinary, nullable=False),
    # The one before, which signs beside it until then.
    sa.Column("old_secret", sa.LargeBinary),
    time_column("old_secret_until"),
    sa.Column("enabled", sa.Boolean, nullable=False, server_default=sa.true()),
    sa.Column("reason", sa.Text),
    time_column("failing_since"),
    time_column("created_at", nullable=False),
    sa.UniqueConstraint("tenant_id", "id"),
)

cursors = sa.Table(
    "webhook_cursors",
    metadata,
    uuid_column("endpoint_id", primary_key=True),
    uuid_column("session_id", primary_key=True),
    *owned(),
    sa.Column("sequence", sa.Integer, nullable=False),
    # Tries of the event after `sequence`.
    sa.Column("attempts", sa.Integer, nullable=False, server_default="0"),
    time_column("next_attempt_at"),
    time_column("leased_until"),
)

attempts = sa.Table(
    "webhook_attempts",
    metadata,
    uuid_column("id", primary_key=True),
    uuid_column("endpoint_id", nullable=False),
    uuid_column("session_id", nullable=False),
    *owned(),
    uuid_column("event_id", nullable=False),
    sa.Column("sequence", sa.Integer, nullable=False),
    sa.Column("event_type", sa.Text, nullable=False),
    sa.Column("attempt", sa.Integer, nullable=False),
    sa.Column("status", sa.Integer),
    sa.Column("error", sa.Text),
    sa.Column("duration_ms", sa.Integer, nullable=False),
    time_column("created_at", nullable=False),
    sa.Index(None, "endpoint_id", "created_at"),
    sa.Index(None, "created_at"),
)
