"""What to do about one destination, given what the log says and what LiveKit says; pure.

idle -> connecting -> live <-> degraded -> retrying(n, next_at) -> failed(reason) | ended. What makes it `degraded` is
measured (statistics/domain.py); the rest is decided here.
"""

from datetime import datetime, timedelta
from uuid import UUID

import msgspec

from orchestrator.egress.facts import EgressFact, StreamFact, moment
from orchestrator.state.egress import LOSSES_WITHIN, DestinationState
from schema.destinations import DestinationStatus
from schema.events import DestinationChanged

# OBS's reconnect policy (2 s x 1.5, +-5 %), with a cap; a link that held for a minute starts from the beginning.
FIRST_DELAY_S = 2.0
FACTOR = 1.5
JITTER = 0.05
CAP_S = 60.0
HEALTHY_S = 60.0
# OBS gives up after 20 tries too; with the cap that is a quarter of an hour, longer than a platform restarts.
MAX_FAILURES = 20
# A server that answered and never took this stream does not know the key or the application; a few tries, since platforms
# take a moment to know a new key.
REJECTED = "rejected"
# One whose certificate is wrong will hardly have another in a minute.
UNTRUSTED = "untrusted"
MAX_REJECTIONS = 5
# A platform makes a video of each connection. So many within an hour are made up for at once; after that it is let be for
# a while each time, so that a flapping link leaves a dozen videos an hour and not hundreds.
FREE_LOSSES = 6
SPACING_S = 600.0
# An order that LiveKit has taken shows in its list within this time; after it, the order is given again.
ORDER_SHOWS = timedelta(seconds=20)
CLOCK_SKEW = timedelta(seconds=1.5)
# LiveKit's own egress calls a stream started before the server has said whether it takes it; one that does not hangs up
# within this time.
SETTLES_S = 2.0

OPEN: frozenset[DestinationStatus] = frozenset({"connecting", "live", "degraded", "retrying"})


class Step(msgspec.Struct, frozen=True):
    """`change` is what the log should say from now on; `order` asks LiveKit; look again at `wake_at`."""

    change: DestinationChanged | None = None
    order: bool = False
    wake_at: datetime | None = None


class Situation(msgspec.Struct, frozen=True):
    """`jitter` is in [-1, 1]; `asked_at` is when this destination was last ordered from the egress, if known."""

    now: datetime
    jitter: float = 0.0
    asked_at: datetime | None = None


def delay(failures: int, jitter: float) -> timedelta:
    """The wait after the n-th consecutive failure (n from 1)."""
    grown = FIRST_DELAY_S * FACTOR ** (min(failures, 20) - 1)
    return timedelta(seconds=min(CAP_S, grown) * (1 + JITTER * jitter))


def follow(
    destination: UUID, known: DestinationState, fact: StreamFact | None, at: Situation
) -> Step:
    """A wanted destination of a running egress. While it is retried it keeps saying so, until it is live."""
    if known.status == "failed":
        return Step()
    if fact is not None and fact.status == "active":
        return _active(destination, known, fact, at)
    if fact is not None and _is_news(known, fact, at):
        return Step(_ended(destination, known, fact, at))
    return _order(destination, known, at)


def failure(
    destination: UUID, known: DestinationState, failures: int, reason: str, at: Situation
) -> DestinationChanged:
    """The change after the n-th consecutive failure: try again later, or give up."""
    if failures >= (MAX_REJECTIONS if _permanent(known, reason) else MAX_FAILURES):
        return DestinationChanged(
            destination_id=destination,
            status="failed",
            attempt=failures,
            reason=f"{reason} (gave up after {failures} tries)",
        )
    return DestinationChanged(
        destination_id=destination,
        status="retrying",
        attempt=failures,
        next_attempt_at=at.now + pause(known, failures, at),
        reason=reason,
    )


def pause(known: DestinationState, failures: int, at: Situation) -> timedelta:
    """The wait before the next try; a longer one where too many videos would be made of this class."""
    recent = [loss for loss in known.losses if loss > at.now - LOSSES_WITHIN]
    spent = known.on_air and len(recent) >= FREE_LOSSES
    spacing = timedelta(seconds=SPACING_S * (1 + JITTER * at.jitter)) if spent else timedelta()
    return max(delay(failures, at.jitter), spacing)


def _permanent(known: DestinationState, reason: str) -> bool:
    return reason.startswith((REJECTED, UNTRUSTED)) and not known.lives


def _ended(
    destination: UUID, known: DestinationState, fact: StreamFact, at: Situation
) -> DestinationChanged:
    failures = 1 if fact.healthy_s >= HEALTHY_S else known.attempt + 1
    reason = fact.error or "The connection was closed."
    if fact.tentative and 0 < fact.healthy_s < SETTLES_S:
        reason = f"{REJECTED}: {reason}"
    return failure(destination, known, failures, reason, at)


def leave(
    destination: UUID, known: DestinationState, url: str | None, egress: EgressFact | None
) -> Step:
    """A destination that was deselected: `order` then means to take it off the egress."""
    fact = egress.stream(url) if egress and url else None
    change = close(destination, known) if known.status in OPEN else None
    return Step(change, order=fact is not None and fact.status == "active")


def close(destination: UUID, known: DestinationState) -> DestinationChanged:
    return DestinationChanged(
        destination_id=destination, status="ended", attempt=known.attempt, reason=known.reason
    )


def connecting(destination: UUID, known: DestinationState) -> DestinationChanged | None:
    """None when the log says so already, or that it is being tried again."""
    if known.status in {"connecting", "retrying"}:
        return None
    return DestinationChanged(destination_id=destination, status="connecting")


def due(known: DestinationState, now: datetime) -> bool:
    """Whether a destination may be ordered now."""
    if known.status == "failed":
        return False
    waits = known.status == "retrying" and known.next_attempt_at is not None
    return not waits or bool(known.next_attempt_at and known.next_attempt_at <= now)


def _active(destination: UUID, known: DestinationState, fact: StreamFact, at: Situation) -> Step:
    if not fact.started_at_ns:
        return Step(connecting(destination, known))
    if known.on_air:
        return Step()
    settled_at = moment(fact.started_at_ns) + timedelta(seconds=SETTLES_S)
    if fact.tentative and at.now < settled_at:
        return Step(connecting(destination, known), wake_at=settled_at)
    return Step(
        DestinationChanged(destination_id=destination, status="live", attempt=known.attempt)
    )


def _is_news(known: DestinationState, ended: StreamFact, at: Situation) -> bool:
    """Whether this end came after the last order, and is not the one that the log tells of already."""
    if known.on_air:
        return True
    asked_at = _asked_this_time(known, at)
    if asked_at is None:
        return known.status == "connecting" and at.asked_at is None
    return moment(ended.ended_at_ns) > asked_at - CLOCK_SKEW


def _order(destination: UUID, known: DestinationState, at: Situation) -> Step:
    if not due(known, at.now):
        return Step(wake_at=known.next_attempt_at)
    asked_at = _asked_this_time(known, at) or _said_to_be_asked(known)
    shows_by = asked_at + ORDER_SHOWS if asked_at else at.now
    if at.now < shows_by:
        return Step(wake_at=shows_by)
    return Step(connecting(destination, known), order=True)


def _said_to_be_asked(known: DestinationState) -> datetime | None:
    """Another replica's order, by the log. LiveKit's own egress lists nothing while a stream connects, and takes a second
    order for a second stream to the same place."""
    return known.changed_at if known.status == "connecting" else None


def _asked_this_time(known: DestinationState, at: Situation) -> datetime | None:
    """When the try under way was ordered; None when it was not yet, or by another replica."""
    if known.status not in {"connecting", "retrying"} or at.asked_at is None:
        return None
    if known.next_attempt_at is not None and at.asked_at < known.next_attempt_at:
        return None
    return at.asked_at
