"""How each school looks in its programmes: two colours and a logo."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

from orchestrator.migrations.walls import raise_walls

revision = "0018"
down_revision = "0017"


def upgrade() -> None:
    op.create_table(
        "branding",
        sa.Column("tenant_id", sa.UUID(), nullable=False),
        sa.Column("primary_color", sa.Text(), nullable=False),
        sa.Column("accent_color", sa.Text(), nullable=False),
        sa.Column("logo", postgresql.JSONB(), nullable=True),
        sa.ForeignKeyConstraint(["tenant_id"], ["tenants.id"], name=op.f("fk_branding_tenant_id")),
        sa.PrimaryKeyConstraint("tenant_id", name=op.f("pk_branding")),
    )
    raise_walls()
