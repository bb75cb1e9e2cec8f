"""What platforms say of the streams they get, and who connected an account."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

from orchestrator.migrations.walls import raise_walls

revision = "0030"
down_revision = "0022"

TIME = postgresql.TIMESTAMP(timezone=True)


def upgrade() -> None:
    op.add_column("integrations", sa.Column("connected_by", sa.UUID(), nullable=True))
    op.create_foreign_key(
        op.f("fk_integrations_tenant_id_connected_by"),
        "integrations",
        "users",
        ["tenant_id", "connected_by"],
        ["tenant_id", "id"],
    )
    for column in (
        sa.Column("reference", sa.Text(), server_default="", nullable=False),
        sa.Column("ask_at", TIME, nullable=True),
        sa.Column("heard_at", TIME, nullable=True),
        sa.Column("failures", sa.Integer(), server_default="0", nullable=False),
    ):
        op.add_column("session_ingests", column)
    op.create_index("ix_session_ingests_ask_at", "session_ingests", ["ask_at"])
    create_health()
    raise_walls()


def create_health() -> None:
    op.create_table(
        "destination_health",
        sa.Column("tenant_id", sa.UUID(), nullable=False),
        sa.Column("session_id", sa.UUID(), nullable=False),
        sa.Column("destination_id", sa.UUID(), nullable=False),
        sa.Column("since", TIME, nullable=False),
        sa.Column("status", sa.Text(), nullable=False),
        sa.Column("issues", postgresql.JSONB(), nullable=False),
        sa.ForeignKeyConstraint(
            ["tenant_id", "session_id"],
            ["sessions.tenant_id", "sessions.id"],
            name=op.f("fk_destination_health_tenant_id_session_id"),
        ),
        sa.PrimaryKeyConstraint(
            "session_id", "destination_id", "since", name=op.f("pk_destination_health")
        ),
    )
