"""Connected accounts, what their platforms gave for each class, and what a person prefers."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

from orchestrator.migrations.walls import raise_walls

revision = "0019"
down_revision = "0018"

TIME = postgresql.TIMESTAMP(timezone=True)


def upgrade() -> None:
    extend_integrations()
    create_departures()
    create_ingests()
    op.add_column(
        "multistream_destinations",
        sa.Column("key_changed_at", TIME, server_default=sa.text("now()"), nullable=False),
    )
    op.add_column(
        "users",
        sa.Column("destinations_default", sa.Text(), server_default="all_off", nullable=False),
    )
    op.create_check_constraint(
        op.f("ck_users_destinations_default"),
        "users",
        "destinations_default in ('all_on', 'all_off')",
    )
    raise_walls()


def extend_integrations() -> None:
    for column in (
        sa.Column("account_name", sa.Text(), server_default="", nullable=False),
        sa.Column("expires_at", TIME, nullable=True),
        sa.Column("checked_at", TIME, nullable=True),
        sa.Column("last_error", sa.Text(), nullable=True),
    ):
        op.add_column("integrations", column)
    op.create_check_constraint(
        op.f("ck_integrations_status"),
        "integrations",
        "status in ('connected', 'expired', 'disconnected', 'error')",
    )
    op.create_check_constraint(
        op.f("ck_integrations_credentials"),
        "integrations",
        "status <> 'connected' or credentials is not null",
    )


def create_departures() -> None:
    op.create_table(
        "platform_departures",
        sa.Column("state_hash", sa.LargeBinary(), nullable=False),
        sa.Column("tenant_id", sa.UUID(), nullable=False),
        sa.Column("user_id", sa.UUID(), nullable=False),
        sa.Column("platform", sa.Text(), nullable=False),
        sa.Column("expires_at", TIME, nullable=False),
        sa.ForeignKeyConstraint(
            ["tenant_id", "user_id"],
            ["users.tenant_id", "users.id"],
            name=op.f("fk_platform_departures_tenant_id_user_id"),
        ),
        sa.PrimaryKeyConstraint("state_hash", name=op.f("pk_platform_departures")),
    )
    op.create_index(
        op.f("ix_platform_departures_expires_at"), "platform_departures", ["expires_at"]
    )


def create_ingests() -> None:
    op.create_table(
        "session_ingests",
        sa.Column("id", sa.UUID(), nullable=False),
        sa.Column("tenant_id", sa.UUID(), nullable=False),
        sa.Column("session_id", sa.UUID(), nullable=False),
        sa.Column("destination_id", sa.UUID(), nullable=False),
        sa.Column("url", sa.Text(), nullable=False),
        sa.Column("stream_key", sa.LargeBinary(), nullable=False),
        sa.Column("created_at", TIME, nullable=False),
        sa.ForeignKeyConstraint(
            ["tenant_id", "session_id"],
            ["sessions.tenant_id", "sessions.id"],
            name=op.f("fk_session_ingests_tenant_id_session_id"),
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id", "destination_id"],
            ["multistream_destinations.tenant_id", "multistream_destinations.id"],
            name=op.f("fk_session_ingests_tenant_id_destination_id"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_session_ingests")),
        sa.UniqueConstraint(
            "session_id",
            "destination_id",
            name=op.f("uq_session_ingests_session_id_destination_id"),
        ),
    )
