"""Row-level security, raised from the catalogue: a migration that adds tables ends with `raise_walls()`."""

import sqlalchemy as sa
from alembic import op

from orchestrator.core.database import MEMBER_ROLE

# Members may add to these and read them; nobody changes them.
APPEND_ONLY = {"session_state_events", "audit_log"}
# Lectern's own, which members only read.
READ_ONLY = {"tenants", "session_snapshots"}

OPEN_TABLES = sa.text(
    """
    select c.relname as name, bool_or(a.attname = 'tenant_id') as owned
    from pg_class c join pg_attribute a on a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped
    where c.relnamespace = current_schema()::regnamespace and c.relkind = 'r'
      and not c.relrowsecurity and c.relname <> 'alembic_version'
    group by c.relname order by c.relname
    """
)
# A role belongs to the whole server: another database may make it at this moment, or its administrator has.
MAKE_ROLE = f"""
do $$ begin
  if not exists (select from pg_roles where rolname = '{MEMBER_ROLE}') then
    create role {MEMBER_ROLE} nologin;
  end if;
exception when duplicate_object or unique_violation then null;
end $$
"""
# A superuser may take any role as it is.
TAKE_ROLE = f"""
do $$ begin
  if not pg_has_role(current_user, '{MEMBER_ROLE}', 'member') then
    grant {MEMBER_ROLE} to current_user;
  end if;
end $$
"""


def make_role() -> None:
    """docs/operations.md says what to do where the migrating user may not make roles."""
    op.execute(MAKE_ROLE)
    op.execute(TAKE_ROLE)
    op.execute(f"grant usage on schema public to {MEMBER_ROLE}")


def raise_walls() -> None:
    """Every table without a wall gets one: a member sees and writes its tenant's rows, and none of a table of no tenant."""
    for table in op.get_bind().execute(OPEN_TABLES).all():
        name = f'"{table.name}"'
        op.execute(f"alter table {name} enable row level security")
        if table.owned or table.name == "tenants":
            column = "id" if table.name == "tenants" else "tenant_id"
            op.execute(
                f"create policy own_tenant on {name} to {MEMBER_ROLE}"
                f" using ({column} = current_setting('lectern.tenant_id')::uuid)"
            )
            op.execute(f"grant {_rights(table.name)} on {name} to {MEMBER_ROLE}")
    op.execute(f"grant usage on all sequences in schema public to {MEMBER_ROLE}")


def _rights(table: str) -> str:
    if table in READ_ONLY:
        return "select"
    return "select, insert" if table in APPEND_ONLY else "select, insert, update, delete"
