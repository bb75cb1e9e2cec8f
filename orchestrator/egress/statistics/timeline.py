"""Storing, reading and thinning the measurements of a session's destinations."""

from collections import defaultdict
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import insert

from orchestrator.core.database import Transaction
from orchestrator.egress.statistics.domain import WINDOW
from orchestrator.egress.statistics.tables import samples
from schema.destinations import DestinationSample, Trouble

# Two reports may be lost before a number counts as old.
FRESH = timedelta(seconds=7)
RECENT = timedelta(seconds=30)
# Reports stay as they are for two hours, longer than most classes, then become minutes; those stay for a term.
FINE_FOR = timedelta(hours=2)
KEPT_FOR = timedelta(days=90)

BY_MINUTE = """date_trunc('minute', at) + interval '1 minute' - interval '1 microsecond' as at, 60 as span_s,
      cast(sum(bitrate_bps * span_s) / sum(span_s) as bigint) as bitrate_bps, sum(fps * span_s) / sum(span_s) as fps,
      sum(dropped_frames) as dropped_frames, max(queued_bytes) as queued_bytes,
      mode() within group (order by trouble) as trouble"""
ROLL_UP = sa.text(
    f"""
    with old as (
      delete from destination_samples where span_s < 60 and at < date_trunc('minute', cast(:before as timestamptz))
      returning *
    )
    insert into destination_samples (tenant_id, session_id, destination_id, at, span_s, bitrate_bps, fps,
      dropped_frames, queued_bytes, trouble)
    select tenant_id, session_id, destination_id, {BY_MINUTE}
    from old group by tenant_id, session_id, destination_id, date_trunc('minute', at)
    on conflict do nothing
    """  # noqa: S608 a constant
)
ROLLED_UP = sa.text(
    f"""
    select destination_id, {BY_MINUTE} from destination_samples
    where session_id = :session_id and at > :after group by destination_id, date_trunc('minute', at) order by at
    """  # noqa: S608 a constant
)


async def keep(tx: Transaction, rows: Sequence[dict[str, Any]]) -> int:
    """How many were new: a report that comes twice changes nothing."""
    if not rows:
        return 0
    done = await tx.execute(insert(samples).values(rows).on_conflict_do_nothing())
    return int(done.rowcount)


async def troubles(
    tx: Transaction, session_id: UUID, now: datetime
) -> dict[UUID, list[Trouble | None]]:
    """Of each destination's newest reports, oldest first."""
    rows = await tx.execute(
        sa.select(samples.c.destination_id, samples.c.trouble)
        .where(samples.c.session_id == session_id, samples.c.at > now - RECENT)
        .order_by(samples.c.at)
    )
    found: defaultdict[UUID, list[Trouble | None]] = defaultdict(list)
    for row in rows:
        found[row.destination_id].append(row.trouble)
    return {name: words[-WINDOW:] for name, words in found.items()}


async def newest(tx: Transaction, session_id: UUID, now: datetime) -> dict[UUID, DestinationSample]:
    """Of each destination that was measured a moment ago."""
    rows = await tx.execute(
        sa.select(samples)
        .where(samples.c.session_id == session_id, samples.c.at > now - FRESH)
        .order_by(samples.c.at)
    )
    return {row["destination_id"]: from_row(row) for row in rows.mappings()}


async def since(
    tx: Transaction, session_id: UUID, after: datetime, limit: int
) -> dict[UUID, list[DestinationSample]]:
    """The samples later than `after`, oldest first, by destination; by the minute where there are more than `limit`."""
    fine = (
        sa.select(samples)
        .where(samples.c.session_id == session_id, samples.c.at > after)
        .order_by(samples.c.at)
        .limit(limit + 1)
    )
    rows = (await tx.execute(fine)).mappings().all()
    if len(rows) > limit:
        about = {"session_id": session_id, "after": after}
        rows = (await tx.execute(ROLLED_UP, about)).mappings().all()
    found: defaultdict[UUID, list[DestinationSample]] = defaultdict(list)
    for row in rows:
        found[row["destination_id"]].append(from_row(row))
    return dict(found)


async def thin(tx: Transaction, now: datetime) -> None:
    """Turns what is old into minutes and forgets what is very old."""
    await tx.execute(ROLL_UP, {"before": now - FINE_FOR})
    await tx.execute(sa.delete(samples).where(samples.c.at < now - KEPT_FOR))


def from_row(row: Any) -> DestinationSample:
    return DestinationSample(**{name: row[name] for name in DestinationSample.__struct_fields__})
