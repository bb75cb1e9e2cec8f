"""A write in fewer round trips: appending is one, and so is claiming a request's key."""

from alembic import op

revision = "0016"
down_revision = "0015"

# Each statement of such a function sees what was committed before it began: the key is looked up after the lock is held.
# What came with one key stands in a row and is numbered from 0; another key may begin with this one and a `#`.
# Events decided on another head than the one found are not written: the caller decides again, under the lock.
APPEND_LOG = """
create function append_log(
  tenant uuid, session uuid, key text, expected integer, at timestamptz, ids uuid[], types text[], payloads text[])
 returns table (written boolean, last integer,
  id uuid, sequence integer, event_type text, payload text, created_at timestamptz)
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
  if first is not null then
    return query
     select false, head, e.id, e.sequence, e.event_type, e.event_payload::text, e.created_at
      from session_state_events e
      where e.session_id = session and e.sequence >= first
       and e.idempotency_key = key || '#' || e.sequence - first
      order by e.sequence;
    return;
  end if;
  written := head = expected and cardinality(ids) > 0;
  last := head;
  if written then
    insert into session_state_events
     (id, tenant_id, session_id, sequence, event_type, event_payload, created_at, idempotency_key)
     select new.id, tenant, session, head + new.n, new.type, new.payload::jsonb, at, key || '#' || new.n - 1
      from unnest(ids, types, payloads) with ordinality as new (id, type, payload, n);
    last := head + cardinality(ids);
    update sessions s set last_sequence = append_log.last where s.id = session;
  end if;
  return next;
end $$
"""

# The key stays claimed until the transaction ends. The stored reply is read by a statement of its own, after the lock.
CLAIM_KEY = """
create function claim_key(tenant uuid, principal uuid, path text, name text, number bigint)
 returns table (claimed boolean, hash bytea, answer text)
 language plpgsql volatile as $$
begin
  claimed := pg_try_advisory_xact_lock(number);
  if claimed then
    select k.request_hash, k.reply::text into hash, answer from idempotency_keys k
     where k.tenant_id = tenant and k.principal_id = principal and k.route = path and k.key = name;
  end if;
  return next;
end $$
"""


def upgrade() -> None:
    op.execute(APPEND_LOG)
    op.execute(CLAIM_KEY)
    op.execute("drop function lock_log(uuid, uuid, text)")
