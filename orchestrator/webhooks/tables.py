"""The inbox of LiveKit's webhooks: one row per event id, so that a delivery repeated is a delivery ignored."""

import sqlalchemy as sa

from orchestrator.core.database import metadata, time_column

# An event belongs to no tenant until its room is looked up, so this table alone has no tenant_id.
inbox = sa.Table(
    "webhook_inbox",
    metadata,
    sa.Column("event_id", sa.Text, primary_key=True),
    sa.Column("event", sa.Text, nullable=False),
    sa.Column("body", sa.Text, nullable=False),
    time_column("received_at", nullable=False),
    time_column("processed_at"),
    sa.Column("attempts", sa.Integer, nullable=False, server_default="0"),
    sa.Column("error", sa.Text),
    sa.Index(
        "ix_webhook_inbox_waiting", "received_at", postgresql_where=sa.text("processed_at is null")
    ),
)
