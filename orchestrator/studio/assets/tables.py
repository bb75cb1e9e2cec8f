"""What was uploaded to a session: slides, pictures, whiteboards to draw over."""

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import JSONB

from orchestrator.core.database import metadata, uuid_column

studio_assets = sa.Table(
    "studio_assets",
    metadata,
    uuid_column("id", primary_key=True),
    uuid_column("tenant_id", nullable=False),
    uuid_column("session_id", nullable=False, index=True),
    uuid_column("scene_id", index=True),
    sa.Column("type", sa.Text, nullable=False),
    sa.Column("name", sa.Text, nullable=False),
    # Object key of the folder of its pages.
    sa.Column("key", sa.Text, nullable=False),
    sa.Column("pages", JSONB, nullable=False),
    sa.UniqueConstraint("tenant_id", "id"),
    sa.ForeignKeyConstraint(["tenant_id", "session_id"], ["sessions.tenant_id", "sessions.id"]),
    sa.ForeignKeyConstraint(
        ["tenant_id", "scene_id"], ["studio_scenes.tenant_id", "studio_scenes.id"]
    ),
    sa.CheckConstraint("type in ('slide', 'whiteboard', 'image')", name="type"),
)
