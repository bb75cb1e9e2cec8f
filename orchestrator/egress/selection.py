"""A session's destinations: choosing them, and the read model that says how each fares."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import insert

from orchestrator.core.database import Transaction, metadata, time_column, uuid_column
from orchestrator.destinations.presets import preset_of
from orchestrator.destinations.readiness import Outlook, notes
from orchestrator.destinations.tables import destinations
from orchestrator.egress.engine.protocols import NOTE, Engine, check, mixed
from orchestrator.platforms.tables import integrations
from orchestrator.sessions.tables import sessions
from orchestrator.state.egress import ON_AIR
from orchestrator.state.session import SessionState
from schema.destinations import DestinationSample, SessionDestination
from schema.errors import NotFound, NothingToRetry, SessionIsLive, SessionOver
from schema.events import (
    DestinationChanged,
    DestinationsSelected,
    Event,
    ProgrammeQualityChosen,
    StoredEvent,
)
from schema.platforms import PlatformHealth
from schema.quality import DEFAULT, QUALITIES, Quality

table = sa.Table(
    "session_destinations",
    metadata,
    uuid_column("tenant_id", nullable=False),
    uuid_column("session_id", primary_key=True),
    uuid_column("destination_id", primary_key=True),
    sa.Column("selected", sa.Boolean, nullable=False),
    sa.Column("status", sa.Text, nullable=False, server_default="idle"),
    sa.Column("attempt", sa.Integer, nullable=False, server_default="0"),
    time_column("next_attempt_at"),
    sa.Column("reason", sa.Text),
    time_column("changed_at"),
    sa.Column("lives", sa.Integer, nullable=False, server_default="0"),
    sa.ForeignKeyConstraint(["tenant_id", "session_id"], ["sessions.tenant_id", "sessions.id"]),
    sa.ForeignKeyConstraint(
        ["tenant_id", "destination_id"],
        ["multistream_destinations.tenant_id", "multistream_destinations.id"],
    ),
)


def select(state: SessionState, ids: list[UUID]) -> list[Event]:
    """Replaces the set; choosing a destination anew that was given up gives it another chance. Raises SessionOver."""
    if state.status in {"ended", "cancelled"}:
        raise SessionOver("This class is over.")
    again = [
        DestinationChanged(destination_id=name, status="idle")
        for name in ids
        if name in state.destinations and state.destinations[name].status == "failed"
    ]
    return [DestinationsSelected(destination_ids=list(dict.fromkeys(ids))), *again]


def retry(state: SessionState, destination: UUID) -> list[Event]:
    """A person does not wait for the next try: it starts anew, at once. Raises NotFound, SessionOver, NothingToRetry."""
    if state.status in {"ended", "cancelled"}:
        raise SessionOver("This class is over.")
    known = state.destinations.get(destination)
    if known is None or not known.selected:
        raise NotFound("This class does not stream to that destination.")
    if known.on_air:
        raise NothingToRetry("This destination is on air.")
    if known.status not in {"retrying", "failed"}:
        return []
    return [DestinationChanged(destination_id=destination, status="idle")]


def waits_for_programme(state: SessionState) -> bool:
    """A live class whose programme nobody makes at the moment."""
    return state.status == "live" and (state.egress is None or state.egress.ended)


Samples = Mapping[UUID, DestinationSample]
Said = Mapping[UUID, PlatformHealth]


def choose_quality(state: SessionState, quality: Quality, user_id: UUID) -> list[Event]:
    """Until the class begins: an encoder can't change under its viewers. Raises SessionIsLive, SessionOver."""
    if state.status in {"ended", "cancelled"}:
        raise SessionOver("This class is over.")
    if state.status == "live":
        raise SessionIsLive("The class has begun; its picture can't be changed any more.")
    if state.quality == quality:
        return []
    return [ProgrammeQualityChosen(quality=quality, chosen_by=user_id)]


async def chosen(
    tx: Transaction,
    tenant_id: UUID,
    session_id: UUID,
    measured: Samples,
    said: Said,
    quality: Quality = DEFAULT,
    engine: Engine = "lectern",
) -> list[SessionDestination]:
    """In the order in which the destinations were made; `measured` are the newest numbers of each, `said` its platform's word."""
    rows = await tx.execute(
        sa.select(
            table,
            destinations.c.name,
            destinations.c.type,
            destinations.c.preset,
            destinations.c.url,
            destinations.c.key_changed_at,
            integrations.c.status.label("account"),
            sessions.c.scheduled_start,
            sessions.c.scheduled_end,
            _elsewhere(session_id).label("elsewhere"),
        )
        .join(destinations, destinations.c.id == table.c.destination_id)
        .join(sessions, sessions.c.id == table.c.session_id)
        .outerjoin(integrations, integrations.c.id == destinations.c.integration_id)
        .where(table.c.tenant_id == tenant_id, table.c.session_id == session_id, table.c.selected)
        .order_by(destinations.c.created_at, destinations.c.id)
    )
    found = list(rows.mappings())
    unmixable = engine == "livekit" and mixed(row["url"] for row in found)
    return [_from_row(row, measured, said, quality, unmixable=unmixable) for row in found]


async def check_protocols(
    tx: Transaction, tenant_id: UUID, engine: Engine, ids: list[UUID]
) -> None:
    """Raises ProtocolsMixed."""
    rows = await tx.execute(
        sa.select(destinations.c.url).where(
            destinations.c.tenant_id == tenant_id, destinations.c.id.in_(ids)
        )
    )
    check(engine, rows.scalars())


async def ever_chosen(tx: Transaction, session_id: UUID) -> list[tuple[UUID, str, int]]:
    """Id, name and reconnects of each that is chosen or was on air."""
    rows = await tx.execute(
        sa.select(destinations.c.id, destinations.c.name, table.c.lives)
        .join_from(table, destinations, destinations.c.id == table.c.destination_id)
        .where(table.c.session_id == session_id, sa.or_(table.c.selected, table.c.lives > 0))
        .order_by(destinations.c.created_at, destinations.c.id)
    )
    return [(row.id, row.name, _reconnects(row.lives)) for row in rows]


async def ended_at(tx: Transaction, session_id: UUID) -> datetime | None:
    found: datetime | None = await tx.scalar(
        sa.select(sessions.c.ended_at).where(sessions.c.id == session_id)
    )
    return found


async def project(tx: Transaction, tenant_id: UUID, event: StoredEvent) -> None:
    match event.payload:
        case DestinationsSelected(destination_ids=ids):
            await _select(tx, tenant_id, event.session_id, ids)
        case DestinationChanged() as changed:
            await _change(tx, event.session_id, changed, event.created_at)
        case _:
            pass


async def _select(tx: Transaction, tenant_id: UUID, session_id: UUID, ids: list[UUID]) -> None:
    await tx.execute(
        sa.update(table)
        .where(table.c.session_id == session_id)
        .values(selected=table.c.destination_id.in_(ids))
    )
    if ids:
        rows = [
            {
                "tenant_id": tenant_id,
                "session_id": session_id,
                "destination_id": name,
                "selected": True,
            }
            for name in ids
        ]
        await tx.execute(insert(table).values(rows).on_conflict_do_nothing())


async def _change(
    tx: Transaction, session_id: UUID, changed: DestinationChanged, at: datetime
) -> None:
    began = changed.status in ON_AIR
    await tx.execute(
        sa.update(table)
        .where(table.c.session_id == session_id, table.c.destination_id == changed.destination_id)
        .values(
            status=changed.status,
            attempt=changed.attempt,
            next_attempt_at=changed.next_attempt_at,
            reason=changed.reason,
            changed_at=at,
            lives=table.c.lives + sa.case((table.c.status.in_(ON_AIR), 0), else_=int(began)),
        )
    )


def _from_row(
    row: Any, measured: Samples, said: Said, quality: Quality, *, unmixable: bool
) -> SessionDestination:
    on_air = row["status"] in ON_AIR
    return SessionDestination(
        destination_id=row["destination_id"],
        name=row["name"],
        type=row["type"],
        status=row["status"],
        attempt=row["attempt"],
        next_attempt_at=row["next_attempt_at"],
        reason=row["reason"],
        changed_at=row["changed_at"],
        reconnects=_reconnects(row["lives"]),
        stats=measured.get(row["destination_id"]) if on_air else None,
        platform=said.get(row["destination_id"]) if on_air else None,
        readiness=[*([NOTE] if unmixable else []), *notes(_outlook(row), QUALITIES[quality])],
    )


def _reconnects(lives: int) -> int:
    return max(0, lives - 1)


def _outlook(row: Any) -> Outlook:
    return Outlook(
        preset=preset_of(row["preset"]),
        url=row["url"],
        account=row["account"],
        key_changed_at=row["key_changed_at"],
        starts_at=row["scheduled_start"],
        ends_at=row["scheduled_end"],
        elsewhere=row["elsewhere"],
    )


def _elsewhere(session_id: UUID) -> sa.ScalarSelect[str]:
    """The title of another class that sends to the same destination now."""
    other, live = table.alias(), sessions.alias()
    return (
        sa.select(live.c.title)
        .join_from(other, live, live.c.id == other.c.session_id)
        .where(
            other.c.destination_id == destinations.c.id,
            other.c.selected,
            live.c.status == "live",
            live.c.id != session_id,
        )
        .limit(1)
        .scalar_subquery()
    )
