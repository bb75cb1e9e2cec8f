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


def flag(name: str) -> sa.Column[bool]:
    return sa.Column(name, sa.Boolean(), server_default=sa.false(), nullable=False)
