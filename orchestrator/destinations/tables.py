"""A tenant's connected accounts and its RTMP destinations; `stream_key` is a sealed envelope (core.crypto)."""

import sqlalchemy as sa

from orchestrator.core.database import metadata, time_column, uuid_column

integrations = sa.Table(
    "integrations",
    metadata,
    uuid_column("id", primary_key=True),
    uuid_column("tenant_id", sa.ForeignKey("tenants.id"), nullable=False),
    sa.Column("platform", sa.Text, nullable=False),
    sa.Column("account", sa.Text, nullable=False),
    sa.Column("status", sa.Text, nullable=False),
    sa.Column("credentials", sa.LargeBinary),
    time_column("created_at", nullable=False),
    time_column("updated_at", nullable=False),
    sa.UniqueConstraint("tenant_id", "id"),
    sa.UniqueConstraint("tenant_id", "platform", "account"),
)

destinations = sa.Table(
    "multistream_destinations",
    metadata,
    uuid_column("id", primary_key=True),
    uuid_column("tenant_id", sa.ForeignKey("tenants.id"), nullable=False),
    uuid_column("integration_id"),
    sa.Column("type", sa.Text, nullable=False),
    sa.Column("preset", sa.Text, nullable=False, server_default="custom"),
    sa.Column("name", sa.Text, nullable=False),
    sa.Column("url", sa.Text, nullable=False),
    sa.Column("stream_key", sa.LargeBinary, nullable=False),
    sa.Column("key_hint", sa.Text),
    sa.Column("status", sa.Text, nullable=False),
    time_column("created_at", nullable=False),
    time_column("updated_at", nullable=False),
    # Past sessions still name their destinations, so a row stays; its key does not.
    time_column("deleted_at"),
    sa.UniqueConstraint("tenant_id", "id"),
    sa.CheckConstraint("type in ('rtmp', 'youtube', 'twitch')", name="type"),
    sa.ForeignKeyConstraint(
        ["tenant_id", "integration_id"], ["integrations.tenant_id", "integrations.id"]
    ),
)
