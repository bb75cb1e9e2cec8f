"""What can be found of ended classes; filled when the artifact `search` is done."""

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import TSVECTOR

from orchestrator.core.database import metadata, uuid_column

entries = sa.Table(
    "search_entries",
    metadata,
    uuid_column("tenant_id", nullable=False),
    uuid_column("session_id", primary_key=True),
    sa.Column("kind", sa.Text, primary_key=True),
    sa.Column("source_id", sa.Text, primary_key=True),
    sa.Column("start_ms", sa.BigInteger, nullable=False),
    sa.Column("text", sa.Text, nullable=False),
    sa.Column("speaker", sa.Text, nullable=False),
    sa.Column(
        "words",
        TSVECTOR,
        sa.Computed("to_tsvector('lectern', text)", persisted=True),
        nullable=False,
    ),
    sa.ForeignKeyConstraint(["tenant_id", "session_id"], ["sessions.tenant_id", "sessions.id"]),
    sa.Index("ix_search_entries_words", "words", postgresql_using="gin"),
)
