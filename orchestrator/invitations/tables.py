"""Invitations of sessions. `uses` and `revoked` come from the log; the name and the secret's hash are only here."""

import sqlalchemy as sa

from orchestrator.core.database import metadata, time_column, uuid_column

invitations = sa.Table(
    "invitations",
    metadata,
    uuid_column("id", primary_key=True),
    uuid_column("tenant_id", nullable=False),
    uuid_column("session_id", nullable=False),
    sa.Column("name", sa.Text, nullable=False),
    # SHA-256 of the link's secret: whoever reads this table cannot come in by it.
    sa.Column("token_hash", sa.LargeBinary, nullable=False, unique=True),
    time_column("created_at", nullable=False),
    time_column("expires_at", nullable=False),
    sa.Column("max_uses", sa.Integer),
    sa.Column("uses", sa.Integer, nullable=False, server_default="0"),
    sa.Column("revoked", sa.Boolean, nullable=False, server_default=sa.false()),
    sa.UniqueConstraint("tenant_id", "id"),
    sa.ForeignKeyConstraint(["tenant_id", "session_id"], ["sessions.tenant_id", "sessions.id"]),
    sa.CheckConstraint("uses <= max_uses", name="uses"),
    sa.Index(None, "tenant_id", "session_id"),
)
