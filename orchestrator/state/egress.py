"""Where the programme goes, and the egress that carries it."""

from datetime import datetime, timedelta
from uuid import UUID

import msgspec
from msgspec.structs import replace

from schema import events as e
from schema.destinations import DestinationStatus
from schema.quality import Quality

ON_AIR: frozenset[DestinationStatus] = frozenset({"live", "degraded"})
LOSSES_WITHIN = timedelta(hours=1)
LOSSES_KEPT = 16


class DestinationState(msgspec.Struct, frozen=True):
    """`changes` counts its `destination.changed` events; the next one takes its key from it.

    `lives` counts how often it went on air, `losses` says when it fell off within the last hour.
    """

    status: DestinationStatus = "idle"
    selected: bool = True
    attempt: int = 0
    next_attempt_at: datetime | None = None
    reason: str | None = None
    changes: int = 0
    changed_at: datetime | None = None
    lives: int = 0
    losses: tuple[datetime, ...] = ()

    @property
    def on_air(self) -> bool:
        return self.status in ON_AIR


class EgressState(msgspec.Struct, frozen=True):
    id: str
    attempt: int
    ended: bool = False


Destinations = dict[UUID, DestinationState]


def evolve_destinations(known: Destinations, event: e.StoredEvent) -> Destinations:
    match event.payload:
        case e.DestinationsSelected(destination_ids=ids):
            return _selected(known, ids)
        case e.DestinationChanged(destination_id=key) as changed if key in known:
            return {**known, key: _changed(known[key], changed, event.created_at)}
        case _:
            return known


def evolve_quality(quality: Quality, event: e.StoredEvent) -> Quality:
    match event.payload:
        case e.ProgrammeQualityChosen(quality=chosen):
            return chosen
        case _:
            return quality


def evolve_egress(egress: EgressState | None, event: e.StoredEvent) -> EgressState | None:
    match event.payload:
        case e.EgressStarted(egress_id=egress_id, attempt=attempt):
            return EgressState(egress_id, attempt)
        case e.EgressEnded(egress_id=egress_id) if egress and egress.id == egress_id:
            return replace(egress, ended=True)
        case _:
            return egress


def _selected(known: Destinations, ids: list[UUID]) -> Destinations:
    kept = {key: replace(dest, selected=key in ids) for key, dest in known.items()}
    return kept | {key: DestinationState() for key in ids if key not in kept}


def _changed(
    known: DestinationState, changed: e.DestinationChanged, at: datetime
) -> DestinationState:
    now_on_air = changed.status in ON_AIR
    lost = known.on_air and changed.status in {"connecting", "retrying"}
    losses = [loss for loss in known.losses if loss > at - LOSSES_WITHIN] + [at] * lost
    return replace(
        known,
        status=changed.status,
        attempt=changed.attempt,
        next_attempt_at=changed.next_attempt_at,
        reason=changed.reason,
        changes=known.changes + 1,
        changed_at=at,
        lives=known.lives + (now_on_air and not known.on_air),
        losses=tuple(losses[-LOSSES_KEPT:]),
    )
