"""What is drawn: a row a stroke, in drawing order by `sequence` and `position`."""

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import ARRAY

from orchestrator.core.database import metadata, uuid_column

whiteboard_strokes = sa.Table(
    "whiteboard_strokes",
    metadata,
    uuid_column("session_id", primary_key=True),
    uuid_column("id", primary_key=True),
    uuid_column("tenant_id", nullable=False),
    # The session's own id for its blank board, else an asset's.
    uuid_column("board_id", nullable=False),
    sa.Column("page", sa.Integer, nullable=False),
    uuid_column("user_id", nullable=False),
    sa.Column("color", sa.Text, nullable=False),
    sa.Column("width", sa.Integer, nullable=False),
    # x, y, x, y, ... in the board's grid of 0 to 10000.
    sa.Column("points", ARRAY(sa.SmallInteger), nullable=False),
    # Of the event that began it, and its place in that event.
    sa.Column("sequence", sa.Integer, nullable=False),
    sa.Column("position", sa.Integer, nullable=False),
    sa.ForeignKeyConstraint(["tenant_id", "session_id"], ["sessions.tenant_id", "sessions.id"]),
    sa.ForeignKeyConstraint(["tenant_id", "user_id"], ["users.tenant_id", "users.id"]),
    sa.Index(None, "session_id", "board_id", "page", "sequence", "position"),
)
