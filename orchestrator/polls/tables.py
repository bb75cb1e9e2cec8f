"""Polls and the answers to them; what is sealed in the log is sealed here too."""

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import ARRAY

from orchestrator.core.database import metadata, time_column, uuid_column

polls = sa.Table(
    "polls",
    metadata,
    uuid_column("id", primary_key=True),
    uuid_column("tenant_id", nullable=False),
    uuid_column("session_id", nullable=False),
    uuid_column("created_by", nullable=False),
    sa.Column("status", sa.Text, nullable=False, server_default="draft"),
    sa.Column("sealed", sa.Text, nullable=False),
    # Of the question, from when it is open to all; before that it is only in `sealed`.
    sa.Column("prompt", sa.Text),
    sa.Column("options", ARRAY(sa.Text)),
    sa.Column("kind", sa.Text),
    sa.Column("anonymous", sa.Boolean),
    sa.Column("multiple", sa.Boolean),
    sa.Column("results", sa.Text),
    sa.Column("tally", ARRAY(sa.Integer)),
    sa.Column("correct", ARRAY(sa.Integer)),
    sa.Column("sequence", sa.Integer, nullable=False),
    time_column("created_at", nullable=False),
    time_column("opened_at"),
    time_column("closed_at"),
    sa.UniqueConstraint("tenant_id", "id"),
    sa.UniqueConstraint("session_id", "sequence"),
    sa.ForeignKeyConstraint(["tenant_id", "session_id"], ["sessions.tenant_id", "sessions.id"]),
    sa.ForeignKeyConstraint(["tenant_id", "created_by"], ["users.tenant_id", "users.id"]),
    sa.CheckConstraint("status in ('draft', 'open', 'closed')", name="status"),
    sa.CheckConstraint("status = 'draft' or prompt is not null", name="question"),
)

poll_responses = sa.Table(
    "poll_responses",
    metadata,
    uuid_column("tenant_id", nullable=False),
    uuid_column("session_id", nullable=False, index=True),
    uuid_column("poll_id", primary_key=True),
    sa.Column("respondent", sa.Text, primary_key=True),
    sa.Column("choices", ARRAY(sa.Integer)),
    sa.Column("sealed", sa.Text),
    time_column("answered_at", nullable=False),
    sa.ForeignKeyConstraint(["tenant_id", "session_id"], ["sessions.tenant_id", "sessions.id"]),
    sa.ForeignKeyConstraint(["tenant_id", "poll_id"], ["polls.tenant_id", "polls.id"]),
    sa.CheckConstraint("(choices is null) <> (sealed is null)", name="answer"),
)
