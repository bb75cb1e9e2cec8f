"""Every sealed column, and moving what an old key has sealed to the primary one."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

import msgspec
import sqlalchemy as sa

from orchestrator.core.crypto import HEADER_BYTES, VERSION, Keyring, Place, Undecryptable
from orchestrator.core.database import Database, Transaction
from orchestrator.destinations.tables import destinations, ingests
from orchestrator.outbound.tables import endpoints
from orchestrator.platforms.tables import integrations

# Each has `id` and `tenant_id`, to which its envelopes are bound.
SEALED: tuple[sa.Column[Any], ...] = (
    destinations.c.stream_key,
    ingests.c.stream_key,
    integrations.c.credentials,
    endpoints.c.secret,
    endpoints.c.old_secret,
)
# What is sealed in an event stays as it is, since the log is append-only; an envelope's first 6 bytes are 8 in base64.
IN_EVENTS = """
select count(*) from session_state_events where event_payload::text like '%"' || :head || '%'
"""
BATCH = 100

Progress = Callable[[str, int, int], None]


class Count(msgspec.Struct, frozen=True):
    """Envelopes under one key: in rows, and in events, which keep theirs for good."""

    key_id: str
    rows: int
    events: int


class Outcome(msgspec.Struct, frozen=True):
    """`unreadable` names the rows that no key given opens."""

    moved: int
    unreadable: list[str]


async def counts(tx: Transaction, keyring: Keyring) -> list[Count]:
    """By key, the primary first; keys that are needed and not given are there too."""
    rows: dict[bytes, int] = dict.fromkeys(keyring.key_ids, 0)
    for column in SEALED:
        under = sa.func.substr(column, len(VERSION) + 1, HEADER_BYTES - len(VERSION))
        found = await tx.execute(
            sa.select(under.label("under"), sa.func.count().label("number"))
            .where(sa.func.length(column) > 0)
            .group_by(under)
        )
        for row in found.all():
            rows[row.under] = rows.get(row.under, 0) + row.number
    heads = {name: keyring.text_head(name) for name in rows}
    return [
        Count(name.hex(), number, await tx.scalar(sa.text(IN_EVENTS), {"head": heads[name]}))
        for name, number in rows.items()
    ]


async def rewrap(database: Database, keyring: Keyring, progress: Progress) -> Outcome:
    """In batches that are committed one by one: begun again, it goes on where it was."""
    moved, unreadable = 0, []
    for column in SEALED:
        total = await _waiting(database, column, keyring)
        last, done = UUID(int=0), 0
        while True:
            async with database.system_transaction() as tx:
                rows = await _batch(tx, column, keyring, after=last)
                for row in rows:
                    lost = await _move(tx, column, keyring, row)
                    unreadable += [lost] if lost else []
                    moved += not lost
            if not rows:
                break
            last, done = rows[-1].id, done + len(rows)
            progress(str(column), done, total)
    return Outcome(moved, unreadable)


async def _waiting(database: Database, column: sa.Column[Any], keyring: Keyring) -> int:
    async with database.system_transaction() as tx:
        number: int = await tx.scalar(
            sa.select(sa.func.count()).select_from(column.table).where(_old(column, keyring))
        )
    return number


async def _batch(
    tx: Transaction, column: sa.Column[Any], keyring: Keyring, after: UUID
) -> list[Any]:
    table = column.table
    found = await tx.execute(
        sa.select(table.c.id, table.c.tenant_id, column.label("sealed"))
        .where(_old(column, keyring), table.c.id > after)
        .order_by(table.c.id)
        .limit(BATCH)
        .with_for_update()
    )
    return list(found.all())


async def _move(tx: Transaction, column: sa.Column[Any], keyring: Keyring, row: Any) -> str | None:
    """The row's name when no key opens it."""
    place = Place(str(column.table), column.name, row.tenant_id, row.id)
    try:
        secret = keyring.open(row.sealed, place)
    except Undecryptable:
        return f"{column} {row.id}"
    await tx.execute(
        sa.update(column.table)
        .where(column.table.c.id == row.id)
        .values({column.name: keyring.seal(secret, place)})
    )
    return None


def _old(column: sa.Column[Any], keyring: Keyring) -> sa.ColumnElement[bool]:
    head = sa.func.substr(column, 1, HEADER_BYTES)
    return sa.and_(sa.func.length(column) > 0, head != VERSION + keyring.key_ids[0])
