"""What a session leaves behind: recordings and their segments, captions, artifact jobs and what they made."""

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import JSONB

from orchestrator.core.database import metadata, time_column, uuid_column


def of_session() -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint(
        ["tenant_id", "session_id"], ["sessions.tenant_id", "sessions.id"]
    )


def of_participant() -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint(
        ["tenant_id", "participant_id"],
        ["session_participants.tenant_id", "session_participants.id"],
    )


recordings = sa.Table(
    "recordings",
    metadata,
    uuid_column("id", primary_key=True),
    uuid_column("tenant_id", nullable=False),
    uuid_column("session_id", nullable=False, index=True),
    uuid_column("participant_id"),
    sa.Column("kind", sa.Text, nullable=False),
    sa.Column("key", sa.Text, nullable=False),
    sa.Column("mime_type", sa.Text, nullable=False),
    sa.Column("started_at_unix_ms", sa.BigInteger, nullable=False),
    sa.Column("duration_ms", sa.BigInteger),
    time_column("created_at", nullable=False),
    sa.UniqueConstraint("tenant_id", "id"),
    of_session(),
    of_participant(),
)

segments = sa.Table(
    "recording_segments",
    metadata,
    uuid_column("tenant_id", nullable=False),
    uuid_column("recording_id", primary_key=True),
    sa.Column("index", sa.Integer, primary_key=True),
    sa.Column("key", sa.Text, nullable=False),
    sa.Column("started_at_unix_ms", sa.BigInteger, nullable=False),
    sa.Column("duration_ms", sa.BigInteger, nullable=False),
    sa.Column("size_bytes", sa.BigInteger, nullable=False),
    sa.Column("sha256", sa.Text, nullable=False),
    sa.ForeignKeyConstraint(
        ["tenant_id", "recording_id"], ["recordings.tenant_id", "recordings.id"]
    ),
)

# What reads now is the correction if there is one; the words of a redacted speaker are empty.
captions = sa.Table(
    "captions",
    metadata,
    uuid_column("tenant_id", nullable=False),
    uuid_column("session_id", primary_key=True),
    sa.Column("segment_id", sa.Text, primary_key=True),
    uuid_column("participant_id", nullable=False),
    sa.Column("track_sid", sa.Text, nullable=False),
    sa.Column("start_unix_ms", sa.BigInteger, nullable=False),
    sa.Column("end_unix_ms", sa.BigInteger, nullable=False),
    sa.Column("language", sa.Text, nullable=False),
    sa.Column("text", sa.Text, nullable=False),
    sa.Column("words", JSONB, nullable=False),
    sa.Column("sequence", sa.Integer, nullable=False),
    sa.Column("corrected_text", sa.Text),
    of_session(),
    of_participant(),
    sa.Index(None, "session_id", "sequence"),
)

# The lease belongs to the worker that runs the job: whoever holds its token may report, nobody else.
jobs = sa.Table(
    "artifact_jobs",
    metadata,
    uuid_column("id", primary_key=True),
    uuid_column("tenant_id", nullable=False),
    uuid_column("session_id", nullable=False),
    sa.Column("kind", sa.Text, nullable=False),
    sa.Column("state", sa.Text, nullable=False),
    sa.Column("attempts", sa.Integer, nullable=False, server_default="0"),
    sa.Column("progress_percent", sa.Integer, nullable=False, server_default="0"),
    sa.Column("lease_token", sa.Text),
    time_column("lease_expires_at"),
    sa.Column("input_hash", sa.Text),
    sa.Column("parameters", JSONB, nullable=False, server_default="{}"),
    # How often each cause came since the job was last wanted.
    sa.Column("failures", JSONB, nullable=False, server_default="{}"),
    sa.Column("error", sa.Text),
    time_column("next_attempt_at", nullable=False),
    time_column("updated_at", nullable=False),
    sa.UniqueConstraint("tenant_id", "id"),
    sa.UniqueConstraint("session_id", "kind"),
    of_session(),
    sa.Index(
        "ix_artifact_jobs_open",
        "next_attempt_at",
        postgresql_where=sa.text("state in ('queued', 'running')"),
    ),
)

artifacts = sa.Table(
    "artifacts",
    metadata,
    uuid_column("id", primary_key=True),
    uuid_column("tenant_id", nullable=False),
    uuid_column("session_id", nullable=False),
    sa.Column("type", sa.Text, nullable=False),
    sa.Column("data_key", sa.Text, nullable=False),
    sa.Column("provenance", JSONB, nullable=False),
    time_column("created_at", nullable=False),
    sa.UniqueConstraint("session_id", "type"),
    of_session(),
)

# All that was ever made, the replay included; `artifacts` and `replays` name the newest.
versions = sa.Table(
    "artifact_versions",
    metadata,
    uuid_column("tenant_id", nullable=False),
    uuid_column("session_id", primary_key=True),
    sa.Column("kind", sa.Text, primary_key=True),
    sa.Column("version", sa.Integer, primary_key=True),
    sa.Column("key", sa.Text, nullable=False),
    sa.Column("provenance", JSONB, nullable=False),
    time_column("created_at", nullable=False),
    of_session(),
)

# `metadata_json` says where the manifest lies and what made it: `{key, provenance}`.
replays = sa.Table(
    "replays",
    metadata,
    uuid_column("id", primary_key=True),
    uuid_column("tenant_id", nullable=False),
    uuid_column("session_id", nullable=False, unique=True),
    sa.Column("metadata_json", JSONB, nullable=False),
    time_column("created_at", nullable=False),
    of_session(),
)
