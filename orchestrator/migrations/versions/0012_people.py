"""Who may speak, whose hand is up, who had to leave, and the lock on the room."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0012"
down_revision = "0011"

# Until now every student could speak, and staff could do everything.
OLD_RIGHTS = """
update session_participants set permissions = case role
  when 'student' then '{"publish": ["camera", "microphone"], "draw": false}'::jsonb
  else '{"publish": ["camera", "microphone", "screen_share"], "draw": true}'::jsonb
end
"""


def upgrade() -> None:
    op.execute(OLD_RIGHTS)
    op.add_column(
        "session_participants",
        sa.Column("hand_raised_at", postgresql.TIMESTAMP(timezone=True), nullable=True),
    )
    op.add_column("session_participants", flag("removed"))
    op.add_column("session_participants", flag("guest"))
    op.add_column("sessions", flag("students_may_publish"))
    op.add_column("sessions", flag("locked"))
    create_invitations()
    allow_guests()


def create_invitations() -> None:
    op.create_table(
        "invitations",
        sa.Column("id", sa.UUID(), nullable=False),
        sa.Column("tenant_id", sa.UUID(), nullable=False),
        sa.Column("session_id", sa.UUID(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("token_hash", sa.LargeBinary(), nullable=False),
        sa.Column("created_at", postgresql.TIMESTAMP(timezone=True), nullable=False),
        sa.Column("expires_at", postgresql.TIMESTAMP(timezone=True), nullable=False),
        sa.Column("max_uses", sa.Integer(), nullable=True),
        sa.Column("uses", sa.Integer(), server_default="0", nullable=False),
        flag("revoked"),
        sa.CheckConstraint("uses <= max_uses", name=op.f("ck_invitations_uses")),
        sa.ForeignKeyConstraint(
            ["tenant_id", "session_id"],
            ["sessions.tenant_id", "sessions.id"],
            name=op.f("fk_invitations_tenant_id_session_id"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_invitations")),
        sa.UniqueConstraint("tenant_id", "id", name=op.f("uq_invitations_tenant_id_id")),
        sa.UniqueConstraint("token_hash", name=op.f("uq_invitations_token_hash")),
    )
    op.create_index(
        op.f("ix_invitations_tenant_id_session_id"), "invitations", ["tenant_id", "session_id"]
    )


def allow_guests() -> None:
    """Users without an address."""
    op.alter_column("users", "email", nullable=True)
    op.add_column("users", flag("guest"))
    op.create_check_constraint(op.f("ck_users_guest"), "users", "guest = (email is null)")


def flag(name: str) -> sa.Column[bool]:
    return sa.Column(name, sa.Boolean(), server_default=sa.false(), nullable=False)
