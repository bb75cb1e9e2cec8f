"""How classes of a course are captioned; a class of its own settings has them in its log."""

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import JSONB

from orchestrator.core.database import metadata, uuid_column

course_settings = sa.Table(
    "course_caption_settings",
    metadata,
    uuid_column("course_id", primary_key=True),
    uuid_column("tenant_id", nullable=False),
    sa.Column("settings", JSONB, nullable=False),
    sa.ForeignKeyConstraint(
        ["tenant_id", "course_id"], ["courses.tenant_id", "courses.id"], ondelete="CASCADE"
    ),
)
