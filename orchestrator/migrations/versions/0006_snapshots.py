"""Snapshots of sessions, the state at a time, and a log that nobody changes, its owner included."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0006"
down_revision = "0005"

LOG = "session_state_events"

# Each statement of such a function sees what was committed before it began: the key is looked up after the lock is held.
# What came with one key stands in a row and is numbered from 0; another key may begin with this one and a `#`.
LOCK_LOG = """
create function lock_log(tenant uuid, session uuid, key text)
 returns table (last integer, id uuid, sequence integer, event_type text, payload text, created_at timestamptz)
 language plpgsql volatile as $$
declare head integer; first integer;
begin
  select s.last_sequence into head from sessions s
   where s.id = session and s.tenant_id = tenant for update;
  if not found then
    return;
  end if;
  select e.sequence into first from session_state_events e
   where e.session_id = session and e.idempotency_key = key || '#0';
  return query
   select head, e.id, e.sequence, e.event_type, e.event_payload::text, e.created_at
    from (select 1) as always left join session_state_events e
     on e.session_id = session and e.sequence >= first
     and e.idempotency_key = key || '#' || e.sequence - first
    order by e.sequence;
end $$
"""


def upgrade() -> None:
    create_snapshots()
    op.create_index(f"ix_{LOG}_session_id_created_at", LOG, ["session_id", "created_at"])
    op.execute(LOCK_LOG)
    # A statement trigger: it also refuses what touches no row, and TRUNCATE, which has no rows.
    op.execute(f"drop trigger {LOG}_append_only on {LOG}")
    op.execute(
        f"create trigger {LOG}_append_only before update or delete or truncate on {LOG}"
        " for each statement execute function refuse_change()"
    )


def create_snapshots() -> None:
    op.create_table(
        "session_snapshots",
        sa.Column("tenant_id", sa.UUID(), nullable=False),
        sa.Column("session_id", sa.UUID(), nullable=False),
        sa.Column("sequence", sa.Integer(), nullable=False),
        sa.Column("format", sa.Text(), nullable=False),
        sa.Column("state", sa.LargeBinary(), nullable=False),
        sa.Column("created_at", postgresql.TIMESTAMP(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["tenant_id", "session_id"],
            ["sessions.tenant_id", "sessions.id"],
            name=op.f("fk_session_snapshots_tenant_id_sessions"),
        ),
        sa.PrimaryKeyConstraint("session_id", "sequence", name=op.f("pk_session_snapshots")),
    )
