"""How often each cause of failure came to a job: what was away is waited for, what broke is parked."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0035"
down_revision = "0030"


def upgrade() -> None:
    op.add_column(
        "artifact_jobs",
        sa.Column("failures", postgresql.JSONB(), server_default="{}", nullable=False),
    )
