"""Corrections beside what was heard, cues by their place in the log, and how a course is captioned."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

from orchestrator.migrations.walls import raise_walls

revision = "0021"
down_revision = "0020"

PLACES = """
update captions set sequence = e.sequence from session_state_events e
where e.session_id = captions.session_id and e.event_type = 'caption.finalized'
  and e.event_payload ->> 'segmentId' = captions.segment_id
"""


def upgrade() -> None:
    op.add_column(
        "captions", sa.Column("sequence", sa.Integer(), server_default="0", nullable=False)
    )
    op.execute(PLACES)
    op.alter_column("captions", "sequence", server_default=None)
    op.add_column("captions", sa.Column("corrected_text", sa.Text(), nullable=True))
    op.create_index(op.f("ix_captions_session_id_sequence"), "captions", ["session_id", "sequence"])
    op.create_table(
        "course_caption_settings",
        sa.Column("course_id", sa.UUID(), nullable=False),
        sa.Column("tenant_id", sa.UUID(), nullable=False),
        sa.Column("settings", postgresql.JSONB(), nullable=False),
        sa.ForeignKeyConstraint(
            ["tenant_id", "course_id"],
            ["courses.tenant_id", "courses.id"],
            name=op.f("fk_course_caption_settings_tenant_id_course_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("course_id", name=op.f("pk_course_caption_settings")),
    )
    raise_walls()
