"""Versions of artifacts, jobs with parameters, new kinds for the classes there are, and full-text search."""

from uuid import uuid5

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

from orchestrator.migrations.walls import raise_walls

revision = "0022"
down_revision = "0021"

TIME = postgresql.TIMESTAMP(timezone=True)
NEW_KINDS = (
    "slides",
    "tracks",
    "search",
    "statistics",
    "summary",
    "quiz",
    "document",
    "speech",
)

FIRST_VERSIONS = """
insert into artifact_versions (tenant_id, session_id, kind, version, key, provenance, created_at)
select tenant_id, session_id, type, 1, data_key, provenance, created_at from artifacts
union all
select tenant_id, session_id, 'replay', 1, metadata_json->>'key', metadata_json->'provenance', created_at
  from replays
"""
# English stems, accents away: "Networks" finds "network", "resume" finds "résumé"; other languages by their words.
CONFIGURATION = (
    "create extension if not exists unaccent",
    "create text search configuration lectern (copy = english)",
    "alter text search configuration lectern alter mapping for word, hword, hword_part with unaccent, english_stem",
)

# A wall's condition has to be asked before one that is not leakproof, as a text match is, and so no index could be used
# behind it: this function asks both itself. Ranking reads every match, so there is a bound on how many.
FIND = """
create function find_entries(asked text, kinds text[], among uuid[], at_most integer)
returns setof search_entries language sql stable security definer set search_path = public, pg_temp as $$
  select * from search_entries
  where words @@ websearch_to_tsquery('lectern', asked)
    and tenant_id = current_setting('lectern.tenant_id')::uuid
    and (kinds is null or kind = any(kinds))
    and (among is null or session_id in (select unnest(among)))
  limit at_most
$$
"""


def upgrade() -> None:
    op.add_column(
        "artifact_jobs",
        sa.Column("parameters", postgresql.JSONB(), server_default="{}", nullable=False),
    )
    create_versions()
    add_jobs()
    create_search()
    raise_walls()


def owned(table: str) -> list[sa.schema.SchemaItem]:
    return [
        sa.Column("tenant_id", sa.UUID(), nullable=False),
        sa.Column("session_id", sa.UUID(), nullable=False),
        sa.ForeignKeyConstraint(
            ["tenant_id", "session_id"],
            ["sessions.tenant_id", "sessions.id"],
            name=op.f(f"fk_{table}_tenant_id_session_id"),
        ),
    ]


def create_versions() -> None:
    op.create_table(
        "artifact_versions",
        *owned("artifact_versions"),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("provenance", postgresql.JSONB(), nullable=False),
        sa.Column("created_at", TIME, nullable=False),
        sa.PrimaryKeyConstraint("session_id", "kind", "version", name=op.f("pk_artifact_versions")),
    )
    op.execute(FIRST_VERSIONS)


def add_jobs() -> None:
    """As the end of class makes them now; what was made before is made anew with what it needs now."""
    bind = op.get_bind()
    ended = bind.execute(sa.text("select distinct tenant_id, session_id from artifact_jobs")).all()
    insert = sa.text(
        "insert into artifact_jobs (id, tenant_id, session_id, kind, state, next_attempt_at, updated_at)"
        " values (:id, :tenant, :session, :kind, 'queued', now(), now())"
    )
    for row in ended:
        for kind in NEW_KINDS:
            values = {
                "id": uuid5(row.session_id, f"job:{kind}"),
                "tenant": row.tenant_id,
                "session": row.session_id,
                "kind": kind,
            }
            bind.execute(insert, values)
    op.execute("update artifact_jobs set state = 'queued', attempts = 0 where state = 'done'")


def create_search() -> None:
    for statement in CONFIGURATION:
        op.execute(statement)
    op.create_table(
        "search_entries",
        *owned("search_entries"),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("source_id", sa.Text(), nullable=False),
        sa.Column("start_ms", sa.BigInteger(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("speaker", sa.Text(), nullable=False),
        sa.Column(
            "words",
            postgresql.TSVECTOR(),
            sa.Computed("to_tsvector('lectern', text)", persisted=True),
            nullable=False,
        ),
        sa.PrimaryKeyConstraint("session_id", "kind", "source_id", name=op.f("pk_search_entries")),
    )
    op.create_index("ix_search_entries_words", "search_entries", ["words"], postgresql_using="gin")
    op.execute(FIND)
