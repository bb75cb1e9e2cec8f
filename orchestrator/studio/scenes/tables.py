"""The scenes of a session, as its log tells them."""

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import ARRAY, JSONB, UUID

from orchestrator.core.database import metadata, uuid_column

studio_scenes = sa.Table(
    "studio_scenes",
    metadata,
    uuid_column("id", primary_key=True),
    uuid_column("tenant_id", nullable=False),
    uuid_column("session_id", nullable=False, index=True),
    sa.Column("name", sa.Text, nullable=False),
    sa.Column("layout", sa.Text, nullable=False),
    sa.Column("metadata", JSONB, nullable=False),
    sa.Column("assets", ARRAY(UUID(as_uuid=True)), nullable=False, server_default="{}"),
    sa.Column("slide", JSONB(none_as_null=True)),
    sa.Column("active", sa.Boolean, nullable=False, server_default="false"),
    # Of its last event: the version an edit is based on.
    sa.Column("sequence", sa.Integer, nullable=False),
    sa.UniqueConstraint("tenant_id", "id"),
    sa.ForeignKeyConstraint(["tenant_id", "session_id"], ["sessions.tenant_id", "sessions.id"]),
    sa.Index(
        "ix_studio_scenes_active", "session_id", unique=True, postgresql_where=sa.text("active")
    ),
)
