"""Objects that no row names: what a crash between store and database leaves is found again."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

from orchestrator.migrations.walls import raise_walls

revision = "0042"
down_revision = "0037"


def upgrade() -> None:
    op.create_table(
        "loose_objects",
        sa.Column("place", sa.Text(), nullable=False),
        sa.Column("tenant_id", sa.UUID(), nullable=False),
        sa.Column("since", postgresql.TIMESTAMP(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["tenant_id"], ["tenants.id"], name=op.f("fk_loose_objects_tenant_id")
        ),
        sa.PrimaryKeyConstraint("place", name=op.f("pk_loose_objects")),
    )
    op.create_index("ix_loose_objects_since", "loose_objects", ["since"])
    raise_walls()
