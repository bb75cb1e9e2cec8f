"""Replays have a table of their own; until now they stood among the artifacts."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0014"
down_revision = "0013"


def upgrade() -> None:
    op.create_table(
        "replays",
        sa.Column("id", sa.UUID(), nullable=False),
        sa.Column("tenant_id", sa.UUID(), nullable=False),
        sa.Column("session_id", sa.UUID(), nullable=False),
        sa.Column("metadata_json", postgresql.JSONB(), nullable=False),
        sa.Column("created_at", postgresql.TIMESTAMP(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["tenant_id", "session_id"],
            ["sessions.tenant_id", "sessions.id"],
            name=op.f("fk_replays_tenant_id_session_id"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_replays")),
        sa.UniqueConstraint("session_id", name=op.f("uq_replays_session_id")),
    )
    op.execute(
        "insert into replays (id, tenant_id, session_id, metadata_json, created_at)"
        " select id, tenant_id, session_id,"
        " jsonb_build_object('key', data_key, 'provenance', provenance), created_at"
        " from artifacts where type = 'replay'"
    )
    op.execute("delete from artifacts where type = 'replay'")
