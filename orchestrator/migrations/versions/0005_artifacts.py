"""Artifact jobs: how far they are and when they last changed."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0005"
down_revision = "0004"


def upgrade() -> None:
    op.add_column(
        "artifact_jobs",
        sa.Column("progress_percent", sa.Integer(), server_default="0", nullable=False),
    )
    op.add_column(
        "artifact_jobs", sa.Column("updated_at", postgresql.TIMESTAMP(timezone=True), nullable=True)
    )
    # The nearest that is known of jobs from before.
    op.execute("update artifact_jobs set updated_at = next_attempt_at")
    op.execute("update artifact_jobs set progress_percent = 100 where state = 'done'")
    op.alter_column("artifact_jobs", "updated_at", nullable=False)
