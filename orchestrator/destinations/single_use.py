"""Keys that work for one broadcast belong to one session."""

from collections.abc import Sequence
from uuid import UUID

import sqlalchemy as sa

from orchestrator.core.database import Transaction
from orchestrator.destinations.presets import PRESETS
from orchestrator.destinations.service import one_at_a_time
from orchestrator.destinations.tables import destinations
from schema.errors import KeyTaken

# Two tables of other features, as far as this one needs them: who holds a destination.
held = sa.table(
    "session_destinations",
    sa.column("session_id"),
    sa.column("destination_id"),
    sa.column("selected"),
    sa.column("lives"),
    sa.column("changed_at"),
)
sessions = sa.table("sessions", sa.column("id"), sa.column("title"), sa.column("status"))

SINGLE_USE = tuple(preset.id for preset in PRESETS if preset.one_time_key)


async def refuse_taken(
    tx: Transaction, tenant_id: UUID, session_id: UUID, ids: Sequence[UUID]
) -> None:
    """Raises KeyTaken for a key that another session has chosen or used up."""
    await one_at_a_time(tx, tenant_id)
    chosen = sa.and_(held.c.selected, sessions.c.status.in_(("scheduled", "live")))
    used = sa.and_(held.c.lives > 0, held.c.changed_at > destinations.c.key_changed_at)
    rows = await tx.execute(
        sa.select(
            destinations.c.id.label("destination"),
            destinations.c.name,
            sessions.c.id.label("holder"),
            sessions.c.title,
        )
        .join_from(destinations, held, held.c.destination_id == destinations.c.id)
        .join(sessions, sessions.c.id == held.c.session_id)
        .where(
            destinations.c.tenant_id == tenant_id,
            destinations.c.id.in_(ids),
            destinations.c.preset.in_(SINGLE_USE),
            # An account's platform gives each class a key of its own.
            destinations.c.integration_id.is_(None),
            sessions.c.id != session_id,
            sa.or_(chosen, used),
        )
        .limit(1)
    )
    taken = rows.mappings().first()
    if taken is not None:
        raise KeyTaken(
            f"The key of {taken['name']} works once, and “{taken['title']}” has it; enter a new key, or take it off there.",
            {"destinationId": str(taken["destination"]), "sessionId": str(taken["holder"])},
        )
