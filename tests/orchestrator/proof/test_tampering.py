"""Whatever single column of whatever read model somebody changes, `doctor --session` says which."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import ARRAY, JSONB

from orchestrator.app import create_app
from orchestrator.core.database import Database, Transaction, metadata
from orchestrator.parts import Parts
from orchestrator.proof.verify import verify
from orchestrator.settings import Settings
from tests.orchestrator.proof import full
from tests.support.school import School, calling

PROJECTIONS = {
    "artifact_jobs",
    "artifact_versions",
    "artifacts",
    "captions",
    "chat_messages",
    "chat_reactions",
    "invitations",
    "poll_responses",
    "polls",
    "question_upvotes",
    "questions",
    "recordings",
    "replays",
    "session_destinations",
    "session_participants",
    "sessions",
    "studio_assets",
    "studio_scenes",
    "whiteboard_strokes",
}
# The log itself and its snapshots, and what no event tells: measurements, deliveries, borrowed ingests, the search index.
OTHERS = {
    "destination_health",
    "destination_samples",
    "search_entries",
    "session_ingests",
    "session_snapshots",
    "session_state_events",
    "webhook_attempts",
    "webhook_cursors",
}
# Who works on a job, and the secret half of an invitation. A foreign key holds the tenant to the session's.
UNTOLD = {
    "artifact_jobs": {
        "attempts",
        "failures",
        "progress_percent",
        "lease_token",
        "lease_expires_at",
        "input_hash",
        "error",
        "next_attempt_at",
        "updated_at",
    },
    "invitations": {"name", "token_hash"},
    "sessions": {"id"},
}
CHANGED = {
    sa.Boolean: "not {0}",
    sa.Integer: "coalesce({0}, 0) + 1",
    sa.DateTime: "coalesce({0}, now()) + interval '1 hour'",
    sa.Uuid: "gen_random_uuid()",
    JSONB: """'{{"changed": true}}'""",
    sa.Text: "coalesce({0}, '') || 'x'",
}
LONGER = {
    sa.Text: "coalesce({0}, '{{}}') || '{{x}}'",
    sa.Integer: "coalesce({0}, '{{}}') || '{{7}}'",
    sa.Uuid: "coalesce({0}, '{{}}') || array[gen_random_uuid()]",
}
COLUMNS = [
    column
    for name in sorted(PROJECTIONS)
    for column in metadata.tables[name].c
    if column.name != "tenant_id" and column.name not in UNTOLD.get(name, set())
]


def test_every_table_of_a_session_is_proved_or_told_apart() -> None:
    of_sessions = {name for name, table in metadata.tables.items() if "session_id" in table.c}
    assert of_sessions | {"sessions"} == PROJECTIONS | OTHERS


async def test_no_column_of_a_read_model_can_change_unnoticed(
    database: Database, school: School, settings: Settings
) -> None:
    parts = Parts(settings)
    parts.loops.clear()
    async with calling(create_app(parts=parts)), taken_back(database) as tx:
        await unbind(tx)
        session_id = await full.write(tx, parts.events, school)
        assert await verify(tx, session_id) == []
        missed = []
        for column in COLUMNS:
            await tx.execute(sa.text("savepoint truth"))
            await tx.execute(tampered(column))
            found = await verify(tx, session_id)
            await tx.execute(sa.text("rollback to savepoint truth"))
            keyed = column.primary_key or column.name in {"id", "session_id", "type", "kind"}
            if not any(keyed or column.name in line for line in found):
                missed.append(str(column))
    assert missed == []


class TakenBack(Exception):
    """Ends a transaction that is not to be kept."""


@asynccontextmanager
async def taken_back(database: Database) -> AsyncIterator[Transaction]:
    with suppress(TakenBack):
        async with database.system_transaction() as tx:
            yield tx
            raise TakenBack


async def unbind(tx: Transaction) -> None:
    """For this transaction the tables hold whatever is written: no check and no reference stands in the way."""
    for name in sorted(PROJECTIONS):
        rules = await tx.execute(
            sa.text(
                "select conname from pg_constraint where contype in ('c', 'f')"
                f" and conrelid = '{name}'::regclass"
            )
        )
        for rule in rules.scalars().all():
            await tx.execute(sa.text(f'alter table {name} drop constraint "{rule}"'))


def tampered(column: sa.Column[object]) -> sa.TextClause:
    """Changes this column in one row of its table."""
    name, table = column.name, column.table.name
    where = f"ctid = (select ctid from {table} order by ctid desc limit 1)"
    return sa.text(f'update {table} set "{name}" = {other(column)} where {where}')


def other(column: sa.Column[object]) -> str:
    """SQL for a value that this column does not have."""
    kind = column.type.item_type if isinstance(column.type, ARRAY) else column.type
    changes = LONGER if isinstance(column.type, ARRAY) else CHANGED
    found = next(change for type_, change in changes.items() if isinstance(kind, type_))
    return found.format(f'"{column.name}"')
