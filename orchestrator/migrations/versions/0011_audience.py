"""Polls and the answers to them; pins and reactions in the chat."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0011"
down_revision = "0010"


def upgrade() -> None:
    create_polls()
    create_responses()
    op.add_column(
        "chat_messages",
        sa.Column("pinned", sa.Boolean(), server_default=sa.false(), nullable=False),
    )
    create_reactions()


def create_polls() -> None:
    op.create_table(
        "polls",
        sa.Column("id", sa.UUID(), nullable=False),
        sa.Column("tenant_id", sa.UUID(), nullable=False),
        sa.Column("session_id", sa.UUID(), nullable=False),
        sa.Column("created_by", sa.UUID(), nullable=False),
        sa.Column("status", sa.Text(), server_default="draft", nullable=False),
        sa.Column("sealed", sa.Text(), nullable=False),
        sa.Column("prompt", sa.Text(), nullable=True),
        sa.Column("options", postgresql.ARRAY(sa.Text()), nullable=True),
        sa.Column("kind", sa.Text(), nullable=True),
        sa.Column("anonymous", sa.Boolean(), nullable=True),
        sa.Column("multiple", sa.Boolean(), nullable=True),
        sa.Column("results", sa.Text(), nullable=True),
        sa.Column("tally", postgresql.ARRAY(sa.Integer()), nullable=True),
        sa.Column("correct", postgresql.ARRAY(sa.Integer()), nullable=True),
        sa.Column("sequence", sa.Integer(), nullable=False),
        sa.Column("created_at", postgresql.TIMESTAMP(timezone=True), nullable=False),
        sa.Column("opened_at", postgresql.TIMESTAMP(timezone=True), nullable=True),
        sa.Column("closed_at", postgresql.TIMESTAMP(timezone=True), nullable=True),
        sa.CheckConstraint("status in ('draft', 'open', 'closed')", name=op.f("ck_polls_status")),
        sa.CheckConstraint(
            "status = 'draft' or prompt is not null", name=op.f("ck_polls_question")
        ),
        of_session("polls"),
        sa.ForeignKeyConstraint(
            ["tenant_id", "created_by"],
            ["users.tenant_id", "users.id"],
            name=op.f("fk_polls_tenant_id_created_by"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_polls")),
        sa.UniqueConstraint("session_id", "sequence", name=op.f("uq_polls_session_id_sequence")),
        sa.UniqueConstraint("tenant_id", "id", name=op.f("uq_polls_tenant_id_id")),
    )


def create_responses() -> None:
    op.create_table(
        "poll_responses",
        sa.Column("tenant_id", sa.UUID(), nullable=False),
        sa.Column("session_id", sa.UUID(), nullable=False),
        sa.Column("poll_id", sa.UUID(), nullable=False),
        sa.Column("respondent", sa.Text(), nullable=False),
        sa.Column("choices", postgresql.ARRAY(sa.Integer()), nullable=True),
        sa.Column("sealed", sa.Text(), nullable=True),
        sa.Column("answered_at", postgresql.TIMESTAMP(timezone=True), nullable=False),
        sa.CheckConstraint(
            "(choices is null) <> (sealed is null)", name=op.f("ck_poll_responses_answer")
        ),
        of_session("poll_responses"),
        sa.ForeignKeyConstraint(
            ["tenant_id", "poll_id"],
            ["polls.tenant_id", "polls.id"],
            name=op.f("fk_poll_responses_tenant_id_poll_id"),
        ),
        sa.PrimaryKeyConstraint("poll_id", "respondent", name=op.f("pk_poll_responses")),
    )
    op.create_index(op.f("ix_poll_responses_session_id"), "poll_responses", ["session_id"])


def create_reactions() -> None:
    op.create_table(
        "chat_reactions",
        sa.Column("tenant_id", sa.UUID(), nullable=False),
        sa.Column("session_id", sa.UUID(), nullable=False),
        sa.Column("message_id", sa.UUID(), nullable=False),
        sa.Column("user_id", sa.UUID(), nullable=False),
        sa.Column("emoji", sa.Text(), nullable=False),
        of_session("chat_reactions"),
        sa.ForeignKeyConstraint(
            ["tenant_id", "message_id"],
            ["chat_messages.tenant_id", "chat_messages.id"],
            name=op.f("fk_chat_reactions_tenant_id_message_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id", "user_id"],
            ["users.tenant_id", "users.id"],
            name=op.f("fk_chat_reactions_tenant_id_user_id"),
        ),
        sa.PrimaryKeyConstraint("message_id", "user_id", "emoji", name=op.f("pk_chat_reactions")),
    )
    op.create_index(op.f("ix_chat_reactions_session_id"), "chat_reactions", ["session_id"])


def of_session(table: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint(
        ["tenant_id", "session_id"],
        ["sessions.tenant_id", "sessions.id"],
        name=op.f(f"fk_{table}_tenant_id_session_id"),
    )
