"""What a platform said of one class on one destination: a row each time that it said something else."""

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import JSONB

from orchestrator.core.database import metadata, time_column, uuid_column

health = sa.Table(
    "destination_health",
    metadata,
    uuid_column("tenant_id", nullable=False),
    uuid_column("session_id", primary_key=True),
    uuid_column("destination_id", primary_key=True),
    time_column("since", primary_key=True),
    sa.Column("status", sa.Text, nullable=False),
    # [{severity, message}], at most ten.
    sa.Column("issues", JSONB, nullable=False),
    sa.ForeignKeyConstraint(["tenant_id", "session_id"], ["sessions.tenant_id", "sessions.id"]),
)
