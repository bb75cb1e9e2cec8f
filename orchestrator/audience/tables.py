"""What the audience wrote: chat messages, questions, and how others marked them."""

import sqlalchemy as sa

from orchestrator.core.database import metadata, time_column, uuid_column


def written() -> list[sa.schema.SchemaItem]:
    """What a message and a question have in common; `sequence` is its event's place in the log."""
    return [
        uuid_column("id", primary_key=True),
        uuid_column("tenant_id", nullable=False),
        uuid_column("session_id", nullable=False),
        uuid_column("user_id", nullable=False),
        sa.Column("content", sa.Text, nullable=False),
        sa.Column("sequence", sa.Integer, nullable=False),
        time_column("created_at", nullable=False),
        sa.UniqueConstraint("tenant_id", "id"),
        sa.UniqueConstraint("session_id", "sequence"),
        sa.ForeignKeyConstraint(["tenant_id", "session_id"], ["sessions.tenant_id", "sessions.id"]),
        sa.ForeignKeyConstraint(["tenant_id", "user_id"], ["users.tenant_id", "users.id"]),
    ]


chat_messages = sa.Table(
    "chat_messages",
    metadata,
    *written(),
    time_column("edited_at"),
    sa.Column("pinned", sa.Boolean, nullable=False, server_default=sa.false()),
)

chat_reactions = sa.Table(
    "chat_reactions",
    metadata,
    uuid_column("tenant_id", nullable=False),
    uuid_column("session_id", nullable=False, index=True),
    uuid_column("message_id", primary_key=True),
    uuid_column("user_id", primary_key=True),
    sa.Column("emoji", sa.Text, primary_key=True),
    sa.ForeignKeyConstraint(["tenant_id", "session_id"], ["sessions.tenant_id", "sessions.id"]),
    sa.ForeignKeyConstraint(
        ["tenant_id", "message_id"],
        ["chat_messages.tenant_id", "chat_messages.id"],
        ondelete="CASCADE",
    ),
    sa.ForeignKeyConstraint(["tenant_id", "user_id"], ["users.tenant_id", "users.id"]),
)

questions = sa.Table(
    "questions",
    metadata,
    *written(),
    sa.Column("status", sa.Text, nullable=False, server_default="open"),
    sa.Column("upvotes", sa.Integer, nullable=False, server_default="0"),
    sa.Column("answer", sa.Text),
    sa.CheckConstraint("status in ('open', 'answered', 'dismissed')", name="status"),
)

question_upvotes = sa.Table(
    "question_upvotes",
    metadata,
    uuid_column("tenant_id", nullable=False),
    uuid_column("session_id", nullable=False, index=True),
    uuid_column("question_id", primary_key=True),
    uuid_column("user_id", primary_key=True),
    sa.ForeignKeyConstraint(["tenant_id", "session_id"], ["sessions.tenant_id", "sessions.id"]),
    sa.ForeignKeyConstraint(["tenant_id", "question_id"], ["questions.tenant_id", "questions.id"]),
    sa.ForeignKeyConstraint(["tenant_id", "user_id"], ["users.tenant_id", "users.id"]),
)
