"""Which platform a destination is on; what was there before had none."""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"


def upgrade() -> None:
    op.add_column(
        "multistream_destinations",
        sa.Column("preset", sa.Text(), server_default="custom", nullable=False),
    )
