"""Audience: chat messages, questions and the votes for them."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0003"
down_revision = "0002"


def upgrade() -> None:
    op.create_table(
        "chat_messages",
        *written("chat_messages"),
        sa.Column("edited_at", postgresql.TIMESTAMP(timezone=True), nullable=True),
    )
    op.create_table(
        "questions",
        *written("questions"),
        sa.Column("status", sa.Text(), server_default="open", nullable=False),
        sa.Column("upvotes", sa.Integer(), server_default="0", nullable=False),
        sa.Column("answer", sa.Text(), nullable=True),
        sa.CheckConstraint(
            "status in ('open', 'answered', 'dismissed')", name=op.f("ck_questions_status")
        ),
    )
    create_upvotes()


def written(table: str) -> list[sa.schema.SchemaItem]:
    """What a message and a question have in common."""
    return [
        sa.Column("id", sa.UUID(), nullable=False),
        sa.Column("tenant_id", sa.UUID(), nullable=False),
        sa.Column("session_id", sa.UUID(), nullable=False),
        sa.Column("user_id", sa.UUID(), nullable=False),
        sa.Column("content", sa.Text(), nullable=False),
        sa.Column("sequence", sa.Integer(), nullable=False),
        sa.Column("created_at", postgresql.TIMESTAMP(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["tenant_id", "session_id"],
            ["sessions.tenant_id", "sessions.id"],
            name=op.f(f"fk_{table}_tenant_id_session_id"),
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id", "user_id"],
            ["users.tenant_id", "users.id"],
            name=op.f(f"fk_{table}_tenant_id_user_id"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f(f"pk_{table}")),
        sa.UniqueConstraint("session_id", "sequence", name=op.f(f"uq_{table}_session_id_sequence")),
        sa.UniqueConstraint("tenant_id", "id", name=op.f(f"uq_{table}_tenant_id_id")),
    ]


def create_upvotes() -> None:
    op.create_table(
        "question_upvotes",
        sa.Column("tenant_id", sa.UUID(), nullable=False),
        sa.Column("session_id", sa.UUID(), nullable=False),
        sa.Column("question_id", sa.UUID(), nullable=False),
        sa.Column("user_id", sa.UUID(), nullable=False),
        sa.ForeignKeyConstraint(
            ["tenant_id", "session_id"],
            ["sessions.tenant_id", "sessions.id"],
            name=op.f("fk_question_upvotes_tenant_id_session_id"),
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id", "question_id"],
            ["questions.tenant_id", "questions.id"],
            name=op.f("fk_question_upvotes_tenant_id_question_id"),
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id", "user_id"],
            ["users.tenant_id", "users.id"],
            name=op.f("fk_question_upvotes_tenant_id_user_id"),
        ),
        sa.PrimaryKeyConstraint("question_id", "user_id", name=op.f("pk_question_upvotes")),
    )
    op.create_index(
        op.f("ix_question_upvotes_session_id"), "question_upvotes", ["session_id"], unique=False
    )
