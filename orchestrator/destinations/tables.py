"""A tenant's destinations; `stream_key` is a sealed envelope (core.crypto)."""

import sqlalchemy as sa

from orchestrator.core.database import metadata, time_column, uuid_column

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
    # Empty for an account's: its platform gives one for each class.
    sa.Column("stream_key", sa.LargeBinary, nullable=False),
    sa.Column("key_hint", sa.Text),
    time_column("key_changed_at", nullable=False, server_default=sa.text("now()")),
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

ingests = sa.Table(
    "session_ingests",
    metadata,
    uuid_column("id", primary_key=True),
    uuid_column("tenant_id", nullable=False),
    uuid_column("session_id", nullable=False),
    uuid_column("destination_id", nullable=False),
    sa.Column("url", sa.Text, nullable=False),
    sa.Column("stream_key", sa.LargeBinary, nullable=False),
    # How the platform calls the stream; when it is asked next how that arrives (never: null), when it last answered.
    sa.Column("reference", sa.Text, nullable=False, server_default=""),
    time_column("ask_at", index=True),
    time_column("heard_at"),
    sa.Column("failures", sa.Integer, nullable=False, server_default="0"),
    time_column("created_at", nullable=False),
    sa.UniqueConstraint("session_id", "destination_id"),
    sa.ForeignKeyConstraint(["tenant_id", "session_id"], ["sessions.tenant_id", "sessions.id"]),
    sa.ForeignKeyConstraint(
        ["tenant_id", "destination_id"],
        ["multistream_destinations.tenant_id", "multistream_destinations.id"],
    ),
)
