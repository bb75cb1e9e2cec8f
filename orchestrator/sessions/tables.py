"""Sessions and their participants: `sessions` is also the head of each log, locked by every append."""

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import ARRAY, JSONB

from orchestrator.core.database import metadata, time_column, uuid_column

sessions = sa.Table(
    "sessions",
    metadata,
    uuid_column("id", primary_key=True),
    uuid_column("tenant_id", nullable=False),
    uuid_column("lesson_id", nullable=False),
    sa.Column("title", sa.Text, nullable=False),
    time_column("scheduled_start", nullable=False),
    time_column("scheduled_end", nullable=False),
    sa.Column("status", sa.Text, nullable=False, server_default="scheduled"),
    sa.Column("room", sa.Text, unique=True),
    time_column("started_at"),
    time_column("ended_at"),
    sa.Column("students_may_publish", sa.Boolean, nullable=False, server_default=sa.false()),
    sa.Column("locked", sa.Boolean, nullable=False, server_default=sa.false()),
    sa.Column("last_sequence", sa.Integer, nullable=False, server_default="0"),
    time_column("created_at", nullable=False),
    sa.UniqueConstraint("tenant_id", "id"),
    sa.ForeignKeyConstraint(["tenant_id", "lesson_id"], ["lessons.tenant_id", "lessons.id"]),
    sa.CheckConstraint("status in ('scheduled', 'live', 'ended', 'cancelled')", name="status"),
    sa.CheckConstraint("scheduled_end > scheduled_start", name="schedule"),
    sa.Index(None, "tenant_id", "scheduled_start"),
    sa.Index("ix_sessions_live", "id", postgresql_where=sa.text("status = 'live'")),
)

session_participants = sa.Table(
    "session_participants",
    metadata,
    uuid_column("id", primary_key=True),
    uuid_column("tenant_id", nullable=False),
    uuid_column("session_id", nullable=False),
    uuid_column("user_id", nullable=False),
    sa.Column("name", sa.Text, nullable=False),
    sa.Column("role", sa.Text, nullable=False),
    time_column("join_time", nullable=False),
    time_column("leave_time"),
    # schema.people.Permissions
    sa.Column("permissions", JSONB, nullable=False),
    time_column("hand_raised_at"),
    sa.Column("removed", sa.Boolean, nullable=False, server_default=sa.false()),
    sa.Column("guest", sa.Boolean, nullable=False, server_default=sa.false()),
    # LiveKit connections open now, and every one ever seen: a doubled or late webhook changes nothing.
    sa.Column("sids", ARRAY(sa.Text), nullable=False, server_default="{}"),
    sa.Column("seen", ARRAY(sa.Text), nullable=False, server_default="{}"),
    sa.UniqueConstraint("tenant_id", "id"),
    sa.UniqueConstraint("session_id", "user_id"),
    sa.ForeignKeyConstraint(["tenant_id", "session_id"], ["sessions.tenant_id", "sessions.id"]),
    sa.ForeignKeyConstraint(["tenant_id", "user_id"], ["users.tenant_id", "users.id"]),
    sa.CheckConstraint("role in ('teacher', 'student', 'assistant')", name="role"),
)
