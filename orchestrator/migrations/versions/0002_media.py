"""Media: destinations, recordings, captions, artifact jobs and the inbox of webhooks."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    create_destinations()
    create_recordings()
    create_artifacts()
    create_inbox()


def create_destinations() -> None:
    """Connected accounts, RTMP destinations, and those of each session."""
    op.create_table(
        "integrations",
        sa.Column("id", sa.UUID(), nullable=False),
        sa.Column("tenant_id", sa.UUID(), nullable=False),
        sa.Column("platform", sa.Text(), nullable=False),
        sa.Column("account", sa.Text(), nullable=False),
        sa.Column("status", sa.Text(), nullable=False),
        sa.Column("credentials", sa.LargeBinary(), nullable=True),
        sa.Column("created_at", postgresql.TIMESTAMP(timezone=True), nullable=False),
        sa.Column("updated_at", postgresql.TIMESTAMP(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["tenant_id"], ["tenants.id"], name=op.f("fk_integrations_tenant_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_integrations")),
        sa.UniqueConstraint("tenant_id", "id", name=op.f("uq_integrations_tenant_id_id")),
        sa.UniqueConstraint(
            "tenant_id",
            "platform",
            "account",
            name=op.f("uq_integrations_tenant_id_platform_account"),
        ),
    )
    op.create_table(
        "multistream_destinations",
        sa.Column("id", sa.UUID(), nullable=False),
        sa.Column("tenant_id", sa.UUID(), nullable=False),
        sa.Column("integration_id", sa.UUID(), nullable=True),
        sa.Column("type", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("url", sa.Text(), nullable=False),
        sa.Column("stream_key", sa.LargeBinary(), nullable=False),
        sa.Column("key_hint", sa.Text(), nullable=True),
        sa.Column("status", sa.Text(), nullable=False),
        sa.Column("created_at", postgresql.TIMESTAMP(timezone=True), nullable=False),
        sa.Column("updated_at", postgresql.TIMESTAMP(timezone=True), nullable=False),
        sa.Column("deleted_at", postgresql.TIMESTAMP(timezone=True), nullable=True),
        sa.CheckConstraint(
            "type in ('rtmp', 'youtube', 'twitch')", name=op.f("ck_multistream_destinations_type")
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id", "integration_id"],
            ["integrations.tenant_id", "integrations.id"],
            name=op.f("fk_multistream_destinations_tenant_id_integration_id"),
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id"], ["tenants.id"], name=op.f("fk_multistream_destinations_tenant_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_multistream_destinations")),
        sa.UniqueConstraint(
            "tenant_id", "id", name=op.f("uq_multistream_destinations_tenant_id_id")
        ),
    )
    op.create_table(
        "session_destinations",
        sa.Column("tenant_id", sa.UUID(), nullable=False),
        sa.Column("session_id", sa.UUID(), nullable=False),
        sa.Column("destination_id", sa.UUID(), nullable=False),
        sa.Column("selected", sa.Boolean(), nullable=False),
        sa.Column("status", sa.Text(), server_default="idle", nullable=False),
        sa.Column("attempt", sa.Integer(), server_default="0", nullable=False),
        sa.Column("next_attempt_at", postgresql.TIMESTAMP(timezone=True), nullable=True),
        sa.Column("reason", sa.Text(), nullable=True),
        sa.ForeignKeyConstraint(
            ["tenant_id", "destination_id"],
            ["multistream_destinations.tenant_id", "multistream_destinations.id"],
            name=op.f("fk_session_destinations_tenant_id_destination_id"),
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id", "session_id"],
            ["sessions.tenant_id", "sessions.id"],
            name=op.f("fk_session_destinations_tenant_id_session_id"),
        ),
        sa.PrimaryKeyConstraint(
            "session_id", "destination_id", name=op.f("pk_session_destinations")
        ),
    )


def create_recordings() -> None:
    """Recordings, their segments, and what was said."""
    op.create_table(
        "recordings",
        sa.Column("id", sa.UUID(), nullable=False),
        sa.Column("tenant_id", sa.UUID(), nullable=False),
        sa.Column("session_id", sa.UUID(), nullable=False),
        sa.Column("participant_id", sa.UUID(), nullable=True),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("mime_type", sa.Text(), nullable=False),
        sa.Column("started_at_unix_ms", sa.BigInteger(), nullable=False),
        sa.Column("duration_ms", sa.BigInteger(), nullable=True),
        sa.ForeignKeyConstraint(
            ["tenant_id", "session_id"],
            ["sessions.tenant_id", "sessions.id"],
            name=op.f("fk_recordings_tenant_id_session_id"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_recordings")),
        sa.UniqueConstraint("tenant_id", "id", name=op.f("uq_recordings_tenant_id_id")),
    )
    op.create_index(op.f("ix_recordings_session_id"), "recordings", ["session_id"], unique=False)
    op.create_table(
        "recording_segments",
        sa.Column("tenant_id", sa.UUID(), nullable=False),
        sa.Column("recording_id", sa.UUID(), nullable=False),
        sa.Column("index", sa.Integer(), nullable=False),
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("started_at_unix_ms", sa.BigInteger(), nullable=False),
        sa.Column("duration_ms", sa.BigInteger(), nullable=False),
        sa.Column("size_bytes", sa.BigInteger(), nullable=False),
        sa.Column("sha256", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["tenant_id", "recording_id"],
            ["recordings.tenant_id", "recordings.id"],
            name=op.f("fk_recording_segments_tenant_id_recording_id"),
        ),
        sa.PrimaryKeyConstraint("recording_id", "index", name=op.f("pk_recording_segments")),
    )
    op.create_table(
        "captions",
        sa.Column("tenant_id", sa.UUID(), nullable=False),
        sa.Column("session_id", sa.UUID(), nullable=False),
        sa.Column("segment_id", sa.Text(), nullable=False),
        sa.Column("participant_id", sa.UUID(), nullable=False),
        sa.Column("track_sid", sa.Text(), nullable=False),
        sa.Column("start_unix_ms", sa.BigInteger(), nullable=False),
        sa.Column("end_unix_ms", sa.BigInteger(), nullable=False),
        sa.Column("language", sa.Text(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("words", postgresql.JSONB(), nullable=False),
        sa.ForeignKeyConstraint(
            ["tenant_id", "session_id"],
            ["sessions.tenant_id", "sessions.id"],
            name=op.f("fk_captions_tenant_id_session_id"),
        ),
        sa.PrimaryKeyConstraint("session_id", "segment_id", name=op.f("pk_captions")),
    )


def create_artifacts() -> None:
    """Jobs after the class, and what they made."""
    op.create_table(
        "artifact_jobs",
        sa.Column("id", sa.UUID(), nullable=False),
        sa.Column("tenant_id", sa.UUID(), nullable=False),
        sa.Column("session_id", sa.UUID(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("attempts", sa.Integer(), server_default="0", nullable=False),
        sa.Column("lease_token", sa.Text(), nullable=True),
        sa.Column("lease_expires_at", postgresql.TIMESTAMP(timezone=True), nullable=True),
        sa.Column("input_hash", sa.Text(), nullable=True),
        sa.Column("error", sa.Text(), nullable=True),
        sa.Column("next_attempt_at", postgresql.TIMESTAMP(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["tenant_id", "session_id"],
            ["sessions.tenant_id", "sessions.id"],
            name=op.f("fk_artifact_jobs_tenant_id_session_id"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_artifact_jobs")),
        sa.UniqueConstraint("session_id", "kind", name=op.f("uq_artifact_jobs_session_id_kind")),
        sa.UniqueConstraint("tenant_id", "id", name=op.f("uq_artifact_jobs_tenant_id_id")),
    )
    op.create_index(
        "ix_artifact_jobs_open",
        "artifact_jobs",
        ["next_attempt_at"],
        unique=False,
        postgresql_where=sa.text("state in ('queued', 'running')"),
    )
    op.create_table(
        "artifacts",
        sa.Column("id", sa.UUID(), nullable=False),
        sa.Column("tenant_id", sa.UUID(), nullable=False),
        sa.Column("session_id", sa.UUID(), nullable=False),
        sa.Column("type", sa.Text(), nullable=False),
        sa.Column("data_key", sa.Text(), nullable=False),
        sa.Column("provenance", postgresql.JSONB(), nullable=False),
        sa.Column("created_at", postgresql.TIMESTAMP(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["tenant_id", "session_id"],
            ["sessions.tenant_id", "sessions.id"],
            name=op.f("fk_artifacts_tenant_id_session_id"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_artifacts")),
        sa.UniqueConstraint("session_id", "type", name=op.f("uq_artifacts_session_id_type")),
    )


def create_inbox() -> None:
    """LiveKit's webhooks, one row per event id."""
    op.create_table(
        "webhook_inbox",
        sa.Column("event_id", sa.Text(), nullable=False),
        sa.Column("event", sa.Text(), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("received_at", postgresql.TIMESTAMP(timezone=True), nullable=False),
        sa.Column("processed_at", postgresql.TIMESTAMP(timezone=True), nullable=True),
        sa.Column("attempts", sa.Integer(), server_default="0", nullable=False),
        sa.Column("error", sa.Text(), nullable=True),
        sa.PrimaryKeyConstraint("event_id", name=op.f("pk_webhook_inbox")),
    )
    op.create_index(
        "ix_webhook_inbox_waiting",
        "webhook_inbox",
        ["received_at"],
        unique=False,
        postgresql_where=sa.text("processed_at is null"),
    )
