"""When a recording began to be kept, whom captions and recordings belong to, and no trace of how polls were answered."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0037"
down_revision = "0035"

TIME = postgresql.TIMESTAMP(timezone=True)

RECORDED = """
update recordings r set created_at = e.created_at from session_state_events e
 where e.session_id = r.session_id and e.event_type = 'recording.added'
  and e.event_payload ->> 'recordingId' = r.id::text
"""
# The log's own time, not that of the statement before it.
SCHEDULED = """
update sessions s set created_at = e.created_at from session_state_events e
 where e.session_id = s.id and e.event_type = 'session.scheduled'
"""
INVITED = """
update invitations i set created_at = e.created_at from session_state_events e
 where e.session_id = i.session_id and e.event_type = 'invitation.created'
  and e.event_payload ->> 'invitationId' = i.id::text
"""
ANSWERS = "delete from idempotency_keys where route = 'POST /api/polls/{poll_id:uuid}/responses'"


def upgrade() -> None:
    op.add_column(
        "recordings",
        sa.Column("created_at", TIME, nullable=False, server_default=sa.func.now()),
    )
    for statement in (RECORDED, SCHEDULED, INVITED, ANSWERS):
        op.execute(statement)
    op.alter_column("recordings", "created_at", server_default=None)
    for table in ("captions", "recordings"):
        op.create_foreign_key(
            op.f(f"fk_{table}_tenant_id_participant_id"),
            table,
            "session_participants",
            ["tenant_id", "participant_id"],
            ["tenant_id", "id"],
        )
