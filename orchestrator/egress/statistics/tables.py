"""The timeline of each destination of a session: a row a report while it is young, a row a minute when it is old."""

import sqlalchemy as sa

from orchestrator.core.database import metadata, time_column, uuid_column

samples = sa.Table(
    "destination_samples",
    metadata,
    uuid_column("tenant_id", nullable=False),
    uuid_column("session_id", primary_key=True),
    uuid_column("destination_id", primary_key=True),
    time_column("at", primary_key=True),
    sa.Column("span_s", sa.SmallInteger, nullable=False),
    sa.Column("bitrate_bps", sa.BigInteger, nullable=False),
    sa.Column("fps", sa.Float, nullable=False),
    sa.Column("dropped_frames", sa.Integer, nullable=False),
    sa.Column("queued_bytes", sa.BigInteger, nullable=False),
    sa.Column("trouble", sa.Text),
    sa.ForeignKeyConstraint(["tenant_id", "session_id"], ["sessions.tenant_id", "sessions.id"]),
    sa.Index("ix_destination_samples_at", "at"),
)
