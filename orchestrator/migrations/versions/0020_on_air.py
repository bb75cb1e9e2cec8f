"""How destinations fare: their measurements, when their state changed, and how often they went on air."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

from orchestrator.migrations.walls import raise_walls

revision = "0020"
down_revision = "0019"

TIME = postgresql.TIMESTAMP(timezone=True)
# Nothing was `degraded` until now: each `live` in the log is a connection made.
BACKFILL = """
update session_destinations d set changed_at = told.at, lives = told.lives
  from (
    select session_id, (event_payload ->> 'destinationId')::uuid as destination_id, max(created_at) as at,
           count(*) filter (where event_payload ->> 'status' = 'live') as lives
      from session_state_events where event_type = 'destination.changed' group by 1, 2
  ) told
 where told.session_id = d.session_id and told.destination_id = d.destination_id
"""


def upgrade() -> None:
    op.add_column("session_destinations", sa.Column("changed_at", TIME, nullable=True))
    op.add_column(
        "session_destinations",
        sa.Column("lives", sa.Integer(), server_default="0", nullable=False),
    )
    op.execute(BACKFILL)
    op.create_table(
        "destination_samples",
        sa.Column("tenant_id", sa.UUID(), nullable=False),
        sa.Column("session_id", sa.UUID(), nullable=False),
        sa.Column("destination_id", sa.UUID(), nullable=False),
        sa.Column("at", TIME, nullable=False),
        sa.Column("span_s", sa.SmallInteger(), nullable=False),
        sa.Column("bitrate_bps", sa.BigInteger(), nullable=False),
        sa.Column("fps", sa.Float(), nullable=False),
        sa.Column("dropped_frames", sa.Integer(), nullable=False),
        sa.Column("queued_bytes", sa.BigInteger(), nullable=False),
        sa.Column("trouble", sa.Text(), nullable=True),
        sa.ForeignKeyConstraint(
            ["tenant_id", "session_id"],
            ["sessions.tenant_id", "sessions.id"],
            name=op.f("fk_destination_samples_tenant_id_session_id"),
        ),
        sa.PrimaryKeyConstraint(
            "session_id", "destination_id", "at", name=op.f("pk_destination_samples")
        ),
    )
    op.create_index("ix_destination_samples_at", "destination_samples", ["at"])
    raise_walls()
