"""A tenant's connected accounts, and the connections that browsers are away to make."""

import sqlalchemy as sa

from orchestrator.core.database import metadata, time_column, uuid_column

integrations = sa.Table(
    "integrations",
    metadata,
    uuid_column("id", primary_key=True),
    uuid_column("tenant_id", sa.ForeignKey("tenants.id"), nullable=False),
    sa.Column("platform", sa.Text, nullable=False),
    # The platform's own id of the account, and how people know it.
    sa.Column("account", sa.Text, nullable=False),
    sa.Column("account_name", sa.Text, nullable=False, server_default=""),
    sa.Column("status", sa.Text, nullable=False),
    # A sealed envelope (core.crypto) around both tokens; nothing once disconnected.
    sa.Column("credentials", sa.LargeBinary),
    time_column("expires_at"),
    time_column("checked_at"),
    sa.Column("last_error", sa.Text),
    uuid_column("connected_by"),
    time_column("created_at", nullable=False),
    time_column("updated_at", nullable=False),
    sa.UniqueConstraint("tenant_id", "id"),
    sa.UniqueConstraint("tenant_id", "platform", "account"),
    sa.ForeignKeyConstraint(["tenant_id", "connected_by"], ["users.tenant_id", "users.id"]),
    sa.CheckConstraint(
        "status in ('connected', 'expired', 'disconnected', 'error')", name="status"
    ),
    sa.CheckConstraint("status <> 'connected' or credentials is not null", name="credentials"),
)

departures = sa.Table(
    "platform_departures",
    metadata,
    # SHA-256 of the state: who reads this table cannot answer in a browser's place.
    sa.Column("state_hash", sa.LargeBinary, primary_key=True),
    uuid_column("tenant_id", nullable=False),
    uuid_column("user_id", nullable=False),
    sa.Column("platform", sa.Text, nullable=False),
    time_column("expires_at", nullable=False, index=True),
    sa.ForeignKeyConstraint(["tenant_id", "user_id"], ["users.tenant_id", "users.id"]),
)
